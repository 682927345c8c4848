"""An assignment as one flat row: all that saving a score asks about, in one cheap query (the path of a deadline night).

Statements are built once, when the module is loaded: building them costs more than sending them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select

from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.programs.models import Program
from portal.review.models import Assignment, Panel
from portal.review.queries.files import STANDS


@dataclass(frozen=True)
class Frame:
    """As much of a program as the answer to a save shows: its name and its time zone."""

    id: int
    slug: str
    name: dict[str, Any]
    tagline: dict[str, Any]
    time_zone: str
    contact: str
    version: int

    @property
    def program_id(self) -> int:
        return self.id


@dataclass(frozen=True)
class Held:
    """An assignment, its panel's state, whether its file stands and whether a conflict or the list closes it.

    Answers every predicate of `review.rules` about scoring, as `models.Assignment` does.
    """

    id: int
    public_id: str
    program_id: int
    cycle_id: int
    round_id: int
    panel_id: int
    file_id: int
    person_id: int
    state: str
    opened_at: datetime | None
    conflicted: bool
    declared_at: datetime | None
    panel_state: str
    file_stands: bool
    file_name: str
    program: Frame


_WHOLE = (
    select(
        Assignment.id, Assignment.public_id, Assignment.program_id, Assignment.cycle_id, Assignment.round_id,
        Assignment.panel_id, Assignment.file_id, Assignment.person_id, Assignment.state, Assignment.opened_at,
        Assignment.conflicted, Assignment.declared_at, Panel.state,
        and_(*STANDS), NomineeFile.name,
        Program.id, Program.slug, Program.name, Program.tagline, Program.time_zone, Program.contact, Program.version,
    )
    .select_from(Assignment)
    .join(Panel, Panel.id == Assignment.panel_id)
    .join(NomineeFile, NomineeFile.id == Assignment.file_id)
    .join(Program, Program.id == Assignment.program_id)
)  # fmt: skip
_OWN = _WHOLE.where(
    Assignment.public_id == bindparam("public_id"),
    Assignment.person_id == bindparam("reader"),
    Assignment.state != "proposed",
)
_LOCKED = _WHOLE.where(Assignment.id == bindparam("one")).with_for_update(of=Assignment)
_FRAME_AT = 15  # columns before the program's


def _held(row: Any) -> Held:
    whole: list[Any] = [*row[:_FRAME_AT], Frame(*row[_FRAME_AT:])]
    return Held(*whole)


def held_by(person: Any, public_id: str) -> Held | None:
    """The person's own assignment; proposed ones do not count."""
    row = db.session.execute(_OWN, {"public_id": public_id, "reader": person.id}).one_or_none()
    return _held(row) if row else None


def locked(held: Held) -> Held:
    """The same read afresh and locked: whoever else saves, hands in or recuses it waits. Inside a transaction.

    A lock before the reviews are read, not with them: on PostgreSQL a row that was waited for is read afresh, but what
    is joined to it is not.
    """
    return _held(db.session.execute(_LOCKED, {"one": held.id}).one())
