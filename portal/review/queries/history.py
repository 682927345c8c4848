"""What happened to a panel, its seats and its plans, out of the record."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, literal, select, union_all

from portal.accounts.models import Person
from portal.core.audit import AuditEntry, name_of
from portal.core.db import db
from portal.core.paging import PAGE_SIZE, Page
from portal.review.models import AssignmentPlan, Panel, Seat
from portal.review.rules import HISTORY


def parts_of(panel: Panel) -> Any:
    """The record's names of a panel, its seats and its plans, as a subquery."""
    return union_all(
        select(literal(name_of(panel))),
        select(literal("seat:") + Seat.public_id).where(Seat.panel_id == panel.id),
        select(literal("assignment_plan:") + AssignmentPlan.public_id).where(AssignmentPlan.panel_id == panel.id),
    )


def history_of(things: Sequence[Any] | Any, number: int = 1) -> tuple[list[dict[str, Any]], Page[Any]]:
    """A page of entries as the `history` macro reads them, newest first; things, or the subquery of their names."""
    names = [name_of(thing) for thing in things] if isinstance(things, list) else things
    where = AuditEntry.thing.in_(names)
    total = db.session.scalar(select(func.count(AuditEntry.id)).where(where)) or 0
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    query = select(AuditEntry).where(where).order_by(AuditEntry.id.desc())
    entries = list(db.session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)))
    seats = _names(Seat, "seat:", [e.thing for e in entries])
    people = _names(Person, "person:", [e.actor for e in entries])
    shown = [
        {
            "at": e.at,
            "text": HISTORY.get(e.verb, e.verb),
            "who": people.get(e.actor, ""),
            "note": seats.get(e.thing, "") if not isinstance(things, list) else "",
        }
        for e in entries
    ]
    return shown, Page(entries, number, total)


def _names(model: Any, prefix: str, named: Sequence[str]) -> dict[str, str]:
    ids = {each.removeprefix(prefix) for each in named if each.startswith(prefix)}
    query = select(model.public_id, model.name).where(model.public_id.in_(ids))
    return {prefix + row[0]: row[1] for row in db.session.execute(query)} if ids else {}
