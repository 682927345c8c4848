"""What staff write to each other about a nominee: who is told, who may change it, where it goes, who never reads it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEntry, verify
from portal.core.clock import now, pretend
from portal.core.db import Base, db, transaction
from portal.nominations.models import FileNote, NomineeFile, NoteMention
from portal.nominations.rules.notes import called
from portal.programs.models import Cycle
from tests.cast import Cast, text_of
from tests.core.test_races import at_once, poster
from tests.nominations.consenting import add_file, ask, look, path_of
from tests.nominations.test_files_together import shown_on
from tests.nominations.walking import STEPS, nominate
from tests.statements import statements


def write(cast: Cast, file: str, text: str, who: str = "sam", **more: Any) -> str:
    """Writes a note as somebody; its public id."""
    answer = cast.browser(who).post(f"/files/{file}/notes", {"text": text, **more})
    assert answer.status_code == 303, text_of(answer)
    return str(answer.location.rpartition("note-")[2])


def page(cast: Cast, file: str, who: str = "sam") -> str:
    return text_of(cast.browser(who).get(f"/files/{file}"))


def texts(cast: Cast, file: str) -> list[str]:
    """The notes of a file in the database, oldest first."""
    with cast.app.app_context():
        query = select(FileNote.text).where(FileNote.file.has(public_id=file)).order_by(FileNote.id)
        return list(db.session.scalars(query))


def opened(cast: Cast, note: str) -> dict[str, bool]:
    """Whom a note tells, and whether they have opened it."""
    with cast.app.app_context():
        names = {number: name for name, number in cast.people.items()}
        query = select(NoteMention).join(FileNote, FileNote.id == NoteMention.note_id)
        found = db.session.scalars(query.where(FileNote.public_id == note))
        return {names[each.person_id]: each.seen_at is not None for each in found}


def person_id(cast: Cast, name: str) -> str:
    cast.person(name)
    from portal.accounts.models import Person

    with cast.app.app_context():
        return str(db.session.get_one(Person, cast.people[name]).public_id)


def record(cast: Cast) -> list[str]:
    with cast.app.app_context():
        assert verify()[1] == []
        verbs = db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id))
        return [verb for verb in verbs if verb.startswith("note.")]


TOLD = "One note of a colleague is for you"


@pytest.mark.parametrize("how", ["ticked", "called"])
def test_a_note_stands_on_a_colleagues_desk_until_it_is_opened_there_and_is_answered(cast: Cast, how: str) -> None:
    file = add_file(cast)
    sofia = person_id(cast, "sofia")
    given = {"tell": sofia} if how == "ticked" else {}
    note = write(cast, file, "The office\nsays Monday." + (" @sofia" if how == "called" else ""), **given)
    assert TOLD in text_of(cast.browser("sofia").get("/desk"))
    assert TOLD not in text_of(cast.browser("sam").get("/desk"))
    seen = page(cast, file, "sofia")
    assert "Done: take it off my desk" in seen
    assert "one note for you" in seen
    assert "The office\nsays Monday." in cast.browser("sofia").get(f"/files/{file}").get_data(as_text=True)
    listed = cast.browser("sofia").get(f"/cycles/{cast.cycle}/notes")
    assert "For you Open it" in text_of(listed)
    assert opened(cast, note) == {"sofia": False}, "looking is not opening"
    answer = cast.browser("sofia").post(f"/files/{file}/notes/opened")
    assert answer.location == f"/files/{file}#note-{note}"
    assert opened(cast, note) == {"sofia": True}
    assert TOLD not in text_of(cast.browser("sofia").get("/desk"))
    assert "Sofia Example has opened it" in page(cast, file)
    form = cast.browser("sofia").get(f"/files/{file}?answer={note}").get_data(as_text=True)
    assert re.search(rf'value="{person_id(cast, "sam")}" checked', form)
    write(cast, file, "Then on Monday.", "sofia", tell=person_id(cast, "sam"), answers=note)
    assert TOLD in text_of(cast.browser("sam").get("/desk"))
    assert record(cast) == ["note.written", "note.opened", "note.written"]
    assert cast.browser("sofia").post(f"/files/{file}/notes/opened").location == f"/files/{file}#notes"
    assert len(record(cast)) == 3


def test_an_answer_takes_the_note_off_the_desk(cast: Cast) -> None:
    file = add_file(cast)
    cast.person("sofia")
    note = write(cast, file, "@Sofia?")
    write(cast, file, "Yes.", "sofia", answers=note)
    assert opened(cast, note) == {"sofia": True}


def test_who_is_no_staff_is_not_told_and_the_writer_learns_it(cast: Cast) -> None:
    file = add_file(cast)
    for name in ("sofia", "chen", "ada"):
        cast.person(name)
    sam = cast.browser("sam")
    given = {"text": "@Chen @Sam @nobody", "tell": [person_id(cast, "ada"), "nonsense"]}
    answer = sam.post(f"/files/{file}/notes", given, follow=True)
    assert "Nobody was told by @Chen, @nobody." in text_of(answer)
    assert "@Sam." not in text_of(answer)
    with cast.app.app_context():
        assert list(db.session.scalars(select(NoteMention))) == []


@pytest.mark.parametrize(
    ("text", "people", "unknown"),
    [
        ("nothing", set(), ()),
        ("@Renée Dubois please", {1}, ()),
        ("@renee could you", {1}, ()),
        ("ask (@DUBOIS).", {1}, ()),
        ("@Ana", set(), ("Ana",)),
        ("@Ana Ruiz and @Ana Lee", {2, 3}, ()),
        ("@Ruiz, @Lee", {2, 3}, ()),
        ("@Sam O'Brien's", {4}, ()),
        ("@Sam O’Brien", {4}, ()),
        ("@Sam", {4}, ()),
        ("sam@example.org or a.b+c@example.org", set(), ()),
        ("@ sam, @@sam", set(), ()),
        ("@Nobody twice @Nobody", set(), ("Nobody",)),
        ("@Renée\n@Ruiz", {1, 2}, ()),
        ("", set(), ()),
    ],
)
def test_whom_a_text_calls(text: str, people: set[int], unknown: tuple[str, ...]) -> None:
    from types import SimpleNamespace

    names = ("Dr. Renée Dubois", "Ana Ruiz", "Ana Lee", "Sam O’Brien")
    staff = [SimpleNamespace(id=number, name=name) for number, name in enumerate(names, 1)]
    assert called(text, staff) == (people, unknown)


def test_only_its_writer_changes_or_deletes_a_note(cast: Cast) -> None:
    file = add_file(cast)
    cast.person("sofia")
    note = write(cast, file, "Canarynote. @Sofia")
    assert "Change" not in page(cast, file, "sofia").partition("Notes of the staff")[2].partition("Write a note")[0]
    for url in ("", "/delete"):
        assert cast.browser("sofia").post(f"/notes/{note}{url}", {"text": "Mine."}).status_code == 403
    sam = cast.browser("sam")
    form = sam.get(f"/notes/{note}").get_data(as_text=True)
    assert "Canarynote." in form
    assert re.search(rf'value="{person_id(cast, "sofia")}" checked', form)
    data = {"text": "Another word.", "shown": shown_on(form)}
    assert sam.post(f"/notes/{note}", data).location == f"/files/{file}#note-{note}"
    assert "changed " in page(cast, file)
    assert opened(cast, note) == {}, "neither ticked nor called any more"
    again = shown_on(sam.get(f"/notes/{note}").get_data(as_text=True))
    assert sam.post(f"/notes/{note}/delete", {"shown": again}).location == f"/files/{file}#notes"
    assert sam.get(f"/notes/{note}").status_code == 404
    assert record(cast) == ["note.written", "note.edited", "note.deleted"]
    assert "A note was deleted." in page(cast, file)
    with cast.app.app_context():
        rows = [repr(row) for table in Base.metadata.sorted_tables for row in db.session.execute(table.select())]
    assert not [row for row in rows if "Canarynote" in row or "Another word" in row]


def test_a_change_keeps_who_has_opened_it(cast: Cast) -> None:
    file = add_file(cast)
    cast.person("sofia")
    cast.grant("olivia", "organizer")
    note = write(cast, file, "@Sofia look")
    cast.browser("sofia").post(f"/files/{file}/notes/opened")
    cast.browser("sam").post(f"/notes/{note}", {"text": "@Sofia and @Olivia look"})
    assert opened(cast, note) == {"sofia": True, "olivia": False}


def test_what_was_changed_in_another_window_is_not_overwritten_or_deleted_unseen(cast: Cast) -> None:
    file = add_file(cast)
    note = write(cast, file, "First.")
    sam = cast.browser("sam")
    url, mark = f"/notes/{note}", shown_on(sam.get(f"/notes/{note}").get_data(as_text=True))
    assert sam.post(url, {"text": "Second.", "shown": mark}).status_code == 303
    late = sam.post(url, {"text": "Third.", "shown": mark})
    assert late.status_code == 409
    assert "You have changed this note in another window." in text_of(late)
    assert "Second." in text_of(late)
    assert ">Third.</textarea>" in late.get_data(as_text=True).replace("\r\n", "")
    assert sam.post(f"{url}/delete", {"shown": mark}).status_code == 409
    assert texts(cast, file) == ["Second."]
    assert sam.post(url, {"text": "Third.", "shown": shown_on(late.get_data(as_text=True))}).status_code == 303
    assert texts(cast, file) == ["Third."]


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 4001])
def test_a_note_that_cannot_be_kept_comes_back_with_what_was_typed(cast: Cast, text: str) -> None:
    file = add_file(cast)
    sofia = person_id(cast, "sofia")
    answer = cast.browser("sam").post(f"/files/{file}/notes", {"text": text, "tell": sofia})
    assert answer.status_code == 422
    body = answer.get_data(as_text=True)
    assert 'id="errsum"' in body
    assert re.search(rf'value="{sofia}" checked', body)
    assert text.strip()[:50] in body
    assert texts(cast, file) == []


# Where notes go ------------------------------------------------------------------------------------------------------


def test_notes_move_with_a_joined_file_and_back(cast: Cast) -> None:
    kept, gone = add_file(cast), add_file(cast, "Tarik Bello", email="")
    write(cast, gone, "Of the other file.")
    sam = cast.browser("sam")
    assert sam.post(f"/files/{kept}/join/{gone}").status_code == 303
    assert texts(cast, kept) == ["Of the other file."]
    landed = sam.post(f"/files/{gone}/notes", {"text": "Typed on the old page."})
    assert landed.location.startswith(f"/files/{kept}#note-")
    assert sam.post(f"/files/{gone}/apart").status_code == 303
    assert (texts(cast, kept), texts(cast, gone)) == (["Typed on the old page."], ["Of the other file."])


@pytest.mark.parametrize("there", ["nobody", "a file"])
def test_a_nominator_who_meant_somebody_else_leaves_the_notes_where_they_can_be_read(cast: Cast, there: str) -> None:
    if there == "a file":
        nominate(cast, educator={"educator": "Ben Other"}, name={"email": "vera@example.org"})
    walker = nominate(cast)
    with cast.app.app_context():
        left = db.session.get_one(NomineeFile, walker.row().file_id).public_id
    note = write(cast, left, "The principal called about this one.", tell=person_id(cast, "sofia"))
    assert walker.post("educator", {**STEPS["educator"], "educator": "Ben Other"}).status_code == 303
    walker.send()
    assert walker.row().file.name == "Ben Other"
    sofia = cast.browser("sofia")
    assert TOLD in text_of(sofia.get("/desk"))
    seen = page(cast, left, "sofia")
    assert "Marisol Rivera" in seen
    assert "The principal called about this one." in seen
    assert sofia.post(f"/files/{left}/notes/opened").status_code == 303
    assert opened(cast, note) == {"sofia": True}
    assert TOLD not in text_of(sofia.get("/desk"))


def test_an_erasure_reaches_notes(cast: Cast) -> None:
    file, other = add_file(cast, "Canary Rivera"), add_file(cast, "Canary Riveira", email="")
    cast.person("sofia")
    link = path_of(ask(cast, file))
    write(cast, file, "Canarynote one @Sofia")
    write(cast, other, "Canarynote two @Sofia")
    assert cast.browser("sam").post(f"/files/{file}/join/{other}").status_code == 303
    assert cast.browser().post(f"{link}/erase").status_code == 303
    with cast.app.app_context():
        assert list(db.session.scalars(select(FileNote))) == list(db.session.scalars(select(NoteMention))) == []
        rows = [repr(row) for table in Base.metadata.sorted_tables for row in db.session.execute(table.select())]
    assert not [row for row in rows if "Canarynote" in row]
    refused = cast.browser("sam").post(f"/files/{file}/notes", {"text": "Still here?"})
    assert (refused.status_code, "is erased" in text_of(refused)) == (403, True)
    assert TOLD not in text_of(cast.browser("sofia").get("/desk"))
    assert "Write a note" not in page(cast, file)


@pytest.mark.parametrize("round_", range(3))
def test_a_note_written_while_its_file_is_joined_is_not_left_behind(cast: Cast, round_: int) -> None:
    kept, gone = add_file(cast), add_file(cast, "Tarik Bello", email="")
    sam, sofia = cast.browser("sam"), cast.browser("sofia")
    calls = [
        poster(sam, f"/files/{kept}/join/{gone}"),
        poster(sofia, f"/files/{gone}/notes", {"text": f"At once {round_}"}),
    ]
    assert [answer.status_code for answer in at_once(calls)] == [303, 303]
    assert (texts(cast, kept), texts(cast, gone)) == ([f"At once {round_}"], [])


@pytest.mark.parametrize("round_", range(3))
def test_a_note_written_while_the_nominee_is_erased_is_gone_too(cast: Cast, round_: int) -> None:
    file = add_file(cast)
    link = path_of(ask(cast, file))
    sam = cast.browser("sam")
    calls = [
        poster(cast.browser(), f"{link}/erase"),
        poster(sam, f"/files/{file}/notes", {"text": f"At once {round_}"}),
    ]
    erased, wrote = at_once(calls)
    assert erased.status_code == 303
    assert wrote.status_code in (303, 403)
    assert texts(cast, file) == []
    assert look(cast, file).consent == "erased"


def test_the_list_of_files_tells_how_many_notes_there_are(cast: Cast) -> None:
    file = add_file(cast)
    write(cast, file, "One.")
    write(cast, file, "Two.")
    sam = cast.browser("sam")
    url = f"/cycles/{cast.cycle}/files"
    with statements(cast.app) as usual:
        sam.get(url)
    with statements(cast.app) as seen:
        listed = sam.get(f"{url}?cols=name,notes")
    assert "Tariq Bello 2" in text_of(listed)
    assert len(seen) == len(usual)


def test_a_note_sent_twice_at_once_is_there_once(cast: Cast) -> None:
    file = add_file(cast)
    person_id(cast, "sofia")
    browsers = [cast.browser("sam") for _window in range(5)]
    note = {"text": "@Sofia could you call the school?"}
    answers = at_once([poster(browser, f"/files/{file}/notes", note) for browser in browsers])
    assert {answer.location for answer in answers} == {answers[0].location}
    assert texts(cast, file) == [note["text"]]
    assert (record(cast), opened(cast, answers[0].location.rpartition("note-")[2])) == (
        ["note.written"], {"sofia": False},
    )  # fmt: skip
    write(cast, file, "Called.")
    also = write(cast, file, "Called.", tell=person_id(cast, "sofia"))
    assert (texts(cast, file), opened(cast, also)) == ([note["text"], "Called."], {"sofia": False})
    assert record(cast) == ["note.written", "note.written", "note.edited"]
    write(cast, file, note["text"], "sofia")
    with pretend(now() + timedelta(minutes=2)):
        write(cast, file, note["text"])
    assert len(texts(cast, file)) == 4


# What it costs, and who never learns of it ----------------------------------------------------------------------------


def test_it_asks_alike_with_1_and_40_notes(cast: Cast) -> None:
    file = add_file(cast)
    sofia = person_id(cast, "sofia")
    sam = cast.browser("sam")
    costs: list[list[int]] = []
    for many in (1, 40):
        with cast.app.app_context(), transaction() as s:
            have = len(s.scalars(select(FileNote.id)).all())
            for at in range(many - have):
                note = FileNote(program_id=cast.program_id, file_id=look(cast, file).id, by_id=cast.people["sam"],
                                text=f"Note {at}")  # fmt: skip
                s.add(note)
                s.flush()
                s.add(NoteMention(note_id=note.id, person_id=cast.people["sofia"]))
        seen_of = []
        for who, url in (("sam", f"/files/{file}"), ("sofia", f"/cycles/{cast.cycle}/notes"), ("sofia", "/desk"),
                         ("sam", f"/notes/{_newest(cast)}")):  # fmt: skip
            browser = cast.browser(who)
            browser.get(url)
            with statements(cast.app) as seen:
                assert browser.get(url).status_code == 200
            seen_of.append(len(seen))
        costs.append(seen_of)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 6
    write(cast, file, "The record has begun.")
    answered = {"csrf_token": sam.token(), "text": "@Sofia", "answers": "x"}
    changed = {**answered, "text": "Changed", "tell": sofia}
    for url, data in ((f"/files/{file}/notes", answered), (f"/notes/{_newest(cast)}", changed)):
        with statements(cast.app) as seen:
            assert sam.client.post(url, data=data).status_code == 303
        assert len(seen) <= 10, "\n".join(seen)


def _newest(cast: Cast) -> str:
    with cast.app.app_context():
        return str(db.session.scalars(select(FileNote.public_id).order_by(FileNote.id.desc())).first())


def test_the_earlier_of_many_notes_are_folded_and_all_are_there(cast: Cast) -> None:
    file = add_file(cast)
    for at in range(12):
        write(cast, file, f"Note number {at}.")
    body = page(cast, file)
    assert "2 earlier notes" in body
    assert all(f"Note number {at}." in body for at in range(12))
    listed = text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/notes?show=all"))
    assert listed.index("Note number 11.") < listed.index("Note number 0.")
    assert "No note is for you" in text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/notes"))


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 403), ("priya", 404), ("chen", 404), ("wanda", 404), ("vera", 404), (None, 303)]
)
def test_only_organizers_write_and_open(cast: Cast, who: str | None, status: int) -> None:
    file = add_file(cast)
    note = write(cast, file, "Ours.")
    urls = [f"/files/{file}/notes", f"/files/{file}/notes/opened", f"/notes/{note}", f"/notes/{note}/delete"]
    assert {cast.browser(who).post(url, {"text": "Theirs."}).status_code for url in urls} == {status}
    assert texts(cast, file) == ["Ours."]
    assert cast.browser(who).get(f"/cycles/{cast.cycle}/notes").status_code == status


def test_a_note_on_another_year_stands_on_that_years_page(cast: Cast) -> None:
    file = add_file(cast)
    cast.person("sofia")
    write(cast, file, "@Sofia")
    with cast.app.app_context(), transaction() as s:
        first = s.get_one(Cycle, cast.cycle_id)
        other = Cycle(
            program_id=cast.program_id, name="2031", opening_day=first.opening_day, state="published", places=1
        )
        s.add(other)
        s.flush()
        public_id = other.public_id
    assert "No note is for you" in text_of(cast.browser("sofia").get(f"/cycles/{public_id}/notes"))
