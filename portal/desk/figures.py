"""The desk's pictures from plain numbers: the clock, the days, how dark a number is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

LEVELS = 5
MOST_BARS = 110
READING = "reading"  # the key of a reader's own clock


@dataclass(frozen=True)
class Clock:
    """The next moment that matters: which window, whether it opens or closes then, and how long that is."""

    name: Any  # the window's or the round's name by language
    key: str
    at: datetime
    closes: bool
    days: int
    hours: int


def next_deadline(windows: Sequence[Any], moment: datetime) -> Clock | None:
    """The closing of the open window that closes first; when nothing is open, the next opening."""
    closing = [(w.closes_at, w, True) for w in windows if w.closes_at and w.opens_at <= moment < w.closes_at]
    opening = [(w.opens_at, w, False) for w in windows if w.opens_at > moment]
    if not closing and not opening:
        return None
    at, window, closes = min(closing or opening, key=lambda each: each[0])
    return _clock(window.name, window.key, at, moment, closes)


def next_due(seats: Sequence[Any], moment: datetime) -> Clock | None:
    """When a reader's own reviews are due: the first date ahead of the panels that have files left for them."""
    due = [(s.panel.due_at, s.panel.round.name) for s in seats if s.open and s.panel.due_at and s.panel.due_at > moment]
    if not due:
        return None
    at, name = min(due, key=lambda each: each[0])
    return _clock(name, READING, at, moment)


def _clock(name: Any, key: str, at: datetime, moment: datetime, closes: bool = True) -> Clock:
    left = at - moment
    return Clock(name, key, at, closes, left.days, left.seconds // 3600)


def level(n: int, most: int) -> int:
    """0 for none, else 1 to 5 by the share of the largest shown number."""
    return 0 if n <= 0 or most <= 0 else max(1, min(LEVELS, -(-n * LEVELS // most)))


def bars(days: Mapping[date, int], opens: date, closes: date, today: date) -> list[tuple[int, str]]:
    """(count, "past" | "now" | "next") a day from the opening to the closing; of a long window, its last part."""
    first = max(opens, closes - timedelta(days=MOST_BARS - 1))
    length = (closes - first).days + 1
    states = ((first + timedelta(days=i)) for i in range(max(length, 0)))
    return [(days.get(d, 0), "past" if d < today else "now" if d == today else "next") for d in states]


def days_written(drawn: Sequence[tuple[int, str]], closes: date) -> list[tuple[date, int]]:
    """The days of these bars on which somebody wrote, with how many: the bars' table."""
    first = closes - timedelta(days=len(drawn) - 1)
    return [(first + timedelta(days=i), n) for i, (n, _state) in enumerate(drawn) if n]


def quiet_district(schools: Mapping[int, tuple[int, int]]) -> int | None:
    """A district from which far fewer schools have written than from all together (under half the share), or None.

    Districts of fewer than four schools say too little; of several, the one with the smallest share.
    """
    heard, total = sum(h for h, _ in schools.values()), sum(t for _, t in schools.values())
    if not total or heard < len(schools):
        return None
    low = [(h / t, key) for key, (h, t) in schools.items() if t >= 4 and h / t < heard / total / 2]
    return min(low)[1] if low else None


def running(days: Mapping[int, int], until: int) -> tuple[int, ...]:
    """The running total from day 0 to day `until`, both included."""
    total, totals = 0, []
    for day in range(max(until, 0) + 1):
        total += days.get(day, 0)
        totals.append(total)
    return tuple(totals)


def line(totals: Sequence[int], length: int, most: int) -> str:
    """The running total as points of an SVG line in a field of 100 by 100, day 0 on the left, `most` at the top."""
    wide, high = max(length, 1), max(most, 1)
    return " ".join(f"{day / wide * 100:.2f},{100 - n / high * 100:.2f}" for day, n in enumerate(totals))


def weeks(this: Sequence[int], before: Sequence[int]) -> list[tuple[int, int | None, int | None]]:
    """(week from 1, total at its end this year, last year): the table behind the lines. None: not there (yet)."""
    length = max(len(this), len(before))
    ends = [min(start + 6, length - 1) for start in range(0, length, 7)]
    at = lambda totals, day: totals[day] if day < len(totals) else None  # noqa: E731
    return [(number, at(this, day), at(before, day)) for number, day in enumerate(ends, 1)]
