"""How many statements pages and writes send to the database: few, and the same for 1 and for 30 rows."""

import pytest

from tests.convenings.world import TYPED, add_convening, add_day, add_proposal, place, session_of
from tests.statements import how_many

PAGES = [
    (None, "/awards/teach-on/convening"),
    ("wanda", "/proposals"),
    ("wanda", "/convenings/{convening}/propose"),
    ("wanda", "/proposals/{proposal}"),
    ("wanda", "/proposals/{draft}/edit"),
    ("sam", "/programs/teach-on/convenings"),
    ("sam", "/convenings/{convening}"),
    ("sam", "/convenings/{convening}/proposals"),
    ("sam", "/convenings/{convening}/agenda"),
    ("sam", "/convenings/{convening}/day"),
    ("sam", "/proposals/{proposal}"),
]


def fill(cast, convening, day, count):
    """So many more confirmed sessions, one of them placed, and as many sent proposals by Wanda."""
    rooms, blocks = day
    for i in range(count):
        add_proposal(cast, convening, "wanda", title=f"Sent {i}")
        confirmed = add_proposal(cast, convening, "wanda", "confirmed", title=f"Confirmed {i}")
        if i == 0:
            place(cast, convening, confirmed, blocks[1], rooms[0])


@pytest.fixture
def world(app, cast):
    convening = add_convening(cast)
    day = add_day(cast, convening)
    fill(cast, convening, day, 1)
    cast.browser("sam").post(f"/convenings/{convening}/release")
    names = {
        "convening": convening,
        "draft": add_proposal(cast, convening, stage="draft"),
        "proposal": add_proposal(cast, convening, title="One more"),
    }
    return names, day


def reading(app, cast, names):
    """Statements a page, by (who, page)."""
    found = {}
    for who, page in PAGES:
        browser, url = cast.browser(who), page.format(**names)
        browser.get(url)
        found[who, page] = how_many(app, lambda b=browser, u=url: b.get(u))
    return found


def test_pages_send_the_same_few_statements_for_many_rows(app, cast, world):
    names, _day = world
    few = reading(app, cast, names)
    for i in range(9):
        add_proposal(cast, names["convening"], "wanda", title=f"Sent {i}")
        add_proposal(cast, names["convening"], "wanda", "confirmed", title=f"Confirmed {i}")
    assert reading(app, cast, names) == few
    assert {key: n for key, n in few.items() if n > 6} == {}


def test_a_save_as_one_types_and_a_placement_cost_the_same_in_a_full_day(app, cast, world):
    names, (rooms, blocks) = world
    waiting = session_of(app, add_proposal(cast, names["convening"], "wanda", "confirmed", title="To place")).public_id
    wanda, sam = cast.browser("wanda"), cast.browser("sam")
    token, organizer = wanda.token(), sam.token()
    save, grid = f"/proposals/{names['draft']}/save", f"/convenings/{names['convening']}/agenda"
    moves = [(blocks[2], rooms[0]), (blocks[2], rooms[1])]

    def write(step):
        block, room = moves[step]
        form = {"block": block, "room": room, "session": waiting, "was": "", "csrf_token": organizer}
        return (
            how_many(app, lambda: wanda.client.post(save, data={**TYPED, "csrf_token": token})),
            how_many(app, lambda: sam.client.post(grid, data=form)),
        )

    def send():
        draft = add_proposal(cast, names["convening"], stage="draft")
        form = {**TYPED, "do": "send", "csrf_token": token}
        return how_many(app, lambda: wanda.client.post(f"/proposals/{draft}/edit", data=form))

    first, sent = write(0), send()
    for i in range(5):
        add_proposal(cast, names["convening"], "wanda", "confirmed", title=f"Confirmed {i}")
    second = write(1)
    assert first[0] == second[0]
    assert second[1] <= first[1]
    assert first[0] <= 8
    assert first[1] <= 14
    assert send() == sent <= 14
