"""Stepping back from a file, handing it back for lack of time, and undoing a recusal with a second person."""

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from portal.accounts.models import Person
from portal.core import audit, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Mistaken, Overtaken
from portal.core.moves import move
from portal.review import mail, rules
from portal.review.actions.conflicts import declare_one
from portal.review.models import Assignment, Conflict, Review, Seat
from portal.review.queries.sheet import locked


def recuse(by: Person, assignment: Assignment, reason: str) -> None:
    """The reviewer steps back: their scores leave the totals and stay sealed; the chair is told that a reader is
    missing, not who or where."""
    assignment = locked(assignment)
    demand(by, rules.RECUSE, assignment)
    changes = {"recused_at": now(), "recusal_reason": reason, "reinstate_asked_by_id": None, "reinstate_asked_at": None}
    move(rules.ASSIGNMENT, "recuse", assignment, by, changes=changes, reason=reason)
    declare_one(by, assignment.panel, assignment.file_id, reason)
    _tell_chairs(assignment)


def hand_back(by: Person, assignment: Assignment) -> None:
    """The reviewer can't read the file in time; no conflict follows."""
    assignment = locked(assignment)
    demand(by, rules.HAND_BACK, assignment)
    move(rules.ASSIGNMENT, "decline", assignment, by)
    _tell_chairs(assignment)


def _tell_chairs(assignment: Assignment) -> None:
    chairs = select(Seat).where(
        Seat.panel_id == assignment.panel_id,
        Seat.kind == "chair",
        Seat.state == "accepted",
        Seat.person_id != assignment.person_id,
    )
    past = select(func.count(audit.AuditEntry.id)).where(
        audit.AuditEntry.thing == audit.name_of(assignment), audit.AuditEntry.verb == "assignment.recuse"
    )
    times = db.session.scalar(past) or 0
    for chair in db.session.scalars(chairs):
        outbox.put(mail.stepped_back(chair, assignment, times))


def ask_to_reinstate(by: Person, assignment: Assignment) -> None:
    """An organizer asks to undo a recusal; a second person has to agree."""
    assignment = locked(assignment)
    demand(by, rules.REINSTATE, assignment)
    if assignment.state != "recused":
        raise Overtaken(_("This recusal was already undone."))
    assignment.reinstate_asked_by_id, assignment.reinstate_asked_at = by.id, now()
    audit.record(by, "assignment.reinstatement_asked", assignment)


def confirm_reinstate(by: Person, assignment: Assignment) -> None:
    """The second person agrees: the declared conflict is lifted, and reviews handed in before count again."""
    assignment = locked(assignment)
    demand(by, rules.CONFIRM_REINSTATE, assignment)
    lift = update(Conflict).where(
        Conflict.person_id == assignment.person_id,
        Conflict.file_id == assignment.file_id,
        Conflict.source == "declared",
        Conflict.lifted_at.is_(None),
    )
    sweep(lift.values(lifted_at=now(), lifted_by_id=by.id))
    handed_in = db.session.scalar(
        select(Review.id).where(Review.assignment_id == assignment.id, Review.state == "submitted")
    )
    asked_by = assignment.reinstate_asked_by_id
    first = db.session.get(Person, asked_by) if asked_by else None
    verb = "reinstate_scored" if handed_in else "reinstate"
    changes = {"reinstate_asked_by_id": None, "reinstate_asked_at": None, "recusal_reason": "", "recused_at": None}
    move(rules.ASSIGNMENT, verb, assignment, by, changes=changes, asked_by=first.public_id if first else "")
    db.session.refresh(assignment, ["conflicted"])
    if assignment.conflicted:
        raise Mistaken(_("The system itself found a conflict with this file. That can't be undone here."))
