"""A panel as its chair sees it: who sits on it, how far they are, what is missing; and the seat behind a link."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, literal, select, tuple_
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.paging import PAGE_SIZE, Page
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle, Round, School
from portal.review.models import Assignment, Conflict, Panel, Seat
from portal.review.queries.files import READS, STANDS

_FRAME = (joinedload(Panel.program), joinedload(Panel.round).joinedload(Round.cycle))
STAFF = ("organizer", "chair", "auditor")


@dataclass(frozen=True)
class Place:
    """A round and its panel, which may not be made yet: what the panel's page is asked about."""

    round: Round
    panel: Panel | None

    @property
    def program(self) -> Any:
        return self.round.program

    @property
    def program_id(self) -> int:
        return self.round.program_id

    @property
    def cycle_id(self) -> int:
        return self.round.cycle_id

    @property
    def panel_id(self) -> int | None:
        return self.panel.id if self.panel else None


def place_of_round(person: Any, public_id: str) -> Place | None:
    """The round with its panel, for who holds a role in the program; with several panels, the one they lead."""
    panels = select(Panel).join(Panel.round).where(Round.public_id == public_id).options(*_FRAME).order_by(Panel.id)
    found = list(db.session.scalars(panels))
    led = {r.panel_id for r in person.roles if r.name == "chair" and r.holds_now()}
    panel = next((p for p in found if p.id in led), found[0] if found else None)
    if panel:
        return Place(panel.round, panel) if _knows(person, panel) else None
    query = select(Round).where(Round.public_id == public_id).options(joinedload(Round.cycle).joinedload(Cycle.program))
    round_ = db.session.scalar(query)
    return Place(round_, None) if round_ and _knows(person, round_.program) else None


def _knows(person: Any, thing: Any) -> bool:
    return any(r.program_id == thing.program_id and r.holds_now() for r in person.roles)


def panel_by_id(person: Any, public_id: str) -> Panel | None:
    """A panel, for who holds a role in its program."""
    panel = db.session.scalar(select(Panel).where(Panel.public_id == public_id).options(*_FRAME))
    return panel if panel and _knows(person, panel) else None


def seat_by_id(person: Any, public_id: str) -> Seat | None:
    """A seat, for who holds a role in its program."""
    panel = joinedload(Seat.panel).options(*_FRAME)
    query = select(Seat).where(Seat.public_id == public_id).options(panel, joinedload(Seat.person))
    seat = db.session.scalar(query)
    return seat if seat and _knows(person, seat) else None


def own_seat(person: Any, public_id: str) -> Seat | None:
    """The person's own accepted seat on the panel of this public id."""
    query = (
        select(Seat)
        .join(Seat.panel)
        .where(Panel.public_id == public_id, Seat.person_id == person.id, Seat.state == "accepted")
        .options(joinedload(Seat.panel).options(*_FRAME), joinedload(Seat.program))
    )
    return db.session.scalar(query)


def seat_of_link(subject_id: int) -> Seat | None:
    """The seat an invitation's link opens, with its panel and program."""
    query = select(Seat).where(Seat.id == subject_id)
    return db.session.scalar(query.options(joinedload(Seat.panel).options(*_FRAME), joinedload(Seat.program)))


@dataclass(frozen=True)
class Summary:
    """The panel in numbers. `owed`: reviews the round needs."""

    files: int
    seats: int
    accepted: int
    invited: int
    undeclared: int
    recused: int
    conflicts: int
    assigned: int
    scored: int
    need: int

    @property
    def owed(self) -> int:
        return self.files * self.need


def summary(panel: Panel) -> Summary:
    """Everything the panel's page counts: one query."""
    seat = select(func.count(Seat.id)).where(Seat.panel_id == panel.id)
    handed_in = func.sum(case((Assignment.state == "scored", 1), else_=0))
    given = select(func.count().label("assigned"), handed_in.label("scored")).select_from(Assignment)
    there = given.join(NomineeFile, NomineeFile.id == Assignment.file_id)
    living = there.where(Assignment.panel_id == panel.id, *READS, *STANDS).subquery()
    accepted = seat.where(Seat.state == "accepted")
    conflicts = (
        select(func.count(Conflict.id))
        .join(Seat, (Seat.person_id == Conflict.person_id) & (Seat.panel_id == panel.id))
        .where(Conflict.cycle_id == panel.cycle_id, Conflict.lifted_at.is_(None), Seat.state == "accepted")
    )
    counts = (
        select(func.count(NomineeFile.id)).where(NomineeFile.cycle_id == panel.cycle_id, *STANDS),
        seat.where(Seat.state != "removed"),
        accepted,
        seat.where(Seat.state == "invited"),
        accepted.where(Seat.conflicts_declared_at.is_(None), Seat.reads),
        select(func.count(Assignment.id)).where(Assignment.panel_id == panel.id, Assignment.state == "recused"),
        conflicts,
    )
    row = db.session.execute(select(*(c.scalar_subquery() for c in counts), *living.c)).one()
    numbers = [*(int(n or 0) for n in row), panel.round.readers]
    return Summary(*numbers)


@dataclass(frozen=True)
class Member:
    """A seat with how far its holder is: files they have, begun, handed in, stepped back from."""

    seat: Seat
    files: int
    begun: int
    scored: int
    recused: int


def people(panel: Panel, total: int, number: int) -> Page[Member]:
    """The seats in order of name, chairs first, with their progress: one query."""

    def total_of(condition: Any, number: Any) -> Any:
        return func.sum(case((condition, number), else_=0))

    # Along the index first: one row a reader and state.
    parts = (
        select(
            Assignment.person_id,
            Assignment.state,
            func.count().label("all"),
            total_of(~Assignment.conflicted, 1).label("free"),
            total_of(Assignment.opened_at.is_not(None), 1).label("begun"),
        )
        .where(Assignment.panel_id == panel.id)
        .group_by(Assignment.state, Assignment.person_id)
        .subquery()
    )
    part, state = parts.c, parts.c.state
    counts = (
        select(
            part.person_id,
            total_of(state.in_(("released", "scored")), part.free).label("files"),
            total_of(state == "released", part.begun).label("begun"),
            total_of(state == "scored", part.free).label("scored"),
            total_of(state == "recused", part.all).label("recused"),
        )
        .group_by(part.person_id)
        .subquery()
    )
    columns = (func.coalesce(c, 0) for c in (counts.c.files, counts.c.begun, counts.c.scored, counts.c.recused))
    order = case((Seat.kind == "chair", 0), else_=1)
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    query = (
        select(Seat, *columns)
        .outerjoin(counts, counts.c.person_id == Seat.person_id)
        .where(Seat.panel_id == panel.id, Seat.state != "removed")
        .options(joinedload(Seat.school).joinedload(School.district))
        .order_by(order, Seat.name, Seat.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    # PostgreSQL's sums of sums are decimals.
    members = [Member(seat, *map(int, numbers)) for seat, *numbers in db.session.execute(query)]
    return Page(members, number, total)


NAMES_AT_ONCE = 100  # a page of the list of nominees


def nominees(panel: Panel, number: int) -> Page[NomineeFile]:
    """The files of the cycle that the panel reads, by name: what a reviewer looks through for conflicts."""
    where, size = (NomineeFile.cycle_id == panel.cycle_id, *STANDS), NAMES_AT_ONCE
    total = db.session.scalar(select(func.count(NomineeFile.id)).where(*where)) or 0
    number = min(number, max(1, -(-total // size)))
    query = (
        select(NomineeFile)
        .where(*where)
        .options(joinedload(NomineeFile.school), joinedload(NomineeFile.district))
        .order_by(NomineeFile.name_key, NomineeFile.id)
        .limit(size)
        .offset((number - 1) * size)
    )
    return Page(list(db.session.scalars(query)), number, total, size)


def page_after(panel: Panel, file_ids: set[int]) -> int | None:
    """The page of that list which goes on behind these files, None when no name comes behind them.

    Names come and go while the list is looked through, so pages are not counted.
    """
    where = (NomineeFile.cycle_id == panel.cycle_id, *STANDS)
    order = (NomineeFile.name_key, NomineeFile.id)
    of_these = select(*order).where(NomineeFile.id.in_(file_ids)).order_by(*(c.desc() for c in order)).limit(1)
    last = db.session.execute(of_these).one_or_none()
    seen = case((tuple_(*order) <= tuple_(*last), 1), else_=0) if last else literal(0)
    total, passed = db.session.execute(select(func.count(NomineeFile.id), func.sum(seen)).where(*where)).one()
    passed = int(passed or 0)
    return passed // NAMES_AT_ONCE + 1 if passed < total else None


def files_of_cycle(cycle_id: int, public_ids: list[str]) -> dict[str, int]:
    """The numbers of those of these files that are the cycle's: {public id: number}."""
    query = select(NomineeFile.public_id, NomineeFile.id)
    query = query.where(NomineeFile.cycle_id == cycle_id, NomineeFile.public_id.in_(public_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def conflicts_of(person: Any, cycle_id: int) -> dict[int, str]:
    """The person's living conflicts in the cycle: file -> reason (one the system found wins over a declared one)."""
    query = (
        select(Conflict.file_id, Conflict.reason)
        .where(Conflict.person_id == person.id, Conflict.cycle_id == cycle_id, Conflict.lifted_at.is_(None))
        .order_by(case((Conflict.source == "found", 1), else_=0))
    )
    return {file_id: reason for file_id, reason in db.session.execute(query)}  # noqa: C416 - rows are no pairs


def names_of(person_ids: list[int]) -> dict[int, str]:
    """People's names by id."""
    query = select(Person.id, Person.name).where(Person.id.in_(person_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def file_names(file_ids: list[int]) -> dict[int, str]:
    """Nominees' names by the file's id."""
    query = select(NomineeFile.id, NomineeFile.name).where(NomineeFile.id.in_(file_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}
