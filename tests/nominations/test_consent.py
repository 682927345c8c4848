"""The nominee's page: what it tells, what each answer does from each state, what erasing leaves."""

from contextlib import suppress
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select, text, update

from portal.core import audit
from portal.core.db import Base, db, transaction
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Window
from tests.cast import Cast, letters, text_of
from tests.nominations.consenting import SHARINGS, add_file, add_nomination, ask, days_ago, look, path_of
from tests.statements import statements

ANSWERS = ("accept", "decline", "erase", "withdraw")


@pytest.mark.parametrize("sharing", SHARINGS)
def test_the_page_and_the_letter_tell_of_a_nominator_what_they_chose(cast: Cast, sharing: str) -> None:
    file = add_file(cast, nominations=({"sharing": sharing, "nominator_name": "Nora Canary"},))
    link = ask(cast, file)
    page = text_of(cast.browser().get(link))
    letter = letters(cast.app, "nominations/consent_request")[-1].text
    for said in (page, letter):
        assert ("Nora Canary" in said) == (sharing == "yes")
        assert ("family member of a student" in said) == (sharing != "no")
        assert "nora0@example.org" not in said
        assert "good story" not in said
        assert "never say how many wrote" in said
    assert ("At least one person" in page) == (sharing == "no")


def test_one_more_nominator_who_says_no_changes_no_byte(cast: Cast) -> None:
    file = add_file(cast, nominations=({"sharing": "yes"}, {"sharing": "relation"}))
    link = ask(cast, file)
    before = cast.browser().get(link).get_data()
    with cast.app.app_context(), transaction() as s:
        kept = s.scalars(select(NomineeFile)).one()
        add_nomination(cast, s, kept, 7, sharing="no")
        add_nomination(cast, s, kept, 8, sharing="relation")  # the same relation is told once
        add_nomination(cast, s, kept, 9, sharing="yes", state="submitted", confirmed_at=None)
    after = cast.browser().get(link).get_data()
    assert _without_tokens(before) == _without_tokens(after)


def _without_tokens(page: bytes) -> str:
    import re

    return re.sub(r'"X-CSRFToken": "[^"]+"|name="csrf_token" value="[^"]+"', "", page.decode())


def test_a_child_is_told_by_first_name_and_the_adult_not_at_all(cast: Cast) -> None:
    file = add_file(
        cast,
        nominations=(
            {
                "sharing": "yes",
                "for_child": True,
                "child_name": "Maya",
                "nominator_name": "Adult Canary",
                "relation_group": "student",
            },
        ),
    )
    page = text_of(cast.browser().get(ask(cast, file)))
    assert "Maya, a student, now or before" in page
    assert "Adult Canary" not in page


def _stand(cast: Cast, state: str, closed: bool) -> tuple[str, str]:
    """A file in that state, and its link; `closed`: the time to answer and to change is over."""
    file = add_file(cast)
    link = path_of(ask(cast, file))
    values = {"consent": state}
    if state == "withdrawn":
        values = {"consent": "accepted", "withdrawn_at": days_ago(1)}
    with cast.app.app_context(), transaction() as s:
        s.execute(update(NomineeFile).values(**values, answered_at=days_ago(2)))
        if closed:
            s.execute(update(Window).values(opens_at=days_ago(9), closes_at=days_ago(8)))
    return file, link


# (state, answer) -> the state it leads to while the time to answer runs; everything else is refused.
OPEN = {
    ("asked", "accept"): "accepted",
    ("asked", "decline"): "declined",
    ("asked", "erase"): "erased",
    ("accepted", "decline"): "declined",
    ("accepted", "erase"): "erased",
    ("accepted", "withdraw"): "withdrawn",
    ("declined", "erase"): "erased",
}
# Afterward a yes stands (but one may withdraw), and whoever did not say yes may still say no or erase.
CLOSED = {
    ("asked", "decline"): "declined",
    ("asked", "erase"): "erased",
    ("declined", "erase"): "erased",
    ("accepted", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(
    ("state", "answer", "closed"), list(product(("asked", "accepted", "declined", "withdrawn"), ANSWERS, (False, True)))
)
def test_each_answer_from_each_state(cast: Cast, state: str, answer: str, closed: bool) -> None:
    file, link = _stand(cast, state, closed)
    table = CLOSED if closed else OPEN
    expected = table.get((state, answer))
    if state == "withdrawn" and not closed and answer == "erase":
        expected = "erased"
    browser = cast.browser()
    asked = browser.get(f"{link}/{answer}")
    assert asked.status_code == (200 if expected else 403)
    sent = browser.post(f"{link}/{answer}")
    assert sent.status_code == (303 if expected else 403)
    now_ = look(cast, file)
    stands = "withdrawn" if now_.withdrawn_at and now_.consent != "erased" else now_.consent
    assert stands == (expected or state)


def test_looking_changes_nothing_and_the_whole_way_works_without_scripts(cast: Cast) -> None:
    file = add_file(cast)
    link = path_of(ask(cast, file))
    browser = cast.browser()
    for page in ("", "/accept", "/decline", "/erase"):
        assert browser.get(link + page).status_code == 200
    assert look(cast, file).consent == "asked"
    accepted = browser.post(f"{link}/accept", {"tell": ""})
    assert accepted.location.endswith("/details")
    details = text_of(browser.get(accepted.location))
    assert "How should we write about you?" in details
    assert "You can change this on your page until" in details
    with cast.app.app_context():
        school = db.session.execute(
            text("SELECT public_id FROM schools WHERE name = 'Maynard High School'")
        ).scalar_one()
    kept = browser.post(f"{link}/details", {"name": "Tariq Bello-Ruiz", "school": school, "position": "principal"})
    assert kept.status_code == 303
    now_ = look(cast, file)
    assert (now_.name, now_.school_name, now_.position_key, now_.public_name_ok) == (
        "Tariq Bello-Ruiz",
        "Maynard High School",
        "principal",
        False,
    )
    assert now_.name_key == "tariq bello"  # others go on writing the name as they know it
    assert "tariq bello ruiz" in now_.search
    page = text_of(browser.get(link))
    assert "You said yes" in page
    assert "Please do not show my name" in page


@pytest.mark.parametrize("missing", [{"name": "", "position": "teacher"}, {"name": "A", "position": "no such"}])
def test_details_that_can_not_be_kept_come_back_filled_in(cast: Cast, missing: dict[str, str]) -> None:
    link = path_of(ask(cast, add_file(cast)))
    browser = cast.browser()
    browser.post(f"{link}/accept")
    answer = browser.post(f"{link}/details", {**missing, "school": "", "school_name": "Typed School"})
    assert answer.status_code == 422
    assert "Typed School" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("answer", "tell", "told"),
    [
        ("accept", "y", ["nora0@example.org", "nora1@example.org"]),
        ("accept", "", []),
        ("decline", "y", ["nora0@example.org", "nora1@example.org"]),
        ("decline", "", []),
    ],
)
def test_nominators_are_told_only_when_the_nominee_ticks_it(
    cast: Cast, answer: str, tell: str, told: list[str]
) -> None:
    file = add_file(
        cast,
        nominations=(
            {},
            {},
            {"state": "submitted", "confirmed_at": None},
            {"relation_group": "self", "nominator_email": "own@example.org"},
        ),
    )
    link = path_of(ask(cast, file))
    cast.browser().post(f"{link}/{answer}", {"tell": tell} if tell else {})
    sent = letters(cast.app, f"nominations/consent_told_{answer}{'ed' if answer == 'accept' else 'd'}")
    assert [letter.to for letter in sent] == told
    assert ["Nora 1" in letter.text for letter in sent] == [False, True][: len(told)]


def test_decline_tells_nobody_by_default(cast: Cast) -> None:
    link = path_of(ask(cast, add_file(cast)))
    page = cast.browser().get(f"{link}/decline").get_data(as_text=True)
    assert 'name="tell"' in page
    assert "checked" not in page
    assert "checked" in cast.browser().get(f"{link}/accept").get_data(as_text=True)


CANARIES = ("Canaryname", "canaryname", "canarymail", "canarystory", "canarytie", "canaryschool")


def test_erasing_leaves_no_word_in_any_column(cast: Cast) -> None:
    file = add_file(
        cast,
        "Canaryname Rivera",
        email="canarymail@example.org",
        school="Canaryschool",
        nominations=(
            {
                "story": "canarystory",
                "tie": "canarytie",
                "with_others": "canarystory",
                "educator_email": "canarymail@example.org",
                "answers": {"educator": "Canaryname", "story": "canarystory"},
            },
            {
                "relation_group": "self",
                "nominator_name": "Canaryname Rivera",
                "nominator_email": "canarymail@example.org",
            },
            {"state": "submitted", "confirmed_at": None, "story": "canarystory", "school_name": "canaryschool"},
        ),
    )
    with cast.app.app_context(), transaction() as s:
        kept = s.scalars(select(NomineeFile)).one()
        s.add(
            NomineeFile(
                program_id=cast.program_id,
                cycle_id=cast.cycle_id,
                name="Canaryname R",
                name_key="canaryname r",
                joined_into_id=kept.id,
                search="canaryname",
            )
        )
    link = path_of(ask(cast, file))
    browser = cast.browser()
    browser.post(f"{link}/accept", {"tell": "y"})
    assert (
        browser.post(
            f"{link}/details",
            {"name": "Dr. Canaryname Rivera", "position": "teacher", "school": "", "school_name": "Canaryschool"},
        ).status_code
        == 303
    )
    assert set(_found(cast)) == set(CANARIES)  # the test can see
    gone = browser.post(f"{link}/erase")
    assert gone.location.endswith("/awards/teach-on/erased")
    assert browser.get(gone.location).status_code == 200
    assert _found(cast) == []
    assert browser.get(link).status_code == 410
    now_ = look(cast, file)
    assert (now_.consent, now_.name, now_.email) == ("erased", "", "")
    with cast.app.app_context():
        assert set(db.session.scalars(select(Nomination.state))) == {"withdrawn"}
        assert set(db.session.scalars(select(Nomination.nominator_email))) == {
            "nora0@example.org",
            "",
            "nora2@example.org",
        }
        entry = audit.history(f"file:{file}")[0]
        assert entry.verb == "consent.erase"
        assert "$" in entry.facts["seal"]
        assert audit.verify()[1] == []
    for letter in letters(cast.app):
        assert "canary" not in (letter.text + letter.html + letter.subject).lower()
        assert letter.state == "canceled"


def _found(cast: Cast) -> list[str]:
    """The canaries that any column of any table still holds."""
    with cast.app.app_context():
        everything = "\n".join(
            repr(row) for table in Base.metadata.sorted_tables for row in db.session.execute(table.select())
        )
    return [word for word in CANARIES if word in everything]


def test_the_page_is_told_whom_it_is_for_and_speaks_the_letter_s_language(cast: Cast) -> None:
    link = ask(cast, add_file(cast, locale="es"))
    assert "lang=es" in link
    page = cast.browser().get(link).get_data(as_text=True)
    assert 'lang="es"' in page
    assert "This page is for Tariq Bello" in text_of(cast.browser().get(path_of(link)))


def test_dead_and_invented_links_answer_alike(cast: Cast) -> None:
    file = add_file(cast)
    link = path_of(ask(cast, file))
    corrected = cast.browser("sam").post(f"/files/{file}/address", {"email": "new@example.org"})
    assert corrected.status_code == 303
    browser = cast.browser()
    answers = [browser.get(path) for path in (link, f"{link[:-3]}abc", "/nominee/nonsense")]
    assert [a.status_code for a in answers] == [410, 410, 410]
    assert len({text_of(a) for a in answers}) == 1


def test_who_did_not_say_yes_is_erased_when_the_promised_time_is_over(cast: Cast) -> None:
    from portal.core.jobs import REGISTRY

    waiting, yes = add_file(cast, "Asked Person"), add_file(cast, "Yes Person", school="Old Mill High School")
    ask(cast, waiting)
    cast.browser().post(f"{path_of(ask(cast, yes))}/accept")
    with cast.app.app_context():
        REGISTRY["nominations.erase_in_time"]()
    assert look(cast, waiting).consent == "asked"
    with cast.app.app_context(), transaction() as s:
        s.execute(text("UPDATE cycles SET opening_day = :day"), {"day": days_ago(300).date()})
        s.execute(update(Window).values(opens_at=days_ago(200), closes_at=days_ago(190)))
    with cast.app.app_context():
        REGISTRY["nominations.erase_in_time"]()
    assert [look(cast, f).consent for f in (waiting, yes)] == ["erased", "accepted"]


def test_all_are_erased_in_time_however_many_and_whoever_can_not_be(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.core.jobs import REGISTRY
    from portal.nominations.actions import erasing
    from portal.nominations.queries import consent as queries

    files = [add_file(cast, f"Person {i}", email=f"p{i}@example.org", consent="declined") for i in range(5)]
    with cast.app.app_context(), transaction() as s:
        s.execute(text("UPDATE cycles SET opening_day = :day"), {"day": days_ago(300).date()})
        s.execute(update(Window).values(opens_at=days_ago(200), closes_at=days_ago(190)))
    erase, overdue = erasing.erase, queries.overdue_to_erase

    def failing(by: Any, file: NomineeFile) -> None:
        if file.name == "Person 1":
            raise ZeroDivisionError
        erase(by, file)

    monkeypatch.setattr(erasing, "erase", failing)
    monkeypatch.setattr(queries, "overdue_to_erase", partial(overdue, limit=2))
    with cast.app.app_context(), suppress(ZeroDivisionError):  # it is kept with the job
        REGISTRY["nominations.erase_in_time"]()
    assert [look(cast, file).consent for file in files] == ["erased", "declined", "erased", "erased", "erased"]


def test_saying_yes_takes_the_same_statements_with_1_and_with_30_nominations(cast: Cast) -> None:
    taken = []
    for at, count in enumerate((1, 30)):
        file = add_file(cast, f"Tariq Bello {at}", email=f"t{at}@example.org", nominations=({},) * count)
        link, browser = path_of(ask(cast, file)), cast.browser()
        token = browser.token()
        with statements(cast.app) as seen:
            browser.client.post(f"{link}/accept", data={"tell": "", "csrf_token": token})
        assert look(cast, file).consent == "accepted"
        taken.append([s.split()[0] for s in seen])
    assert taken[0] == taken[1]
    assert len([verb for verb in taken[0] if verb != "SELECT"]) <= 8, taken[0]
