"""Rooms and blocks, placing without clashes (also by two organizers at once), release, and what the public reads."""

import threading

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.convenings.actions import placing
from portal.convenings.models import Block, Convening, Placement, Proposal, Room
from portal.core.db import db, transaction
from portal.core.errors import Mistaken
from tests.cast import letters, run_jobs, text_of
from tests.convenings.world import add_convening, add_day, add_proposal, place, session_of


@pytest.fixture
def convening(cast):
    cast.person("sam")
    return add_convening(cast)


@pytest.fixture
def day(cast, convening):
    return add_day(cast, convening)


def put(cast, convening, block, room, session="", was="", name="sam", hx=False):
    form = {"block": block, "room": room, "session": session, "was": was}
    return cast.browser(name).post(f"/convenings/{convening}/agenda", form, hx=hx)


def confirmed(app, cast, convening, author="wanda", **typed):
    """The public id of the session of a confirmed proposal."""
    return session_of(app, add_proposal(cast, convening, author, "confirmed", **typed)).public_id


def placed(app):
    with app.app_context():
        return db.session.scalar(select(func.count(Placement.id)))


# Set-up ------------------------------------------------------------------------------------------------------------


def test_from_nothing_to_a_published_convening_by_the_pages_alone(app, cast):
    sam = cast.browser("sam")
    typed = {
        "name_en": "By teachers, for teachers",
        "name_es": "",
        "day": "2027-10-16",
        "place": "Booker Heights High School",
    }
    setup = sam.post("/programs/teach-on/convenings", typed).location
    form = {
        **typed,
        "time_zone": "America/New_York",
        "text_en": "Free, with lunch.",
        "opens_at": "2027-01-04T08:00",
        "closes_at": "2027-03-01T23:59",
        "lengths": "60, 30",
        "audiences": "Everybody | Todos\nNew teachers",
        "area1_en": "Leading",
        "area1_es": "Liderar",
        "area2_en": "Equity",
    }
    page = sam.post(setup, form, follow=True)
    assert "Saved" in text_of(page)
    base = setup.removesuffix("/setup")
    with app.app_context():
        made = db.session.scalars(select(Convening)).one()
        assert made.call.lengths == [30, 60]
        assert [a["name"] for a in made.areas] == [{"en": "Leading", "es": "Liderar"}, {"en": "Equity"}]
        assert made.call.closes_at.isoformat() == "2027-03-02T04:59:00+00:00"
        assert [a["name"].get("es") for a in made.call.audiences] == ["Todos", None]
    sam.post(f"{base}/rooms", {"name": "Library", "capacity": "40"})
    sam.post(f"{base}/blocks", {"starts": "09:45", "ends": "10:45"})
    sam.post(
        f"{base}/sessions",
        {"kind": "keynote", "title_en": "Cultivating a Calling", "speakers": "Dr. Reed", "language": "en"},
    )
    assert "Cultivating a Calling" in text_of(sam.get(f"{base}/day"))
    assert sam.post(f"{base}/publish").status_code == 303
    assert sam.post(f"{base}/publish").status_code == 409
    assert "The agenda is being made" in text_of(cast.browser().get("/awards/teach-on/convening"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"closes_at": "2026-01-01T08:00"}, "The call closes after it opens"),
        ({"lengths": "an hour"}, "Write minutes as numbers"),
        ({"lengths": "0"}, "Write minutes as numbers"),
        ({"name_en": ""}, "Write the convening"),
        ({"day": ""}, "Choose the day"),
    ],
)
def test_what_is_wrong_with_the_set_up_is_said(cast, convening, change, told):
    form = {
        "name_en": "N",
        "day": "2027-10-16",
        "time_zone": "America/New_York",
        "opens_at": "2027-01-04T08:00",
        "closes_at": "2027-03-01T23:59",
        "lengths": "60",
        "audiences": "Everybody",
        **change,
    }
    page = cast.browser("sam").post(f"/convenings/{convening}/setup", form)
    assert page.status_code == 422
    assert told in text_of(page)


def test_blocks_keep_their_hours_when_the_day_moves(app, cast, convening, day):
    form = {
        "name_en": "N",
        "day": "2027-12-11",
        "time_zone": "America/New_York",
        "opens_at": "2027-01-04T08:00",
        "closes_at": "2027-03-01T23:59",
        "lengths": "60",
        "audiences": "Everybody",
    }
    assert cast.browser("sam").post(f"/convenings/{convening}/setup", form).status_code == 303
    with app.app_context():
        starts = [b.starts_at.isoformat() for b in db.session.scalars(select(Block).order_by(Block.starts_at))]
    assert starts == ["2027-12-11T13:45:00+00:00", "2027-12-11T14:45:00+00:00", "2027-12-11T16:00:00+00:00"]


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        ("10:00", "11:30", "overlaps the block from 9:45 a.m. to 10:45 a.m."),
        ("14:00", "13:00", "ends after it starts"),
        ("", "13:00", "Choose when the block starts"),
        ("13:00", "14:00", None),
        ("10:45", "11:00", None),
    ],
)
def test_blocks_do_not_overlap(cast, convening, day, starts, ends, told):
    page = cast.browser("sam").post(f"/convenings/{convening}/blocks", {"starts": starts, "ends": ends})
    assert page.status_code == (422 if told else 303)
    assert not told or told in text_of(page)


def test_rooms_have_names_of_their_own_and_go_only_when_empty(app, cast, convening, day):
    sam, (rooms, blocks) = cast.browser("sam"), day
    assert "already a room called" in text_of(sam.post(f"/convenings/{convening}/rooms", {"name": "room 101"}))
    put(cast, convening, blocks[1], rooms[0], confirmed(app, cast, convening))
    assert sam.post(f"/convenings/{convening}/rooms/{rooms[0]}/remove").status_code == 422
    assert sam.post(f"/convenings/{convening}/rooms/{rooms[1]}/remove").status_code == 303
    assert sam.post(f"/convenings/{convening}/blocks/{blocks[1]}/remove").status_code == 422
    assert sam.post(f"/convenings/{convening}/blocks/{blocks[2]}/remove").status_code == 303
    renamed = sam.post(f"/convenings/{convening}/rooms", {"name": "Library", "room": rooms[0]}, follow=True)
    assert "Library" in text_of(renamed)


# Placing -----------------------------------------------------------------------------------------------------------


def test_place_move_replace_and_take_off(app, cast, convening, day):
    rooms, blocks = day
    one = confirmed(app, cast, convening)
    two = confirmed(app, cast, convening, "priya", title="Home visits")
    assert put(cast, convening, blocks[1], rooms[0], one).status_code == 303
    assert put(cast, convening, blocks[1], rooms[1], one).status_code == 303  # moved, not doubled
    assert placed(app) == 1
    assert put(cast, convening, blocks[1], rooms[1], two, was=one).status_code == 303  # replaced what was seen there
    assert placed(app) == 1
    grid = put(cast, convening, blocks[1], rooms[1], "", was=two, hx=True)
    assert grid.get_data(as_text=True).lstrip().startswith('<div id="grid"')
    assert "2 sessions wait for a place" in text_of(grid)
    assert put(cast, convening, blocks[1], rooms[1], "", was=two).status_code == 409


def test_a_taken_room_is_named(app, cast, convening, day):
    rooms, blocks = day
    one, two = confirmed(app, cast, convening), confirmed(app, cast, convening, "priya", title="Home visits")
    put(cast, convening, blocks[1], rooms[0], one)
    page = put(cast, convening, blocks[1], rooms[0], two)
    assert page.status_code == 422
    assert "Room 101 at 9:45 a.m. already holds “Wait time is a design decision”" in text_of(page)
    assert placed(app) == 1


def test_a_presenter_in_two_rooms_is_named_with_the_place(app, cast, convening, day):
    rooms, blocks = day
    one, two = confirmed(app, cast, convening), confirmed(app, cast, convening, title="Another one")
    put(cast, convening, blocks[1], rooms[0], one)
    page = put(cast, convening, blocks[1], rooms[1], two)
    assert page.status_code == 422
    assert "Wanda Example is already in Room 101 at 9:45 a.m., with “Wait time is a design decision”" in text_of(page)
    assert put(cast, convening, blocks[2], rooms[1], two).status_code == 303


def test_a_block_for_everybody_holds_one_thing(app, cast, convening, day):
    rooms, blocks = day
    one, two = confirmed(app, cast, convening), confirmed(app, cast, convening, "priya", title="Home visits")
    assert put(cast, convening, blocks[0], "", one).status_code == 303
    assert "is for everybody at 8:45 a.m." in text_of(put(cast, convening, blocks[0], rooms[1], two))
    assert put(cast, convening, blocks[0], rooms[1], one, was=one).status_code == 303  # gains a room
    assert put(cast, convening, blocks[1], "", two).status_code == 422  # a parallel block needs one


def race(app, moves):
    """Runs the placements at once, as two organizers; how many were refused."""
    gate, refused, problems = threading.Barrier(len(moves)), [], []

    def run(convening, session, block, room):
        with app.app_context():
            try:
                gate.wait()
                with transaction():
                    sam = db.session.scalars(select(Person).where(Person.email == "sam@example.org")).one()
                    found = {
                        m: db.session.scalars(select(m).where(m.public_id == i)).one()
                        for m, i in ((Convening, convening), (Block, block), (Room, room))
                    }
                    from portal.convenings.models import Session

                    talk = db.session.scalars(select(Session).where(Session.public_id == session)).one()
                    placing.place(sam, found[Convening], talk, found[Block], found[Room])
            except Mistaken as mistake:
                refused.append(mistake.reason)
            except Exception as error:
                problems.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=move) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    return refused


def test_two_organizers_fill_one_room_at_once(app, cast, convening, day):
    rooms, blocks = day
    one, two = confirmed(app, cast, convening), confirmed(app, cast, convening, "priya", title="Home visits")
    refused = race(app, [(convening, one, blocks[1], rooms[0]), (convening, two, blocks[1], rooms[0])])
    assert (len(refused), placed(app)) == (1, 1)
    assert "already holds" in refused[0]


def test_two_organizers_place_one_presenter_twice_at_once(app, cast, convening, day):
    rooms, blocks = day
    one, two = confirmed(app, cast, convening), confirmed(app, cast, convening, title="Another one")
    refused = race(app, [(convening, one, blocks[1], rooms[0]), (convening, two, blocks[1], rooms[1])])
    assert (len(refused), placed(app)) == (1, 1)
    assert "Nobody can present in two rooms at once" in refused[0]


def test_the_database_itself_refuses_a_room_twice(app, cast, convening, day):
    from sqlalchemy.exc import IntegrityError

    rooms, blocks = day
    put(cast, convening, blocks[1], rooms[0], confirmed(app, cast, convening))
    two = add_proposal(cast, convening, "priya", "confirmed", title="Home visits")
    with app.app_context(), pytest.raises(IntegrityError), transaction() as s:
        first = s.scalars(select(Placement)).one()
        talk = s.scalars(select(Proposal).where(Proposal.public_id == two)).one().session
        s.add(
            Placement(
                convening_id=first.convening_id, session_id=talk.id, block_id=first.block_id, room_id=first.room_id
            )
        )
        s.flush()
    assert placed(app) == 1


@pytest.mark.parametrize("name", ["wanda", "vera", "priya", "ada"])
def test_only_organizers_set_up_and_place(cast, convening, day, name):
    rooms, blocks = day
    browser = cast.browser(name)
    for path in ("agenda", "day", "setup"):
        assert browser.get(f"/convenings/{convening}/{path}").status_code == 403
    for path in (
        "agenda",
        "rooms",
        "blocks",
        "sessions",
        "publish",
        "release",
        "setup",
        f"rooms/{rooms[0]}/remove",
        f"blocks/{blocks[0]}/remove",
    ):
        assert browser.post(f"/convenings/{convening}/{path}", {"name": "X"}).status_code == 403
    assert browser.get("/programs/teach-on/convenings").status_code == (200 if name == "ada" else 403)
    assert browser.post("/programs/teach-on/convenings", {"name_en": "X", "day": "2027-01-01"}).status_code == 403


# Release and the public page ----------------------------------------------------------------------------------------


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


def test_presenters_are_told_once_and_again_after_a_move(app, cast, convening, day):
    import time_machine

    from portal.core.clock import now

    rooms, blocks = day
    session = confirmed(app, cast, convening)
    put(cast, convening, blocks[1], rooms[0], session)
    sam = cast.browser("sam")
    sam.post(f"/convenings/{convening}/release")
    run_jobs(app)
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
