"""The desk's pictures from plain numbers: how dark they are, what the clock says, which district is quiet."""

from collections import namedtuple
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from portal.desk import figures

Span = namedtuple("Span", "key name opens_at closes_at")
NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("n", "most", "level"), [(0, 40, 0), (1, 40, 1), (8, 40, 1), (9, 40, 2), (40, 40, 5), (3, 0, 0)]
)
def test_levels_are_fifths_of_the_largest(n: int, most: int, level: int) -> None:
    assert figures.level(n, most) == level


def _span(key: str, opens: int, closes: int | None) -> Span:
    return Span(key, key, NOON + timedelta(hours=opens), None if closes is None else NOON + timedelta(hours=closes))


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([], None),
        ([_span("a", -50, -2)], None),
        ([_span("a", -50, 33)], ("a", True, 1, 9)),
        ([_span("a", -50, 300), _span("b", -5, 26)], ("b", True, 1, 2)),
        ([_span("a", -50, -2), _span("b", 12, 40)], ("b", False, 0, 12)),
        ([_span("a", -50, 0), _span("c", 30, None)], ("c", False, 1, 6)),  # closing is exclusive
    ],
)
def test_the_clock_runs_to_the_next_closing_else_opening(
    windows: list[Span], expected: tuple[object, ...] | None
) -> None:
    found = figures.next_deadline(windows, NOON)
    assert (found and (found.key, found.closes, found.days, found.hours)) == expected


def _seat(left: int, hours: int | None) -> SimpleNamespace:
    due = None if hours is None else NOON + timedelta(hours=hours)
    return SimpleNamespace(open=left, panel=SimpleNamespace(due_at=due, round=SimpleNamespace(name=f"r{hours}")))


@pytest.mark.parametrize(
    ("seats", "expected"),
    [
        ([], None),
        ([_seat(2, None)], None),
        ([_seat(0, 30)], None),  # nothing left to read
        ([_seat(2, -1)], None),
        ([_seat(2, 30), _seat(1, 25), _seat(0, 3)], ("r25", 1, 1)),
    ],
)
def test_a_readers_clock_runs_to_their_own_due_date(
    seats: list[SimpleNamespace], expected: tuple[object, ...] | None
) -> None:
    found = figures.next_due(seats, NOON)
    assert (found and (found.name, found.days, found.hours)) == expected


def test_each_day_of_the_window_has_a_bar_at_most_its_last_part() -> None:
    day = date(2026, 11, 17)
    bars = figures.bars({day: 4, day - timedelta(days=1): 2}, day - timedelta(days=2), day + timedelta(days=1), day)
    assert bars == [(0, "past"), (2, "past"), (4, "now"), (0, "next")]
    assert figures.days_written(bars, day + timedelta(days=1)) == [(day - timedelta(days=1), 2), (day, 4)]
    assert len(figures.bars({}, day - timedelta(days=400), day, day)) == figures.MOST_BARS


@pytest.mark.parametrize(
    ("schools", "district"),
    [
        ({1: (41, 87), 2: (30, 112), 3: (1, 12)}, 3),
        ({1: (41, 87), 2: (30, 112)}, None),
        ({1: (5, 10), 2: (0, 3)}, None),
        ({1: (0, 10), 2: (0, 10)}, None),
        ({}, None),
    ],
)
def test_the_quiet_district(schools: dict[int, tuple[int, int]], district: int | None) -> None:
    assert figures.quiet_district(schools) == district
