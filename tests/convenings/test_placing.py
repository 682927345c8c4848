"""Sessions are placed without clashes, also by two organizers at once; only organizers may."""

import threading

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.convenings.actions import placing
from portal.convenings.models import Block, Convening, Placement, Proposal, Room
from portal.core.db import db, transaction
from portal.core.errors import Mistaken
from tests.cast import text_of
from tests.convenings.world import add_proposal, confirmed, placed, put


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


def test_what_was_seen_in_a_place_and_stands_elsewhere_by_now_stays_there(app, cast, convening, day):
    rooms, blocks = day
    one = confirmed(app, cast, convening)
    two = confirmed(app, cast, convening, "priya", title="Home visits")
    put(cast, convening, blocks[1], rooms[0], one)
    put(cast, convening, blocks[1], rooms[1], one, name="sofia")  # meanwhile, in another window
    assert put(cast, convening, blocks[1], rooms[0], two, was=one).status_code == 303
    assert placed(app) == 2
    put(cast, convening, blocks[2], rooms[1], one, name="sofia")
    page = put(cast, convening, blocks[1], rooms[0], one, was=one)  # its own place is no obstacle
    assert (page.status_code, "already holds “Home visits”" in text_of(page)) == (422, True)


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
