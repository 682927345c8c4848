"""What the public pages of a program show, gathered once: where the year stands, who won, and until when that holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, select

from portal.core import clock
from portal.programs import queries, rules
from portal.programs.models import Cycle, District, Program
from portal.site.timeline import Step, next_midnight, steps
from portal.site.winners import NAMED, WinnerClass, winner_classes


@dataclass(frozen=True)
class ProgramPage:
    """The public page of a program at one moment. `phase`: "none", "before", "open", "closed" or "announced"."""

    program: Program
    cycle: Cycle | None
    version: str
    phase: str
    opens_at: datetime | None
    closes_at: datetime | None
    steps: Sequence[Step]
    districts: Sequence[District]
    eligibility: Sequence[Any]
    classes: Sequence[WinnerClass]
    good_until: datetime
    is_draft: bool = False  # no year was ever published: its staff alone see the page
    texts: dict[str, Any] = field(default_factory=dict)

    @property
    def honored(self) -> int:
        """How many educators have been honored: before the portal kept count, and since."""
        before = int((self.texts.get("honored") or {}).get("before", 0))
        return before + sum(each.count for each in self.classes)

    @property
    def newest(self) -> int:
        """How many leaves of the wreath are gold: the newest class."""
        return self.classes[0].count if self.classes else 0


def program_page(program: Program, at: datetime | None = None) -> ProgramPage:
    """Everything the page shows: at most six queries, whatever the number of rows."""
    at = at or clock.now()
    zone = ZoneInfo(program.time_zone)
    # The version is read before the rest, so that a page never claims to be newer than what it shows.
    cycles = queries.cycles_of(program)
    announcements = [each.announced_at for each in cycles if each.announced_at]
    cycle = queries.current_among(cycles, at)
    classes = winner_classes(program)
    named = sum(len(each.winners) for each in classes)
    windows = cycle.windows if cycle else []
    nominations = rules.window_named(windows, "nominations")
    changes = [next_midnight(at, zone), rules.next_change(windows, at)]
    return ProgramPage(
        program=program,
        cycle=cycle,
        version=spoken_version(program.public_id, program.version, max(announcements, default=None), named),
        phase=_phase(cycle, nominations, at),
        opens_at=nominations.opens_at if nominations else None,
        closes_at=nominations.closes_at if nominations else None,
        steps=steps(windows, cycle.rounds if cycle else [], at, zone),
        districts=queries.districts_of(program.id),
        eligibility=[rule for rule in cycle.eligibility if rule.public] if cycle else [],
        classes=classes,
        good_until=min(moment for moment in changes if moment is not None),
        is_draft=all(each.state == "draft" for each in cycles),
        texts=program.texts,
    )


def _phase(cycle: Cycle | None, nominations: Any, at: datetime) -> str:
    if cycle is None or nominations is None:
        return "none"
    if cycle.announced_at:
        return "announced"
    if nominations.opens_at > at:
        return "before"
    return "open" if nominations.is_open(at) else "closed"


# What every kept copy of a program's page depends on: its version, and the announcements with their named winners,
# which are asked for by themselves so that no page can lag behind one.
VERSION = select(
    Program.public_id,
    Program.version,
    select(func.max(Cycle.announced_at)).where(Cycle.program_id == Program.id).correlate(Program).scalar_subquery(),
    NAMED,
).where(Program.slug == bindparam("slug"))


def page_version(connection: Connection, slug: str) -> str | None:
    """The version of the page at that address as one text; None when there is no such program."""
    found = connection.execute(VERSION, {"slug": slug}).first()
    return spoken_version(*found) if found else None


def spoken_version(public_id: str, version: int, announced_at: datetime | None, named: int) -> str:
    """Which program (one that was made anew begins at version 1 again), its version, its announcements."""
    return f"{public_id}.{version}@{announced_at.isoformat() if announced_at else ''}.{named}"
