"""Windows: offsets from an opening day become the moments people read on the program's wall clock, across DST."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.programs import timeline
from portal.programs.definition import parse_definition, windows_for
from tests.programs.test_definition import DEFAULT


def test_the_windows_of_2021_22_are_those_of_the_real_program():
    found = {key: (f"{opens:%m-%d %H:%M %Z}", f"{closes:%m-%d %H:%M %Z}") for key, opens, closes in
             windows_for(parse_definition(DEFAULT), date(2021, 9, 27))}  # fmt: skip
    assert found == {
        "nominations": ("09-27 08:00 EDT", "11-28 23:59 EST"),
        "consent": ("09-27 08:00 EDT", "12-12 23:59 EST"),
        "application": ("11-29 08:00 EST", "01-05 23:59 EST"),
        "application.scoring": ("01-06 08:00 EST", "01-18 23:59 EST"),
        "essay": ("01-21 08:00 EST", "02-06 23:59 EST"),
        "essay.scoring": ("02-07 08:00 EST", "02-22 23:59 EST"),
        "observation": ("03-01 08:00 EST", "03-13 17:00 EDT"),
        "observation.scoring": ("03-01 08:00 EST", "03-18 23:59 EDT"),
        "interview": ("03-28 08:00 EDT", "04-01 17:00 EDT"),
        "interview.scoring": ("03-28 08:00 EDT", "04-05 23:59 EDT"),
        "notices": ("04-21 09:00 EDT", "04-21 15:00 EDT"),
        "ceremony": ("05-20 18:00 EDT", "05-20 21:00 EDT"),
    }


@pytest.mark.parametrize("opening_day", [date(2021, 9, 27), date(2026, 8, 31), date(2027, 3, 1), date(2028, 2, 29)])
def test_every_moment_is_aware_in_order_and_says_the_wall_time_that_was_written(opening_day):
    definition = parse_definition(DEFAULT)
    windows = windows_for(definition, opening_day)
    assert [window.opens_at for window in windows] == sorted(window.opens_at for window in windows)
    for window in windows:
        assert window.opens_at < window.closes_at
        assert window.opens_at.utcoffset() is not None
        assert window.closes_at.second == 59
    (nominations,) = [window for window in windows if window.key == "nominations"]
    assert (nominations.opens_at.date(), nominations.opens_at.hour) == (opening_day, 8)


@pytest.mark.parametrize(("days", "months"), [(20, 1), (430, 14), (460, 5), (1200, 14), (1400, 8)])
def test_the_months_of_a_picture_can_be_read_however_long_the_year_is(days, months):
    begin = datetime(2026, 8, 20, tzinfo=UTC)
    drawn = timeline.picture([("", "", begin, begin + timedelta(days=days))], begin, ZoneInfo("UTC"))
    assert len(drawn.months) == months <= timeline.MOST_MONTHS


@pytest.mark.parametrize(
    ("opening_day", "written", "utc"),
    [
        (date(2026, 3, 8), "day 0 at 02:30", "2026-03-08 07:30"),  # skipped in spring: becomes 3:30 daylight time
        (date(2026, 11, 1), "day 0 at 01:30", "2026-11-01 05:30"),  # twice in fall: the first
        (date(2026, 3, 7), "day 0 at 08:00", "2026-03-07 13:00"),
        (date(2026, 3, 8), "day 0 at 08:00", "2026-03-08 12:00"),
    ],
)
def test_the_hours_that_clocks_skip_or_repeat(opening_day, written, utc):
    definition = parse_definition(DEFAULT.replace('opens = "day 0 at 08:00"', f'opens = "{written}"', 1))
    (nominations,) = [w for w in windows_for(definition, opening_day) if w.key == "nominations"]
    assert f"{nominations.opens_at.astimezone(UTC):%Y-%m-%d %H:%M}" == utc
