"""Later: working out a plan (the only place that computes with numpy), telling and reminding reviewers."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core import jobs, outbox
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations.models import NomineeFile
from portal.review import mail
from portal.review.actions import erasing
from portal.review.actions.conflicts import find_conflicts
from portal.review.actions.plans import write_plan
from portal.review.models import Assignment, AssignmentPlan, Panel, Seat
from portal.review.queries import holding  # noqa: F401  answers what nominations asks
from portal.review.queries.files import READS, STANDS
from portal.review.queries.plans import plan_input

LETTERS_AT_ONCE = 25  # a transaction: short ones let others write in between
TRIES = 3


@jobs.job("review.propose")
def propose(plan_id: int) -> None:
    """Works a plan out, outside any transaction, and keeps it unless something changed meanwhile: then anew."""
    from portal.review.planning import propose as work_out

    for _attempt in range(TRIES):
        plan = db.session.get(AssignmentPlan, plan_id, populate_existing=True)
        if plan is None or plan.state != "asked":
            return
        with transaction():
            find_conflicts(plan.panel)
        given = plan_input(plan.panel)
        proposal = work_out(given, plan.seed)
        with transaction():
            if write_plan(plan, given.digest(), proposal):
                return
    raise RuntimeError("files, seats or conflicts kept changing while the plan was worked out")


@jobs.job("review.tell_released")
def tell_released(plan_id: int) -> None:
    """Tells each reviewer of a released plan, once, how many files wait."""
    plan = db.session.get(AssignmentPlan, plan_id)
    if plan is None:
        return
    query = (
        select(Assignment.person_id, func.count(Assignment.id))
        .where(Assignment.plan_id == plan_id, Assignment.state.in_(("released", "scored")))
        .group_by(Assignment.person_id)
    )
    counts = _pairs(query)
    key = plan.public_id
    for some in _some(_seats(plan.panel_id, list(counts))):
        with transaction():
            for seat in some:
                outbox.put(mail.files_released(seat, key, counts[seat.person_id or 0]))


@jobs.job("review.remind")
def remind(panel_id: int, day: str) -> None:
    """Reminds everybody who owes the panel a review; the letters' keys keep it to one a reviewer and day."""
    query = (
        select(Assignment.person_id, func.count(Assignment.id))
        .join(NomineeFile, NomineeFile.id == Assignment.file_id)
        .where(Assignment.panel_id == panel_id, Assignment.state == "released", *READS, *STANDS)
        .group_by(Assignment.person_id)
    )
    owed = _pairs(query)
    for some in _some(_seats(panel_id, list(owed))):
        with transaction():
            for seat in some:
                late = seat.panel.due_at is not None and seat.panel.due_at < now()
                letter = mail.reminder(seat, date.fromisoformat(day), owed[seat.person_id or 0], late)
                if outbox.put(letter) is not None:
                    seat.reminded_at = now()


def _pairs(query: Any) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def _some(seats: list[Seat]) -> list[list[Seat]]:
    return [seats[i : i + LETTERS_AT_ONCE] for i in range(0, len(seats), LETTERS_AT_ONCE)]


def _seats(panel_id: int, person_ids: list[int]) -> list[Seat]:
    query = (
        select(Seat)
        .where(Seat.panel_id == panel_id, Seat.person_id.in_(person_ids), Seat.state == "accepted")
        .options(joinedload(Seat.panel).options(joinedload(Panel.program), joinedload(Panel.round)))
        .options(joinedload(Seat.person))
        .order_by(Seat.id)
    )
    return list(db.session.scalars(query))


@jobs.job("review.erase_file")
def erase_file(file_id: int) -> None:
    """A nominee was erased: what readers wrote about them goes too."""
    with transaction():
        file = db.session.get(NomineeFile, file_id)
        if file is not None:
            erasing.erase_file(file)
