"""Letters to the contacts of silent schools: who gets one, once, and who said no."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, func, select

from portal.core import audit, delivery
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.outbox import Message, read
from portal.programs.models import QuietAddress, School, Window
from tests.cast import Cast, run_jobs, text_of
from tests.core.test_races import at_once, poster
from tests.desk.test_picture import wrote
from tests.statements import statements

CONTACTS = {
    "Cascade Elementary": ("Ana Cole", "ana@example.org", "en"),
    "Maynard High School": ("", "heard@example.org", "en"),
    "Old Mill High School": ("Luis Mar", "luis@example.org", "es"),
}


def give_contacts(cast: Cast, contacts: dict[str, tuple[str, str, str]]) -> None:
    with cast.app.app_context(), transaction() as s:
        for school in s.scalars(select(School).where(School.name.in_(contacts))):
            school.contact_name, school.contact_email, school.contact_locale = contacts[school.name]


def letters(cast: Cast) -> list[tuple[str, str, Any]]:
    with cast.app.app_context():
        query = select(Message).where(Message.template == "desk/silent_school").order_by(Message.to)
        return [(m.to, m.locale, read(m)) for m in db.session.scalars(query)]


def entries(cast: Cast, verb: str) -> int:
    with cast.app.app_context():
        query = select(func.count()).select_from(audit.AuditEntry).where(audit.AuditEntry.verb == verb)
        return db.session.scalar(query) or 0


def test_silent_schools_are_written_to_once_in_their_contacts_language(cast):
    give_contacts(cast, CONTACTS)
    wrote(cast, cast.cycle_id, "student", 2, "Maynard High School", 3)
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/silent-schools"
    draft = text_of(sam.get(f"{url}/letter"))
    assert "Send 2 letters" in draft
    assert "Who at Magnolia Middle School should be honored?" in draft
    assert "¿A quién" in draft
    for _press in range(2):
        assert sam.post(f"{url}/letter").status_code == 303
    sent = letters(cast)
    assert [(to, locale) for to, locale, _read in sent] == [("ana@example.org", "en"), ("luis@example.org", "es")]
    words = sent[0][2].text
    assert "Dear Ana Cole," in words
    assert "Cascade Elementary" in words
    assert not any(other in words for other in ("Maynard", "Old Mill", "Powder Mill"))
    assert entries(cast, "cycle.schools_written_to") == 1
    listed = text_of(sam.get(url))
    assert listed.count("The letter waits to leave") == 3  # two schools, and the filter's own word
    with cast.app.app_context(), time_machine.travel(now() + timedelta(minutes=11), tick=False):
        run_jobs(cast.app)
    listed = text_of(sam.get(url))
    assert listed.count("Written to") == 3
    assert "Until then they can be called back" not in listed
    assert "Powder Mill Middle School" in text_of(sam.get(url, query_string={"letter": "no_contact"}))
    assert "Nobody is left to write to." in text_of(sam.get(f"{url}/letter"))


def states(cast: Cast) -> list[tuple[str, str]]:
    with cast.app.app_context():
        query = select(Message).where(Message.template == "desk/silent_school").order_by(Message.id)
        return [(m.to, m.state) for m in db.session.scalars(query)]


def test_the_letters_wait_and_are_called_back_as_if_never_written(cast):
    give_contacts(cast, CONTACTS)
    wrote(cast, cast.cycle_id, "student", 2, "Maynard High School", 3)
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/silent-schools"
    assert "2 letters go out, 10 minutes after you press the button." in text_of(sam.get(f"{url}/letter"))
    assert "2 letters wait to leave" in text_of(sam.post(f"{url}/letter", follow=True))
    run_jobs(cast.app)
    assert "Until then they can be called back, and nobody will have got one." in text_of(sam.get(url))
    assert "/letter/undo" not in cast.browser("ada").get(url).get_data(as_text=True)
    for said in ("2 letters were called back. Nobody got one.", "No letter waits any more"):
        assert said in text_of(sam.post(f"{url}/letter/undo", follow=True))
    assert "/letter/undo" not in sam.get(url).get_data(as_text=True)
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        run_jobs(cast.app)
    gone = [("ana@example.org", "canceled"), ("luis@example.org", "canceled")]
    assert states(cast) == gone
    assert entries(cast, "cycle.schools_called_back") == 1
    assert text_of(sam.get(url)).count("Not written to yet") == 3
    sam.post(f"{url}/letter")
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        run_jobs(cast.app)
        assert "No letter waits any more" in text_of(sam.post(f"{url}/letter/undo", follow=True))
    assert states(cast) == [*gone, ("ana@example.org", "sent"), ("luis@example.org", "sent")]


def test_a_letter_canceled_in_the_mail_was_never_written(cast):
    give_contacts(cast, CONTACTS)
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/silent-schools"
    sam.post(f"{url}/letter")
    with cast.app.app_context():
        ana = db.session.scalar(select(Message.public_id).where(Message.to == "ana@example.org"))
    assert sam.post(f"/mail/{ana}/cancel").status_code == 303
    assert text_of(sam.get(url, query_string={"letter": "ready"})).count("Cascade Elementary") == 1
    assert "One letter waits to leave" in text_of(sam.post(f"{url}/letter", follow=True))
    assert [state for to, state in states(cast) if to == "ana@example.org"] == ["canceled", "queued"]


def test_letters_are_called_back_also_when_nominations_have_just_closed(cast):
    give_contacts(cast, CONTACTS)
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/silent-schools/letter"
    sam.post(url)
    with cast.app.app_context(), transaction() as s:
        s.scalars(select(Window).where(Window.key == "nominations")).one().closes_at = now() - timedelta(seconds=1)
    assert sam.post(f"{url}/undo").status_code == 303
    assert {state for _to, state in states(cast)} == {"canceled"}


@pytest.mark.parametrize("round_", range(3))
def test_a_letter_that_is_called_back_while_the_worker_sends_goes_one_of_the_two_ways(cast, round_):
    give_contacts(cast, {"Cascade Elementary": CONTACTS["Cascade Elementary"]})
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/silent-schools/letter"
    sam.post(url)
    with time_machine.travel(now() + timedelta(minutes=10, seconds=-0.02)):
        calls = [lambda: run_jobs(cast.app), poster(sam, f"{url}/undo")]
        at_once(calls if round_ % 2 else calls[::-1])
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        run_jobs(cast.app)
    ((_to, state),) = states(cast)
    assert (state == "canceled") == bool(entries(cast, "cycle.schools_called_back"))
    assert state in ("canceled", "sent")


def test_the_letters_link_stops_the_next_one_and_answers_alike_each_time(cast):
    give_contacts(cast, CONTACTS)
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/silent-schools"
    sam.post(f"{url}/letter")
    link = re.search(r"http://localhost(/schools/no-letters/\S+)", letters(cast)[0][2].text)[1]
    reader = cast.browser()
    looked = text_of(reader.get(link))
    assert "Send me no more letters" in looked
    with cast.app.app_context():
        assert db.session.scalar(select(func.count(QuietAddress.id))) == 0
    answers = [text_of(reader.post(link)) for _press in range(2)]
    assert answers[0] == answers[1]
    assert "You will get no more of these letters" in answers[0]
    assert text_of(reader.get(link)) == looked
    assert entries(cast, "school_contact.asked_not") == 1
    assert "Cascade Elementary" in text_of(sam.get(url, query_string={"letter": "asked_not"}))
    assert reader.post(f"{link}x").status_code == reader.get("/schools/no-letters/made.up").status_code == 410
    with cast.app.app_context(), transaction() as s:
        s.execute(delete(Message))  # as in another year
    sam.post(f"{url}/letter")
    assert "ana@example.org" not in [to for to, _locale, _read in letters(cast)]


def test_staff_keep_the_contact_and_who_asked_not_to_be_written_to(cast):
    give_contacts(cast, CONTACTS)
    with cast.app.app_context():
        school = db.session.scalars(select(School).where(School.name == "Cascade Elementary")).one()
        page, district = f"/schools/{school.public_id}", school.district_id
    sam, typed = cast.browser("sam"), {"name": "Cascade Elementary", "district": district, "level": "", "city": ""}
    bad = sam.post(page, {**typed, "contact_email": "not an address", "contact_locale": "en"})
    assert bad.status_code == 422
    assert sam.post(page, {**typed, "contact_name": "Bo", "contact_email": "Bo@Example.org", "contact_locale": "es"})
    for _press in range(2):
        sam.post(f"{page}/contact/stop")
    assert "bo@example.org asked on" in text_of(sam.get(page))
    assert entries(cast, "school_contact.asked_not") == 1
    sam.post(f"{page}/contact/allow")
    assert "If bo@example.org asks you for no more letters" in text_of(sam.get(page))
    with cast.app.app_context(), transaction():
        delivery.stop("BO@example.org", "unknown")
    sam.post(f"/cycles/{cast.cycle}/silent-schools/letter")
    assert [to for to, _locale, _read in letters(cast)] == ["heard@example.org", "luis@example.org"]


def test_nobody_is_written_to_after_nominations_close(cast):
    give_contacts(cast, CONTACTS)
    with cast.app.app_context(), transaction() as s:
        s.scalars(select(Window).where(Window.key == "nominations")).one().closes_at = now() - timedelta(minutes=1)
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/silent-schools/letter"
    assert "only while nominations are open" in text_of(sam.get(url))
    refused = sam.post(url)
    assert refused.status_code == 403
    assert "only while nominations are open" in text_of(refused)
    assert letters(cast) == []


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("priya", 403), ("vera", 404)])
def test_others_write_to_nobody_and_call_nothing_back(cast, who, status):
    give_contacts(cast, CONTACTS)
    person, url = cast.browser(who), f"/cycles/{cast.cycle}/silent-schools/letter"
    assert (person.get(url).status_code, person.post(url).status_code) == (status, status)
    assert letters(cast) == []
    cast.browser("sam").post(url)
    assert person.post(f"{url}/undo").status_code == status
    assert {state for _to, state in states(cast)} == {"queued"}


def test_it_asks_alike_however_many_schools_there_are(cast):
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/silent-schools"
    asked = []
    with cast.app.app_context():
        first = db.session.scalars(select(School.public_id)).first()
    sam.post(f"/schools/{first}/close")  # the record's chain is there
    for count in (0, 30):
        with cast.app.app_context(), transaction() as s:
            like = s.scalars(select(School).order_by(School.id)).first()
            place = {"program_id": like.program_id, "district_id": like.district_id}
            s.add_all(School(**place, name=f"Oak {n}", key=f"oak {n}", contact_email=f"oak{n}@x.org")
                      for n in range(count))  # fmt: skip
        with statements(cast.app) as page:
            assert sam.get(url).status_code == 200
        give_contacts(cast, CONTACTS if not count else {})
        given = {"csrf_token": sam.token()}
        with statements(cast.app) as write:
            assert sam.client.post(f"{url}/letter", data=given).status_code == 303
        with statements(cast.app) as undo:
            assert sam.client.post(f"{url}/letter/undo", data=given).status_code == 303
        asked.append([len(seen) for seen in (page, write, undo)])
    assert asked[0] == asked[1]
    assert asked[0][0] <= 6
    assert asked[0][1] <= 13
    assert asked[0][2] <= 11
