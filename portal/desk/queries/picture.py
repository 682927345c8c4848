"""What the page of the cycle needs beside the desk's pictures: last year's days, and the districts that are shown."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from portal.desk.queries.cycle import Pictures
from portal.programs.models import Cycle
from portal.programs.rules import window_named

MOST_DISTRICTS = 20  # rows of a table that fit on a page; the others stand together in one


@dataclass(frozen=True)
class Year:
    """The days of one cycle's nominations, counted from the day on which its window opened (day 0)."""

    name: str
    opens: date
    closes: date
    days: dict[int, int]


def year_of(cycle: Cycle, days: dict[date, int]) -> Year | None:
    """The cycle's days on its own calendar; None when it has no window of nominations with an end."""
    window = window_named(cycle.windows, "nominations")
    if window is None or window.closes_at is None:
        return None
    zone = ZoneInfo(cycle.program.time_zone)
    opens, closes = window.opens_at.astimezone(zone).date(), window.closes_at.astimezone(zone).date()
    counted: Counter[int] = Counter()
    for day, n in days.items():
        counted[max((day - opens).days, 0)] += n
    return Year(cycle.name, opens, closes, dict(counted))


def shown_districts(drawn: Pictures, most: int = MOST_DISTRICTS) -> tuple[list[int], list[int]]:
    """(districts that get a row of their own, the rest): all of a few; of many those with the most nominations, then
    schools."""
    wrote: Counter[int | None] = Counter()
    for (district, _group), n in drawn.groups.items():
        wrote[district] += n
    every = list(drawn.districts)
    if len(every) <= most:
        return every, []
    by_size = sorted(every, key=lambda d: (-wrote[d], -drawn.schools.get(d, (0, 0))[1], drawn.districts[d]))
    first = set(by_size[: most - 1])
    return [d for d in every if d in first], [d for d in every if d not in first]
