"""The schools of which nobody has written, and how each stands to a letter to its contact."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, exists, func, literal, select
from sqlalchemy.orm import joinedload

from portal.core import outbox
from portal.core.clock import now
from portal.core.db import db
from portal.core.delivery import StoppedAddress
from portal.core.outbox import Message
from portal.desk.queries.cycle import heard_of
from portal.programs.models import Cycle, QuietAddress, School


class Contact(NamedTuple):
    """A school and whom to write to there."""

    school_id: int
    public_id: str
    school: str
    name: str
    email: str
    locale: str


def silent_school_key(cycle_id: int, school_id: Any) -> Any:
    """The letter's key: one a school and cycle. `school_id` may be a column of text."""
    return f"silent:{cycle_id}:" + school_id


def _waits() -> ColumnElement[bool]:
    """Of a letter that has not left and can be called back."""
    return and_(outbox.waits(), Message.not_before > now())


def _of(cycle: Cycle) -> ColumnElement[bool]:
    mine = Message.program_id == cycle.program_id, Message.key.startswith(silent_school_key(cycle.id, ""))
    return and_(*mine, _waits())


def waiting_for(cycle: Cycle) -> list[str]:
    """The schools (as the record names them) whose contacts' letters wait: one query."""
    return list(db.session.scalars(select(Message.about).where(_of(cycle)).order_by(Message.id)))


def _leave_at(cycle: Cycle) -> Select[datetime | None]:
    """When the first of the waiting letters leaves; NULL when none waits."""
    return select(func.min(Message.not_before)).where(_of(cycle))


class Standing(NamedTuple):
    """A school's standing (a key of `words.STANDINGS`), and when its contact was written to in this cycle."""

    kind: str
    written_at: datetime | None


def silent_schools(cycle: Cycle, districts: Collection[int] | None = None, standing: str = "") -> Select[School]:
    """The silent schools by district and name, narrowed by districts (None: any) and standing. No closed ones."""
    query = select(School).where(School.program_id == cycle.program_id, School.closed_at.is_(None), ~heard_of(cycle))
    if districts is not None:
        query = query.where(School.district_id.in_(districts))
    if standing:
        query = query.where(standing_of(cycle) == standing)
    return query.options(joinedload(School.district)).order_by(School.district_id, School.key, School.id)


def _letter(cycle: Cycle) -> ColumnElement[bool]:
    return Message.key == silent_school_key(cycle.id, literal("") + cast(School.id, String))


def standing_of(cycle: Cycle) -> ColumnElement[str]:
    """One word for where a school stands: what keeps a letter from its contact, the strongest reason first."""
    quiet = exists().where(QuietAddress.program_id == School.program_id, QuietAddress.email == School.contact_email)
    stopped = exists().where(StoppedAddress.email == School.contact_email)
    returned = exists().where(_letter(cycle), Message.state.in_(("failed", "bounced")))
    return case(
        (School.contact_email == "", "no_contact"),
        (quiet, "asked_not"),
        (stopped, "came_back"),
        (returned, "came_back"),
        (exists().where(_letter(cycle), _waits()), "waits"),
        (exists().where(_letter(cycle)), "written"),
        else_="ready",
    )


def standings(cycle: Cycle, schools: list[School]) -> tuple[dict[int, Standing], datetime | None]:
    """How each of these schools stands, by its number; and when the letters that wait leave, if any do: one query."""
    if not schools:
        return {}, db.session.scalar(_leave_at(cycle))
    at, leave_at = (
        select(Message.created_at).where(_letter(cycle)).scalar_subquery(),
        _leave_at(cycle).scalar_subquery(),
    )
    query = select(School.id, standing_of(cycle), at, leave_at).where(School.id.in_([school.id for school in schools]))
    rows: Any = db.session.execute(query).all()
    return {number: Standing(kind, written) for number, kind, written, _leave in rows}, rows[0][3] if rows else None


def standing_counts(cycle: Cycle) -> dict[str, int]:
    """How many silent schools stand where: one query."""
    kinds = silent_schools(cycle).order_by(None).with_only_columns(standing_of(cycle).label("kind")).subquery()
    rows: Any = db.session.execute(select(kinds.c.kind, func.count()).group_by(kinds.c.kind)).all()
    return dict(rows)


def contacts_to_write_to(cycle: Cycle) -> list[Contact]:
    """The contacts that a letter may go to now: one query."""
    columns = (
        School.id,
        School.public_id,
        School.name,
        School.contact_name,
        School.contact_email,
        School.contact_locale,
    )
    query = silent_schools(cycle, standing="ready").with_only_columns(*columns)
    return [Contact._make(row) for row in db.session.execute(query)]
