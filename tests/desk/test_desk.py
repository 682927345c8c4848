"""The desk through its pages: what each role sees first, the order, the pictures, the header, few queries."""

import re

import pytest
from sqlalchemy import update

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.outbox import Message
from portal.nominations.jobs.nominate import remind_unproven
from portal.nominations.models import NomineeFile
from tests.cast import Cast, letters, text_of
from tests.nominations.consenting import add_file, ask, days_ago
from tests.statements import statements


def test_a_stranger_signs_in_first_and_somebody_without_a_role_is_told_why_it_is_empty(cast: Cast) -> None:
    assert "/sign-in" in cast.browser().get("/desk").location
    page = text_of(cast.browser("vera").get("/desk"))
    assert "You have no role here yet" in page
    assert "Nothing needs you now" in page


def test_an_organizer_without_nominations_is_told_how_to_begin(cast: Cast) -> None:
    page = text_of(cast.browser("sam").get("/desk"))
    assert "Nobody has written yet" in page
    assert f"http://localhost/awards/{cast.slug}/nominate" in page
    assert "until it closes" in page


def test_what_needs_an_organizer_stands_in_order(cast: Cast) -> None:
    add_file(cast, "To Screen", consent="accepted", asked_at=days_ago(3), answered_at=days_ago(1))
    add_file(cast, "No Address", email="")
    late = add_file(cast, "Late Answer", email="late@example.org")
    ask(cast, late)
    add_file(cast, "Ready Now", email="ready@example.org")
    unproven = {"state": "submitted", "confirmed_at": None, "submitted_at": days_ago(9)}
    add_file(cast, "Not Proven", nominations=(unproven,))
    with cast.app.app_context(), transaction() as s:
        s.execute(update(NomineeFile).where(NomineeFile.public_id == late).values(asked_at=days_ago(20)))
        s.execute(update(Message).values(state="failed", problem="refused"))
    page = text_of(cast.browser("sam").get("/desk"))
    assert "Six things need you." in page
    assert "one has not answered; 0 said no" in page
    assert "0 are not; one waits for you" in page
    wanted = (
        "One nominee waits for screening",
        "One letter did not arrive",
        "One nominee can be asked",
        "One nominee has no address",
        "One nominee has not answered",
        "One nomination still waits for a click",
    )
    places = [page.index(title) for title in wanted]
    assert places == sorted(places)


@pytest.mark.parametrize(("days", "waits"), [(1, False), (2, True)])
def test_a_nomination_waits_for_a_click_from_when_its_nominator_is_reminded(cast: Cast, days: int, waits: bool) -> None:
    """Also where the program does not say when: the reminder and the desk go by the same days."""
    unproven = {"state": "submitted", "confirmed_at": None, "submitted_at": days_ago(days), "source": "form"}
    add_file(cast, nominations=(unproven,))
    with cast.app.app_context():
        remind_unproven()
    assert bool(letters(cast.app, "nominations/proof_reminder")) is waits
    assert ("One nomination still waits for a click" in text_of(cast.browser("sam").get("/desk"))) is waits


def test_every_button_of_the_desk_leads_to_a_page(cast: Cast) -> None:
    add_file(cast, "To Screen", consent="accepted", asked_at=days_ago(3), answered_at=days_ago(1))
    add_file(cast, "No Address", email="")
    add_file(cast, "Ready Now")
    sam = cast.browser("sam")
    page = sam.get("/desk").get_data(as_text=True)
    links = set(re.findall(r'<a class="btn[^"]*" href="([^"]+)"', page)) | set(
        re.findall(r"<li><a href=\"([^\"]+)\"", page)
    )
    links = {link.replace("&amp;", "&") for link in links if link.startswith("/") and "lang=" not in link}
    assert len(links) > 5
    for link in links:
        assert sam.get(link, follow_redirects=True).status_code == 200, link


def test_the_pictures_hide_small_numbers(cast: Cast) -> None:
    groups = ("family", "family", "family", "family", "family", "family", "student", "colleague")
    add_file(cast, nominations=tuple({"relation_group": g} for g in groups), district_id=None)
    page = cast.browser("sam").get("/desk").get_data(as_text=True)
    heat = page.split('class="heat"')[1].split("</table>")[0]
    assert heat.count(">·<") == 3  # 1 and 1 would follow from the 6 and the total of 8
    assert not re.search(r">[1-9]\d*<", heat)
    said = text_of(cast.browser("sam").get("/desk"))
    assert "3 of 4 schools are silent" in said
    silent = text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/silent-schools"))
    assert "3 schools are silent" in silent
    assert "Cascade Elementary" not in silent


@pytest.mark.parametrize("who", ["priya", "wanda", "chen", "vera"])
def test_figures_are_for_staff(cast: Cast, who: str) -> None:
    add_file(cast)
    page = text_of(cast.browser(who).get("/desk"))
    assert "Who has not written" not in page
    assert "Tariq" not in page
    assert cast.browser(who).get(f"/cycles/{cast.cycle}/silent-schools").status_code == (404 if who == "vera" else 403)


def test_an_auditor_sees_the_figures_and_no_work(cast: Cast) -> None:
    add_file(cast)
    page = text_of(cast.browser("ada").get("/desk"))
    assert "Who has not written" in page
    assert "Nothing needs you now" in page


NAV = {
    "sam": ["Desk", "Files", "People", "Mail"],
    "ada": ["Desk", "Files", "History"],
    "priya": ["Desk"],
    "wanda": ["Desk", "Collective"],
}


@pytest.mark.parametrize("who", sorted(NAV))
def test_the_header_leads_each_role_to_its_places(cast: Cast, who: str) -> None:
    page = cast.browser(who).get("/desk").get_data(as_text=True)
    header = page.split('<nav aria-label="Main">')[1].split("</nav>")[0]
    found = re.findall(r">([^<]+)</a>", header)
    assert [label for label in NAV[who] if label not in found] == []
    assert 'aria-current="page">Desk' in header
    outsiders = {"sam": "My files", "ada": "Mail", "priya": "Files", "wanda": "People"}
    assert outsiders[who] not in found


def test_a_signed_in_person_without_a_role_sees_the_visitors_header(cast: Cast) -> None:
    page = cast.browser("vera").get(f"/awards/{cast.slug}/erased").get_data(as_text=True)
    assert ">Desk</a>" not in page
    assert "Questions" in page


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("who", ["sam", "ada", "chen", "priya", "wanda", "vera"])
def test_the_desk_asks_the_database_six_times_at_most(cast: Cast, who: str, rows: int) -> None:
    for i in range(rows):
        add_file(cast, f"Person {i}", email=f"p{i}@example.org")
        add_file(cast, f"Silent {i}", email="", school="Old Mill High School")
    browser = cast.browser(who)
    browser.get("/desk")
    with statements(cast.app) as seen:
        assert browser.get("/desk").status_code == 200
    assert len(seen) <= 6, "\n".join(seen)


def test_the_days_that_are_drawn_stand_in_a_table_too(cast: Cast) -> None:
    add_file(cast, nominations=({"submitted_at": days_ago(2)}, {"submitted_at": days_ago(2)}, {"submitted_at": now()}))
    page = cast.browser("sam").get("/desk").get_data(as_text=True)
    table = re.search(r"<caption[^>]*>Nominations on each day.*?</table>", page, re.S)
    assert table
    assert re.findall(r'<td class="n">(\d+)</td>', table[0]) == ["2", "1"]
