"""The phase of a year as a table; which cycle is meant; the school directory; who may see and publish the year."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.programs import queries, rules
from portal.programs.actions import move_window
from portal.programs.definition import parse_definition, windows_for
from tests.cast import Cast, text_of
from tests.programs.test_definition import DEFAULT
from tests.programs.test_load import DURING, load

OPENING = datetime(2026, 8, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "phase"),
    [
        (-1, "before"),
        (0, "nominations"),
        (62, "nominations"),
        (63, "application"),
        (101, "application.scoring"),
        (114, "between"),
        (116, "essay"),
        (133, "essay.scoring"),
        (150, "between"),
        (155, "observation.scoring"),
        (170, "observation.scoring"),
        (183, "interview.scoring"),
        (195, "between"),
        (206, "notices"),
        (220, "between"),
        (235, "between"),
        (236, "after"),
    ],
)
def test_the_phase_is_a_property_of_windows_and_the_clock(days, phase):
    windows = windows_for(parse_definition(DEFAULT), date(2026, 8, 31))
    # 10:00 in Atlanta; an hour later in winter, which changes nothing here
    assert rules.phase(windows, OPENING + timedelta(days=days, hours=2)) == phase


def test_a_window_is_open_from_its_opening_until_its_closing():
    windows = windows_for(parse_definition(DEFAULT), date(2026, 8, 31))
    nominations = rules.window_named(windows, "nominations")
    second = timedelta(seconds=1)
    table = [
        (nominations.opens_at - second, False),
        (nominations.opens_at, True),
        (nominations.closes_at - second, True),
        (nominations.closes_at, False),
    ]
    assert [rules.is_open(windows, "nominations", at) for at, _ in table] == [expected for _, expected in table]
    assert rules.is_open(windows, "no such window", nominations.opens_at) is False
    assert rules.next_change(windows, nominations.opens_at - second) == nominations.opens_at
    assert rules.next_change(windows, nominations.opens_at + timedelta(days=500)) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("magnolia ch", ["Magnolia Charter School"]),
        ("MAG cha", ["Magnolia Charter School"]),
        ("Mágnolia charter", ["Magnolia Charter School"]),
        ("stone ridge", ["Stone Ridge Middle School"]),
        ("ridge mid", ["Stone Ridge Middle School"]),
        ("m", []),
        ("", []),
        ("%%", []),
        ("nothing like it", []),
    ],
)
def test_schools_are_found_by_the_beginnings_of_their_words(app, typed, found):
    load(app)
    with app.app_context():
        program = queries.program_by_slug("teach-on")
        assert [school.name for school in queries.schools_matching(program.id, typed)] == found


def test_a_school_of_that_name_is_found_where_only_one_can_be_meant(app):
    load(app)
    with app.app_context():
        program = queries.program_by_slug("teach-on")
        districts = {district.key: district.id for district in queries.districts_of(program.id)}
        named = queries.school_named
        assert named(program.id, "CHATTAHOOCHEE charter  school", districts["cobb"]).district.name == "Cobb County"
        assert named(program.id, "Chattahoochee Charter School") is None  # there are two
        assert named(program.id, "Lantern Hill Academy").city == "Atlanta"
        assert named(program.id, "Lantern Hill Academy", districts["cobb"]) is None


@pytest.mark.parametrize(
    ("opens", "closes", "refusal"),
    [
        (None, timedelta(days=10), None),
        (None, timedelta(days=-30), "already be closed"),
        (timedelta(days=1), None, "already opened"),
    ],
)
def test_an_open_window_may_only_close_later_than_now(app, opens, closes, refusal):
    load(app)
    with time_machine.travel(DURING, tick=False), app.app_context():
        cycle = queries.current_cycle(queries.program_by_slug("teach-on"))
        window = rules.window_named(cycle.windows, "nominations")
        wanted = {"opens_at": opens and DURING + opens, "closes_at": closes and DURING + closes + timedelta(days=20)}
        if refusal:
            with pytest.raises(Mistaken, match=refusal), transaction():
                move_window(window, "operator", **wanted)
            assert rules.window_named(cycle.windows, "nominations").opens_at == OPENING
        else:
            with transaction():
                move_window(window, "operator", **wanted)
            assert window.closes_at == DURING + timedelta(days=30)


@pytest.mark.parametrize(
    ("who", "status"), [("sam", 200), ("ada", 200), ("priya", 404), ("chen", 404), ("vera", 404), (None, 303)]
)
def test_who_sees_the_year(cast: Cast, who, status):
    page = cast.browser(who).get(f"/cycles/{cast.cycle}/year")
    assert page.status_code == status
    if status == 200:
        words = text_of(page)
        assert "Round 1, applications" in words
        assert "Student confidence and belonging" in words
        assert "Student learning: Exceptional" in words


@pytest.mark.parametrize(("who", "status"), [("sam", 303), ("ada", 403), ("priya", 404)])
def test_who_publishes_a_draft(cast: Cast, app, who, status):
    with app.app_context(), transaction() as session:
        session.get(queries.Cycle, cast.cycle_id).state = "draft"
    browser = cast.browser(who)
    assert ("Publish the year" in text_of(browser.get(f"/cycles/{cast.cycle}/year"))) == (who == "sam")
    assert browser.post(f"/cycles/{cast.cycle}/publish").status_code == status
    with app.app_context():
        cycle = queries.cycle_by_public_id(cast.cycle)
        assert cycle.state == ("published" if status == 303 else "draft")
    if status == 303:
        assert browser.post(f"/cycles/{cast.cycle}/publish").status_code == 409
