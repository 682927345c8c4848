"""Which files a panel reads, and who reads each."""

from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.paging import PAGE_SIZE, Page
from portal.nominations.models import NomineeFile
from portal.nominations.queries import eligibility
from portal.programs.models import Cycle
from portal.review.models import Assignment, Panel, Seat

# The nominee said yes, the file was found eligible, and it was neither withdrawn nor joined into another.
STANDS: tuple[Any, ...] = (
    NomineeFile.consent == "accepted",
    NomineeFile.screening == "eligible",
    NomineeFile.withdrawn_at.is_(None),
    NomineeFile.joined_into_id.is_(None),
)
# An assignment that gives the file a reader: scored, or released and not met by a conflict since.
READS: tuple[Any, ...] = (Assignment.state.in_(("released", "scored")), ~Assignment.conflicted)


def count_to_read(cycle_id: int) -> int:
    """How many files of the cycle a panel reads."""
    return db.session.scalar(select(func.count(NomineeFile.id)).where(NomineeFile.cycle_id == cycle_id, *STANDS)) or 0


def _readers(panel: Panel) -> Any:
    """Subquery: each file's number of readers and of reviews handed in, in this panel."""
    return (
        select(
            Assignment.file_id,
            func.count(Assignment.id).label("readers"),
            func.sum(case((Assignment.state == "scored", 1), else_=0)).label("scored"),
        )
        .where(Assignment.panel_id == panel.id, *READS)
        .group_by(Assignment.file_id)
        .subquery()
    )


def count_short(panel: Panel, need: int) -> int:
    """How many files have fewer readers than the round asks for."""
    readers = _readers(panel)
    query = (
        select(func.count(NomineeFile.id))
        .outerjoin(readers, readers.c.file_id == NomineeFile.id)
        .where(NomineeFile.cycle_id == panel.cycle_id, *STANDS, func.coalesce(readers.c.readers, 0) < need)
    )
    return db.session.scalar(query) or 0


def page_of_files(panel: Panel, need: int, show: str, number: int) -> Page[Any]:
    """A page of (file, readers, scored) in order of name.

    `show`: "all", "short" (fewer readers than needed), "waiting" (reviews still to come in).
    """
    readers = _readers(panel)
    have, scored = func.coalesce(readers.c.readers, 0), func.coalesce(readers.c.scored, 0)
    query = (
        select(NomineeFile, have, scored)
        .outerjoin(readers, readers.c.file_id == NomineeFile.id)
        .where(NomineeFile.cycle_id == panel.cycle_id, *STANDS)
    )
    if show == "short":
        query = query.where(have < need)
    elif show == "waiting":
        query = query.where(or_(have < need, scored < have))
    total = select(func.count()).select_from(query.with_only_columns(NomineeFile.id).subquery()).scalar_subquery()
    query = query.add_columns(total).order_by(NomineeFile.name_key, NomineeFile.id).limit(PAGE_SIZE)
    rows = db.session.execute(query.offset((number - 1) * PAGE_SIZE)).all()
    if not rows and number > 1:  # past the end: the last page, which has to be found first
        number = max(1, -(-(db.session.scalar(select(total)) or 0) // PAGE_SIZE))
        rows = db.session.execute(query.offset((number - 1) * PAGE_SIZE)).all()
    return Page([row[:3] for row in rows], number, rows[0][3] if rows else 0)


def readers_of(panel: Panel, file_ids: list[int], plan_id: int | None = None) -> dict[int, list[Assignment]]:
    """Each file's assignments in this panel (all states but those of other plans), with their people."""
    proposed = and_(Assignment.state == "proposed", Assignment.plan_id == plan_id)
    query = (
        select(Assignment)
        .join(Assignment.person)
        .where(
            Assignment.panel_id == panel.id,
            Assignment.file_id.in_(file_ids),
            or_(Assignment.state != "proposed", proposed),
        )
        .options(joinedload(Assignment.person))
        .order_by(Person.name, Assignment.id)
    )
    found: dict[int, list[Assignment]] = {}
    for assignment in db.session.scalars(query):
        found.setdefault(assignment.file_id, []).append(assignment)
    return found


def recusals(panel: Panel) -> list[Assignment]:
    """Assignments that somebody stepped back from, newest first, with person and file."""
    query = (
        select(Assignment)
        .where(Assignment.panel_id == panel.id, Assignment.state == "recused")
        .options(joinedload(Assignment.person), joinedload(Assignment.file))
        .order_by(Assignment.recused_at.desc(), Assignment.id)
    )
    return list(db.session.scalars(query))


def _seated(cycle: Cycle) -> Any:
    """Who sits on a panel of the cycle, with their school: whom the rule "not on the panel" shuts out."""
    taken = select(
        literal("not_panel").label("check"), Seat.name.label("name"), Seat.school_name.label("school")
    )
    taken = taken.add_columns(Seat.email.label("email"), Seat.kind.label("note"))
    return taken.where(Seat.cycle_id == cycle.id, Seat.state == "accepted")


eligibility.provide("seats", _seated)
