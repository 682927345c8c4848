"""The organizer's side of consent: addresses typed, pasted and corrected; letters sent once; one reminder; who may."""

import re

import pytest
from sqlalchemy import func, select, update

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.documents import POLICY
from portal.core.links import Link
from portal.core.outbox import Message
from portal.nominations.forms.consent import match_list
from portal.nominations.models import NomineeFile
from portal.programs.models import Window
from tests.cast import Cast, letters, text_of
from tests.nominations.consenting import add_file, ask, days_ago, look, path_of, write_to_all
from tests.statements import statements

REQUEST, REMINDER = "nominations/consent_request", "nominations/consent_reminder"


def _pages(cast: Cast, file: str) -> dict[str, list[str]]:
    cycle = cast.cycle
    return {
        "get": [
            f"/cycles/{cycle}/addresses",
            f"/cycles/{cycle}/letters",
            f"/files/{file}/letter",
            f"/files/{file}/letter/body",
        ],
        "post": [
            f"/files/{file}/address",
            f"/cycles/{cycle}/addresses/list",
            f"/cycles/{cycle}/addresses/apply",
            f"/files/{file}/letter",
            f"/files/{file}/reminder",
        ],
    }


@pytest.mark.parametrize(
    ("who", "status"), [("chen", 403), ("priya", 403), ("wanda", 403), ("ada", 403), ("vera", 404), (None, 303)]
)
def test_only_organizers_ask(cast: Cast, who: str | None, status: int) -> None:
    file = add_file(cast)
    browser = cast.browser(who) if who else cast.browser()
    pages = _pages(cast, file)
    got = {url: browser.get(url).status_code for url in pages["get"]} | {
        url: browser.post(url).status_code for url in pages["post"]
    }
    assert set(got.values()) <= ({status} if who else {302, 303})
    assert letters(cast.app, REQUEST) == []
    assert look(cast, file).consent == "open"


def test_the_queue_takes_addresses_with_and_without_scripts(cast: Cast) -> None:
    one, two = add_file(cast, "Ana Ruiz", email=""), add_file(cast, "Ben Ode", email="", school="Old Mill High School")
    add_file(cast, "Not Yet Proven", email="", nominations=({"state": "submitted", "confirmed_at": None},))
    sam = cast.browser("sam")
    page = text_of(sam.get(f"/cycles/{cast.cycle}/addresses"))
    assert "2 nominees have no address" in page
    assert "Not Yet Proven" not in page
    wrong = sam.post(f"/files/{one}/address", {"email": "ana at"}, hx=True)
    assert wrong.status_code == 422
    assert f'id="address-{one}"' in wrong.get_data(as_text=True)
    right = sam.post(f"/files/{one}/address", {"email": "Ana at Example.org"}, hx=True)
    assert right.status_code == 200
    assert "Kept: ana@example.org" in text_of(right)
    plain = sam.post(f"/files/{two}/address", {"email": "ben@example.org"}, follow=True)
    assert "Every nominee has an address" in text_of(plain)
    assert look(cast, one).email == "ana@example.org"


def test_an_address_that_fails_its_check_comes_back_as_it_was_typed(cast: Cast) -> None:
    file, back = add_file(cast), f"/cycles/{cast.cycle}/letters?list=ready"
    sam = cast.browser("sam")
    answer = sam.post(f"/files/{file}/address", {"email": "tariq@", "next": back, "shown": "as-it-was"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    box = re.search(r'<input[^>]* name="email"[^>]*>', page)
    assert box
    assert 'value="tariq@"' in box[0]
    assert 'aria-invalid="true" aria-describedby="email-e"' in box[0]
    assert 'id="email-e"' in page
    assert 'href="#email"' in page
    assert f'name="next" value="{back}"' in page
    assert 'name="shown" value="as-it-was"' in page
    assert look(cast, file).email == "tariq@example.org"


def test_what_stands_in_every_row_is_told_apart_by_ear(cast: Cast) -> None:
    add_file(cast)
    add_file(cast, "Ana Ruiz", email="ana@example.org", school="Old Mill High School")
    page = text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/letters"))
    for name in ("Tariq Bello", "Ana Ruiz"):
        for each in ("Correct the address", "Work e-mail", "Correct it"):
            assert f"{each} : {name}" in page


LIST = """\
Ana Ruíz, ana@example.org
Dr. Ben Ode; Old Mill High School; ben at example.org
Ruth Same, ruth@example.org
Ruth Same, Maynard High School, ruth2@example.org
Nobody Known\tno@example.org
Ben Ode, Some Other School, other@example.org
Lena Ode
Kim, Ada, ada@example.org
Has Already <has@example.org>
"""


def test_a_pasted_list_is_shown_first_and_then_kept(cast: Cast) -> None:
    names = (("Ana Ruiz", ""), ("Ben Ode", "Old Mill High School"), ("Ruth Same", "Maynard High School"),
             ("Ruth Same", "Cascade Elementary"), ("Ada Kim", ""))  # fmt: skip
    ids = [add_file(cast, name, email="", school=school) for name, school in names]
    known = add_file(cast, "Has Already", email="old@example.org")
    sam = cast.browser("sam")
    page = sam.post(f"/cycles/{cast.cycle}/addresses/list", {"list": LIST})
    said = text_of(page)
    assert "4 addresses fit" in said
    ambiguous = said.split("Could be more than one person")[1].split("Nobody of this name")[0]
    assert "ruth@example.org" in ambiguous
    unknown = said.split("Nobody of this name")[1].split("No name or no address")[0]
    assert "Nobody Known" in unknown
    assert "Some Other School" in unknown
    assert "Lena Ode" in said.split("No name or no address")[1]
    assert "old@example.org" in said.split("Has an address already")[1]
    assert [look(cast, i).email for i in ids] == [""] * 5  # nothing yet
    done = sam.post(f"/cycles/{cast.cycle}/addresses/apply", {"list": LIST}, follow=True)
    assert "4 addresses are in" in text_of(done)
    expected = ["ana@example.org", "ben@example.org", "ruth2@example.org", "", "ada@example.org"]
    assert [look(cast, i).email for i in ids] == expected
    assert look(cast, known).email == "old@example.org"


def test_an_empty_list_is_named() -> None:
    assert match_list("\n \n", []).unreadable == []
    assert match_list("only a name\nmail@example.org", []).unreadable == ["only a name", "mail@example.org"]


def test_an_empty_list_comes_back(cast: Cast) -> None:
    answer = cast.browser("sam").post(f"/cycles/{cast.cycle}/addresses/list", {"list": " "})
    assert answer.status_code == 422
    assert "Paste at least one line" in text_of(answer)


@pytest.mark.parametrize(
    ("differs", "can"),
    [
        ({}, True),
        ({"email": ""}, False),
        ({"nominations": ({"state": "submitted", "confirmed_at": None},)}, False),
        ({"nominations": ({"state": "withdrawn"},)}, False),
        ({"nominations": ({"state": "spam"}, {})}, True),
        ({"screening": "ineligible", "screened_at": days_ago(1)}, False),
        ({"withdrawn_at": days_ago(1)}, False),
        ({"consent": "asked", "asked_at": days_ago(1)}, False),
        ({"consent": "accepted"}, False),
        ({"consent": "declined"}, False),
    ],
)
def test_who_can_be_asked(cast: Cast, differs: dict[str, object], can: bool) -> None:
    add_file(cast, **differs)  # type: ignore[arg-type]
    sam = cast.browser("sam")
    assert ("Tariq Bello" in text_of(sam.get(f"/cycles/{cast.cycle}/letters"))) == can
    write_to_all(cast)
    assert len(letters(cast.app, REQUEST)) == int(can)


def test_a_single_letter_needs_a_proven_nomination_too(cast: Cast) -> None:
    file = add_file(cast, nominations=({"state": "submitted", "confirmed_at": None},))
    cast.browser("sam").post(f"/files/{file}/letter")
    assert letters(cast.app, REQUEST) == []


def test_pressing_twice_sends_once(cast: Cast) -> None:
    files = [add_file(cast, f"Person {i}", email=f"p{i}@example.org") for i in range(3)]
    sam = cast.browser("sam")
    sam.post(f"/files/{files[0]}/letter")
    sam.post(f"/files/{files[0]}/letter")
    for _again in range(2):
        write_to_all(cast)
    sent = letters(cast.app, REQUEST)
    assert sorted(letter.to for letter in sent) == ["p0@example.org", "p1@example.org", "p2@example.org"]
    assert "Answered 0" in text_of(sam.get(f"/cycles/{cast.cycle}/letters?list=waiting"))


def test_there_is_only_ever_one_reminder(cast: Cast) -> None:
    file, fresh = add_file(cast), add_file(cast, "Fresh Person", email="fresh@example.org")
    first = path_of(ask(cast, file))
    ask(cast, fresh)
    with cast.app.app_context(), transaction() as s:
        s.execute(update(NomineeFile).where(NomineeFile.public_id == file).values(asked_at=days_ago(6)))
    sam = cast.browser("sam")
    due = text_of(sam.get(f"/cycles/{cast.cycle}/letters?list=due"))
    assert "Tariq Bello" in due
    assert "Fresh Person" not in due
    for _again in range(2):
        write_to_all(cast, "due", "remind")
        sam.post(f"/files/{file}/reminder")
    assert [letter.to for letter in letters(cast.app, REMINDER)] == ["tariq@example.org"]
    assert cast.browser().get(first).status_code == 200  # the first letter's link still works
    with cast.app.app_context():
        links = db.session.scalar(select(func.count(Link.id)).where(Link.purpose == "consent"))
    assert links == 3


def test_a_corrected_address_is_reminded_once_too(cast: Cast) -> None:
    file, sam = add_file(cast), cast.browser("sam")
    ask(cast, file)
    sam.post(f"/files/{file}/reminder")
    sam.post(f"/files/{file}/address", {"email": "right@example.org"})
    for _again in range(2):
        sam.post(f"/files/{file}/reminder")
    assert [letter.to for letter in letters(cast.app, REMINDER)] == ["tariq@example.org", "right@example.org"]


def test_whoever_withdrew_and_was_erased_is_one_answer(cast: Cast) -> None:
    link = path_of(ask(cast, add_file(cast)))
    for verb in ("accept", "withdraw", "erase"):
        assert cast.browser().post(f"{link}/{verb}").status_code == 303
    assert "Answered 1" in text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/letters"))


def test_nobody_who_answered_is_reminded(cast: Cast) -> None:
    file = add_file(cast)
    cast.browser().post(f"{path_of(ask(cast, file))}/decline")
    cast.browser("sam").post(f"/files/{file}/reminder")
    assert letters(cast.app, REMINDER) == []


def test_a_corrected_address_ends_the_old_link_and_writes_again(cast: Cast) -> None:
    file = add_file(cast)
    old = path_of(ask(cast, file))
    sam = cast.browser("sam")
    back = f"/cycles/{cast.cycle}/letters?list=waiting"
    answer = sam.post(f"/files/{file}/address", {"email": "right@example.org", "next": back})
    assert answer.location == back
    sent = letters(cast.app, REQUEST)
    assert [letter.to for letter in sent] == ["tariq@example.org", "right@example.org"]
    assert cast.browser().get(old).status_code == 410
    from tests.cast import links_in

    new = path_of(links_in(sent[-1].text)[0])
    assert cast.browser().post(f"{new}/accept").status_code == 303
    assert look(cast, file).consent == "accepted"
    outside = sam.post(f"/files/{file}/address", {"email": "third@example.org", "next": "//elsewhere.example/"})
    assert outside.location.endswith(f"/cycles/{cast.cycle}/addresses")


@pytest.mark.parametrize("state", ["declined", "erased"])
def test_who_said_no_keeps_their_address_from_us(cast: Cast, state: str) -> None:
    file = add_file(cast, consent=state)
    assert cast.browser("sam").post(f"/files/{file}/address", {"email": "new@example.org"}).status_code == 422
    assert look(cast, file).email == "tariq@example.org"


def test_no_letter_goes_out_after_the_time_to_say_yes(cast: Cast) -> None:
    file, asked = add_file(cast), add_file(cast, "Asked Before", email="before@example.org")
    ask(cast, asked)
    with cast.app.app_context(), transaction() as s:
        s.execute(update(NomineeFile).where(NomineeFile.public_id == asked).values(asked_at=days_ago(20)))
        s.execute(update(Window).values(opens_at=days_ago(9), closes_at=days_ago(8)))
    sam, over = cast.browser("sam"), "The time for nominees to say yes is over"
    for url, data in (
        (f"/files/{file}/letter", {}),
        (f"/files/{asked}/reminder", {}),
        (f"/files/{asked}/address", {"email": "new@example.org"}),
    ):
        answer = sam.post(url, data)
        assert answer.status_code == 422, url
        assert over in text_of(answer)
    assert look(cast, asked).email == "before@example.org"
    assert letters(cast.app, REMINDER) == []
    assert "Correct" not in text_of(sam.get(f"/files/{asked}")).replace("Correct Join", "")
    for url in (
        f"/cycles/{cast.cycle}/letters?list=waiting",
        f"/cycles/{cast.cycle}/letters?list=due",
        f"/files/{asked}/letter",
    ):
        page = text_of(sam.get(url))
        assert over in page
        assert "Remind" not in page.replace("Reminder due", "")
        assert "write again" not in page
    desk = text_of(sam.get("/desk"))
    assert "can be asked" not in desk.replace("0 can be asked now", "")
    assert "One nominee has not answered" not in desk


def test_the_preview_is_a_document_of_its_own(cast: Cast) -> None:
    file = add_file(cast, name="<b>Tariq</b>", nominations=({"sharing": "yes"},))
    sam = cast.browser("sam")
    page = sam.get(f"/files/{file}/letter")
    assert "sandbox=" in page.get_data(as_text=True)
    body = sam.get(f"/files/{file}/letter/body")
    assert body.headers["Content-Security-Policy"] == POLICY
    html = body.get_data(as_text=True)
    assert '<base target="_top">' in html
    assert "&lt;b&gt;Tariq" in html
    assert "Nora 0 Example" in html
    with cast.app.app_context():
        assert db.session.scalar(select(func.count(Link.id)).where(Link.purpose == "consent")) == 0
        assert db.session.scalar(select(func.count(Message.id))) == 0


def test_the_one_button_shows_first_who_gets_a_letter_and_the_letters_wait(cast: Cast) -> None:
    for i in range(2):
        add_file(cast, f"Person {i}", email=f"p{i}@example.org")
    sam = cast.browser("sam")
    assert "Write to all 2 nominees" in text_of(sam.get(f"/cycles/{cast.cycle}/letters"))
    chosen = sam.post(f"/cycles/{cast.cycle}/files/bulk", {"which": "ready", "act": "ask"})
    assert "2 nominees will be asked" in text_of(sam.get(chosen.location))
    assert letters(cast.app, REQUEST) == []
    sam.post(f"{chosen.location}/do")
    with cast.app.app_context():
        waits = db.session.scalars(select(Message.not_before).where(Message.template == REQUEST)).all()
    assert [moment > now() for moment in waits if moment] == [True, True]
    assert text_of(sam.get("/mail")).count("Waits until") == 2
    again = sam.post(f"/cycles/{cast.cycle}/files/bulk", {"which": "ready", "act": "ask"})
    assert "Nobody is left in that list." in text_of(sam.get(again.location))


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_ask_the_database_six_times_at_most(cast: Cast, rows: int) -> None:
    for i in range(rows):
        add_file(cast, f"Person {i}", email="")
        asked = add_file(cast, f"Asked {i}", email=f"a{i}@example.org")
    sam = cast.browser("sam")
    link = path_of(ask(cast, asked))
    write_to_all(cast)
    urls = [
        f"/cycles/{cast.cycle}/addresses",
        f"/files/{asked}/letter",
        f"/files/{asked}/letter/body",
        link,
        f"{link}/accept",
    ]
    urls += [f"/cycles/{cast.cycle}/letters?list={which}" for which in ("ready", "waiting", "due", "answered")]
    for url in urls:
        with statements(cast.app) as seen:
            assert sam.get(url).status_code == 200
        assert len(seen) <= 6, url + "\n" + "\n".join(seen)
