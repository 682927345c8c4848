"""A reviewer's own files: the queue, what is left, and which one to take next."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload

from portal.core.db import db
from portal.core.paging import PAGE_SIZE, Page
from portal.nominations.models import NomineeFile
from portal.review.models import Assignment, Panel, Seat
from portal.review.queries.files import READS, STANDS

MINE = ("released", "scored", "recused")


@dataclass(frozen=True)
class Desk:
    """One panel from a reviewer's side. `open`: files to read; `begun`: of those, with something saved."""

    seat: Seat
    panel: Panel
    open: int = 0
    begun: int = 0
    scored: int = 0

    @property
    def total(self) -> int:
        return self.open + self.scored


def desks(person: Any) -> list[Desk]:
    """The panels this person sits on, oldest due date first: two queries. Closed ones stay: who read a file may look
    at it again."""
    seats = (
        select(Seat)
        .join(Seat.panel)
        .where(Seat.person_id == person.id, Seat.state == "accepted")
        .options(
            contains_eager(Seat.panel).options(
                joinedload(Panel.program), joinedload(Panel.cycle), joinedload(Panel.round)
            )
        )
        .order_by(Panel.due_at, Panel.id)
    )
    mine = list(db.session.scalars(seats))
    open_ = case((Assignment.state == "released", 1), else_=0)
    begun = case(((Assignment.state == "released") & Assignment.opened_at.is_not(None), 1), else_=0)
    scored = case((Assignment.state == "scored", 1), else_=0)
    counts = (
        select(Assignment.panel_id, func.sum(open_), func.sum(begun), func.sum(scored))
        .join(NomineeFile, NomineeFile.id == Assignment.file_id)
        .where(Assignment.person_id == person.id, *READS, *STANDS)
        .group_by(Assignment.panel_id)
    )
    by_panel = {row[0]: row[1:] for row in db.session.execute(counts)}
    return [Desk(s, s.panel, *(int(n) for n in by_panel.get(s.panel_id, (0, 0, 0)))) for s in mine]


def page_of_queue(person: Any, panel_ids: list[int], number: int) -> Page[Assignment]:
    """A page of the person's files: begun ones first, then those to read, those handed in,
    those stepped back from; within each in an order that is the reader's own (public ids are random)."""
    mine = (Assignment.person_id == person.id, Assignment.panel_id.in_(panel_ids), Assignment.state.in_(MINE))
    total = db.session.scalar(select(func.count(Assignment.id)).where(*mine)) or 0
    rank = case((Assignment.state == "recused", 3), (Assignment.state == "scored", 2), else_=1)
    order = (rank, Assignment.opened_at.is_(None), Assignment.public_id)
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    # Sorted by their numbers alone, so that only the page's own rows are read whole.
    page = select(Assignment.id).where(*mine).order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    query = (
        select(Assignment)
        .where(Assignment.id.in_(page.subquery().select()))
        .options(
            joinedload(Assignment.file, innerjoin=True).options(joinedload(NomineeFile.school)),
            joinedload(Assignment.panel, innerjoin=True),
        )
        .order_by(*order)
    )
    return Page(list(db.session.scalars(query)), number, total)


def next_assignment(person: Any, panel_id: int, after: Any = None) -> Assignment | None:
    """The file of theirs that needs a reader most: the fewest reviews handed in, then the reader's own order."""
    other = aliased(Assignment)
    have = (
        select(func.count(other.id))
        .where(other.file_id == Assignment.file_id, other.panel_id == panel_id, other.state == "scored")
        .correlate(Assignment)
        .scalar_subquery()
    )
    query = (
        select(Assignment)
        .join(NomineeFile, NomineeFile.id == Assignment.file_id)
        .where(
            Assignment.person_id == person.id,
            Assignment.panel_id == panel_id,
            Assignment.state == "released",
            ~Assignment.conflicted,
            *STANDS,
        )
        .options(defer(Assignment.conflicted))
        .order_by(have, Assignment.public_id)
        .limit(2)
    )
    found = [a for a in db.session.scalars(query) if after is None or a.id != after.id]
    return found[0] if found else None
