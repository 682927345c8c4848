"""The release of the agenda, what the public reads, and what presenters are told."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.convenings.models import Convening
from portal.core.clock import now
from portal.core.db import db, transaction
from tests.cast import letters, run_jobs, text_of
from tests.convenings.world import add_convening, add_proposal, confirmed, place, placed, put


def test_nothing_shows_before_the_release_and_everything_after(app, cast, convening, day):
    rooms, blocks = day
    session = confirmed(app, cast, convening)
    put(cast, convening, blocks[1], rooms[0], session)
    visitor, public = cast.browser(), f"/awards/teach-on/sessions/{session}"
    assert "Wait time" not in visitor.get("/awards/teach-on/convening").get_data(as_text=True)
    assert visitor.get(public).status_code == 404
    sam = cast.browser("sam")
    assert sam.post(f"/convenings/{convening}/release").status_code == 303
    assert sam.post(f"/convenings/{convening}/release").status_code == 409
    page = text_of(visitor.get("/awards/teach-on/convening"))
    assert "Wait time is a design decision Wanda Example Room 101" in page
    assert "9:45 a.m." in page
    talk = text_of(visitor.get(public))
    assert "A sheet for counting" in talk
    assert "Room 101, Booker Heights High School" in talk
    assert visitor.get(f"/awards/teach-on/convenings/{convening}").status_code == 200
    assert visitor.get("/awards/other/convening").status_code == 404


def test_an_unplaced_session_is_not_public(app, cast, convening, day):
    rooms, blocks = day
    put(cast, convening, blocks[1], rooms[0], confirmed(app, cast, convening))
    other = confirmed(app, cast, convening, "priya", title="Home visits")
    cast.browser("sam").post(f"/convenings/{convening}/release")
    visitor = cast.browser()
    assert "Home visits" not in text_of(visitor.get("/awards/teach-on/convening"))
    assert visitor.get(f"/awards/teach-on/sessions/{other}").status_code == 404


def test_an_empty_agenda_and_an_unpublished_convening_are_not_released(cast, convening, day):
    sam = cast.browser("sam")
    assert "still empty" in text_of(sam.post(f"/convenings/{convening}/release"))
    draft = add_convening(cast, published=False)
    assert "Publish the convening first" in text_of(sam.post(f"/convenings/{draft}/release"))
    assert cast.browser().get(f"/awards/teach-on/convenings/{draft}").status_code == 404


@pytest.fixture
def released(app, cast, convening, day):
    """A session in the second block of the first room; the agenda is public, and its presenter was told."""
    rooms, blocks = day
    session = confirmed(app, cast, convening)
    put(cast, convening, blocks[1], rooms[0], session)
    cast.browser("sam").post(f"/convenings/{convening}/release")
    run_jobs(app)
    return session


def test_presenters_are_told_once_and_again_after_a_move(app, cast, convening, day, released):
    import time_machine

    (rooms, blocks), session = day, released
    first = letters(app, "convenings/placed")
    assert [(m.to, "9:45 a.m." in m.subject) for m in first] == [("wanda@example.org", True)]
    assert "Room 101" in first[0].text
    put(cast, convening, blocks[2], rooms[1], session)
    put(cast, convening, blocks[2], rooms[0], session)
    run_jobs(app)
    assert len(letters(app, "convenings/placed")) == 1  # not while the organizer still moves things
    with time_machine.travel(now().timestamp() + 700, tick=True):
        run_jobs(app)
        run_jobs(app)
    told = letters(app, "convenings/placed")
    assert [("11:00 a.m." in m.subject, "Room 101" in m.text) for m in told[1:]] == [(True, True)]


def after(app, **span):
    """What was asked for later is done, so long from now."""
    import time_machine

    with time_machine.travel(now() + timedelta(**span), tick=True):
        run_jobs(app)


def test_presenters_are_told_when_the_organizer_has_paused(app, cast, convening, day, released):
    import time_machine

    (rooms, blocks), session = day, released
    put(cast, convening, blocks[2], rooms[0], session)
    with time_machine.travel(now() + timedelta(minutes=8), tick=True):
        put(cast, convening, blocks[2], rooms[1], session)
    after(app, minutes=12)
    assert len(letters(app, "convenings/placed")) == 1
    after(app, minutes=19)
    told = letters(app, "convenings/placed")
    assert ["Room 102" in m.text for m in told] == [False, True]


def test_taken_off_a_released_agenda_those_who_were_told_are_told(app, cast, convening, day):
    rooms, blocks = day
    told, never = confirmed(app, cast, convening), confirmed(app, cast, convening, "priya", title="Home visits")
    put(cast, convening, blocks[1], rooms[0], told)
    put(cast, convening, blocks[1], rooms[1], never)
    put(cast, convening, blocks[1], rooms[1], "", was=never)  # before the release: no letter named a place
    cast.browser("sam").post(f"/convenings/{convening}/release")
    run_jobs(app)
    put(cast, convening, blocks[1], rooms[0], "", was=told)
    put(cast, convening, blocks[2], rooms[0], told)
    put(cast, convening, blocks[2], rooms[0], "", was=told)
    after(app, minutes=11)
    after(app, minutes=11)
    found = letters(app, "convenings/unplaced")
    assert [m.to for m in found] == ["wanda@example.org"]
    assert "no place for now: Wait time" in found[0].subject
    assert "/proposals/" in found[0].text
    assert len(letters(app, "convenings/placed")) == 1
    put(cast, convening, blocks[2], rooms[0], told)
    put(cast, convening, blocks[2], rooms[0], "", was=told)  # tried, and no letter told it in between
    after(app, minutes=22)
    assert len(letters(app, "convenings/unplaced")) == 1
    put(cast, convening, blocks[2], rooms[1], told)
    after(app, minutes=33)
    assert [m.to for m in letters(app, "convenings/placed")] == ["wanda@example.org"] * 2
    assert len(letters(app, "convenings/unplaced")) == 1


def test_a_room_or_a_place_by_another_name_is_told(app, cast, convening, day, released):
    (rooms, _blocks), sam = day, cast.browser("sam")
    for name, of in (("Room 101", rooms[0]), ("Gym", rooms[1])):
        sam.post(f"/convenings/{convening}/rooms", {"name": name, "capacity": "25", "room": of})
    after(app, minutes=11)
    assert len(letters(app, "convenings/placed")) == 1
    sam.post(f"/convenings/{convening}/rooms", {"name": "Library", "room": rooms[0]})
    after(app, minutes=22)
    assert "Library, Booker Heights" in letters(app, "convenings/placed")[1].text
    with app.app_context():
        found = db.session.scalars(select(Convening)).one()
        form = {
            "name_en": "N",
            "day": found.day.isoformat(),
            "time_zone": found.time_zone,
            "opens_at": "2026-01-04T08:00",
            "closes_at": "2036-01-04T08:00",
            "lengths": "45",
            "audiences": "Everybody",
        }
    sam.post(f"/convenings/{convening}/setup", {**form, "place": "Maynard High School"})
    after(app, minutes=33)
    assert "Library, Maynard High School" in letters(app, "convenings/placed")[2].text
    sam.post(f"/convenings/{convening}/setup", {**form, "place": "Maynard High School", "name_en": "M"})
    after(app, minutes=44)
    assert len(letters(app, "convenings/placed")) == 3


def test_withdrawn_it_leaves_the_agenda(app, cast, convening, day):
    rooms, blocks = day
    public_id = add_proposal(cast, convening, stage="confirmed")
    place(cast, convening, public_id, blocks[1], rooms[0])
    cast.browser("sam").post(f"/convenings/{convening}/release")
    cast.browser("wanda").post(f"/proposals/{public_id}/withdraw")
    assert placed(app) == 0
    assert "Wait time" not in text_of(cast.browser().get("/awards/teach-on/convening"))


def test_a_typed_session_is_changed_and_taken_off(app, cast, convening, day):
    _rooms, blocks = day
    sam = cast.browser("sam")
    sam.post(
        f"/convenings/{convening}/sessions",
        {"kind": "meal", "title_en": "Lunch", "title_es": "Almuerzo", "language": "en"},
    )
    with app.app_context():
        from portal.convenings.models import Session

        lunch = db.session.scalars(select(Session)).one().public_id
    put(cast, convening, blocks[0], "", lunch)
    sam.post(f"/convenings/{convening}/release")
    assert "Almuerzo" in text_of(cast.browser().get("/awards/teach-on/convening?lang=es"))
    sam.post(f"/sessions/{lunch}/edit", {"kind": "meal", "title_en": "Lunch and circles", "language": "en"})
    assert "Lunch and circles" in text_of(cast.browser().get("/awards/teach-on/convening"))
    assert sam.post(f"/sessions/{lunch}/cancel").status_code == 303
    assert "Lunch" not in text_of(cast.browser().get("/awards/teach-on/convening"))


def test_a_members_talk_is_not_canceled_by_an_organizer(app, cast, convening):
    talk = confirmed(app, cast, convening)
    assert cast.browser("sam").post(f"/sessions/{talk}/cancel").status_code == 422


def test_the_next_convening_is_told_by_its_own_clock_however_many_are_planned(app, cast):
    import time_machine

    days, where = [*range(90, 0, -8), 1], ZoneInfo("Pacific/Honolulu")
    for count in days:
        add_convening(cast, days=count)
    with app.app_context(), transaction() as s:
        dates = [found.day for found in s.scalars(select(Convening).order_by(Convening.id))]
        for found in s.scalars(select(Convening)):
            found.name, found.time_zone = {"en": f"Day {found.day}"}, where.key

    def shown(at):
        with time_machine.travel(at, tick=False):
            return text_of(cast.browser().get("/awards/teach-on/convening"))

    last_evening = datetime.combine(dates[-1], time(23, 30), where)
    assert f"Day {dates[-1]}" in shown(last_evening)
    assert f"Day {dates[-2]}" in shown(last_evening + timedelta(hours=1))
    assert f"Day {dates[0]}" in shown(last_evening + timedelta(days=400))
