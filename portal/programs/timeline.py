"""A year's windows as a picture: bars along months, drawn on the server. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Bar:
    """One window: what it is, where it lies from 0 to 100, how it stands (past, now, next), and its two moments."""

    label: Any
    note: Any
    x: float
    width: float
    state: str
    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class Picture:
    """The bars in the order they open; `months` are (x, first day of the month), `today` where we are, or None."""

    bars: list[Bar]
    months: list[tuple[float, datetime]]
    today: float | None


MOST_MONTHS = 14  # whose names fit side by side
NARROWEST = 0.6  # percent: an afternoon in a year can still be seen


def picture(spans: Sequence[tuple[Any, Any, datetime, datetime]], at: datetime, zone: ZoneInfo) -> Picture | None:
    """The picture of (label, note, opens, closes); None without a single one."""
    if not spans:
        return None
    spans = sorted(spans, key=lambda span: (span[2], span[3]))
    begin = min(span[2] for span in spans)
    end = max(max(span[3] for span in spans), begin + timedelta(days=1))
    whole = (end - begin).total_seconds()

    def place(moment: datetime) -> float:
        return round((moment - begin).total_seconds() / whole * 100, 2)

    def bar(label: Any, note: Any, opens: datetime, closes: datetime) -> Bar:
        width = max(place(closes) - place(opens), NARROWEST)
        return Bar(label, note, min(place(opens), 100 - width), width, _state(opens, closes, at), opens, closes)

    bars = [bar(*span) for span in spans]
    today = place(at) if begin <= at <= end else None
    return Picture(bars, [(place(each), each) for each in _months(begin.astimezone(zone), end)], today)


def _state(opens: datetime, closes: datetime, at: datetime) -> str:
    return "past" if closes <= at else "now" if opens <= at else "next"


def _months(begin: datetime, end: datetime) -> list[datetime]:
    """The first of each month, or of every third (sixth, ...) one where they would be too many to read."""
    firsts = []
    year, month = begin.year, begin.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        first = datetime(year, month, 1, tzinfo=begin.tzinfo)
        if first >= end:
            break
        firsts.append(first)
    every = 1 if len(firsts) <= MOST_MONTHS else 3 * -(-len(firsts) // (3 * MOST_MONTHS))
    return firsts[::every]
