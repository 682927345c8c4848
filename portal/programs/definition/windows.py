"""From offsets to moments: the windows of a cycle that opens on a given day, in the program's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.programs.definition.shape import Offset, ProgramDefinition

# A window written "closes 23:59" is open through that whole minute, which is how people read it.
LAST_SECOND = timedelta(seconds=59)


class WindowTimes(NamedTuple):
    """One window: its key and two aware moments in the program's zone."""

    key: str
    opens_at: datetime
    closes_at: datetime


def moment(offset: Offset, opening_day: date, zone: ZoneInfo) -> datetime:
    """The wall-clock time of an offset. Where spring skips it, the time the clock jumps to; in fall, the first."""
    local = datetime.combine(opening_day + timedelta(days=offset.day), offset.at, zone)
    return local.astimezone(ZoneInfo("UTC")).astimezone(zone)


def windows_for(definition: ProgramDefinition, opening_day: date) -> list[WindowTimes]:
    """All windows in the order they open: those of the cycle, and "KEY" and "KEY.scoring" for each round."""
    zone = ZoneInfo(definition.time_zone)
    every = [*definition.windows]
    for round_ in definition.rounds:
        every += [round_.window, round_.scoring]
    times = []
    for each in every:
        opens, closes = moment(each.opens, opening_day, zone), moment(each.closes, opening_day, zone)
        times.append(WindowTimes(each.key, opens, closes + LAST_SECOND))
    return sorted(times, key=lambda window: window.opens_at)
