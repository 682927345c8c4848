"""What the acts of the demo share: the days, who plays which part, and where the rows are."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import db
from portal.core.links import Link
from portal.demo.script import Place, Script
from portal.demo.stage import Stage
from portal.programs import files as program_files
from portal.programs.files import ProgramFile
from portal.programs.models import Cycle, Program

PROGRAM = "teach-on"
OPEN_FOR = 40  # days that nominations have been open for today
YEAR = 364  # whole weeks: the same weekdays
SEED = 20_06
LAST_MINUTE = 24 - 1 / 60  # 23:59, in hours


@dataclass
class World:
    """The demo while it is being made. Rows are held by number: each transaction reads them afresh."""

    file: ProgramFile
    today: date
    stage: Stage
    rng: Random = field(default_factory=lambda: Random(SEED))
    program_id: int = 0
    cycle_id: int = 0
    last_cycle_id: int = 0
    people: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    @property
    def opening(self) -> date:
        """When this year's nominations opened."""
        return self.today - timedelta(days=OPEN_FOR)

    @property
    def last_opening(self) -> date:
        return self.opening - timedelta(days=YEAR)

    def this(self, day: int, hour: float = 9.0) -> datetime:
        """An hour of a day of this year's cycle, counted from its opening."""
        return self.stage.moment(self.opening + timedelta(days=day), hour)

    def ahead(self, day: int, hour: float) -> datetime:
        """The same, also where it lies ahead."""
        midnight = datetime.combine(self.opening + timedelta(days=day), datetime.min.time(), self.stage.zone)
        return (midnight + timedelta(hours=hour)).astimezone(UTC)

    def last(self, day: int, hour: float = 9.0) -> datetime:
        """The same, of last year's cycle."""
        return self.stage.moment(self.last_opening + timedelta(days=day), hour)

    def script(self, seed: int) -> Script:
        return Script(seed, self.places)

    def who(self, part: str) -> Person:
        """The person who plays this part ("sam", "chen")."""
        return db.session.get_one(Person, self.people[part])

    @property
    def program(self) -> Program:
        return db.session.get_one(Program, self.program_id)

    @property
    def cycle(self) -> Cycle:
        return db.session.get_one(Cycle, self.cycle_id)

    @property
    def last_cycle(self) -> Cycle:
        return db.session.get_one(Cycle, self.last_cycle_id)


def new_world() -> World:
    """An empty world around the present moment."""
    file = program_files.read(program_files.find(PROGRAM))
    zone = ZoneInfo(file.definition.time_zone)
    ends = now() - timedelta(minutes=3)
    return World(file, ends.astimezone(zone).date(), Stage(ends.astimezone(UTC), zone))


def year_name(opening: date) -> str:
    """How people call the award of a cycle: the year of its end, as `portal init` names it."""
    return str((opening + timedelta(days=183)).year)


def living_link(purpose: str, subject_id: int) -> Link:
    """The newest link that still opens this subject."""
    query = select(Link).where(Link.purpose == purpose, Link.subject_id == subject_id)
    query = query.where(Link.used_at.is_(None), Link.revoked_at.is_(None)).order_by(Link.id.desc())
    return db.session.scalars(query.limit(1)).one()
