"""Messages in the outbox: a program's, as its staff may read them; in the demo, all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, and_, cast, func, not_, null, or_, select, union_all
from sqlalchemy.orm import joinedload, undefer

from portal.core.audit import name_of
from portal.core.db import db
from portal.core.outbox import MESSAGE, Message
from portal.desk.rules import PRIVATE_TEMPLATES, STAGED_PREFIX, STAGED_STATES, UNDELIVERED
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Program

STATES = tuple(sorted(MESSAGE.states))


def _readable(program_id: int) -> list[Any]:
    staged = and_(Message.template.startswith(STAGED_PREFIX), Message.state.in_(STAGED_STATES))
    return [Message.program_id == program_id, Message.template.not_in(PRIVATE_TEMPLATES), not_(staged)]


def undelivered(program_id: int) -> Select[Message]:
    """The letters of a program that did not arrive and that nobody has dealt with, newest first."""
    return select(Message).where(*_undelivered(program_id)).order_by(Message.id.desc())


def undelivered_count(program_id: int) -> Select[int]:
    """How many there are."""
    return select(func.count(Message.id)).where(*_undelivered(program_id))


def _undelivered(program_id: int) -> list[Any]:
    return [*_readable(program_id), Message.state.in_(UNDELIVERED)]


@dataclass(frozen=True)
class Behind:
    """What a letter is about: a nominee file, and the nomination when it went to the nominator."""

    file: NomineeFile | None = None
    nomination: Nomination | None = None


NOTHING = Behind()


def behind(messages: Iterable[Message]) -> dict[str, Behind]:
    """The file, with its cycle, and the nomination that each of these letters belongs to, by what it is about: one
    query, or none.
    """
    abouts: dict[str, list[str]] = {"file": [], "nomination": []}
    for each in messages:
        kind, _colon, public_id = each.about.partition(":")
        abouts.get(kind, []).append(public_id)
    if not any(abouts.values()):
        return {}
    no_number = cast(null(), Integer)
    own = select(NomineeFile.id.label("file_id"), no_number.label("nomination_id"))
    written = select(Nomination.file_id, Nomination.id)
    named = union_all(
        own.where(NomineeFile.public_id.in_(abouts["file"])),
        written.where(Nomination.public_id.in_(abouts["nomination"])),
    ).subquery()
    query = (
        select(NomineeFile, Nomination)
        .select_from(named)
        .outerjoin(NomineeFile, NomineeFile.id == named.c.file_id)
        .outerjoin(Nomination, Nomination.id == named.c.nomination_id)
        .options(joinedload(NomineeFile.cycle), undefer(Nomination.returned))
    )
    found = [Behind(file, nomination) for file, nomination in db.session.execute(query)]
    return {name_of(each.nomination or each.file): each for each in found}


def messages(program: Program, state: str = "", words: str = "") -> Select[Message]:
    """The program's messages that staff may read, newest first; by state, and by a part of the address."""
    query = select(Message).where(*_readable(program.id))
    if state in STATES:
        query = query.where(Message.state == state)
    if words.strip():
        query = query.where(Message.to.contains(words.strip().lower(), autoescape=True))
    return query.order_by(Message.id.desc())


def counts_by_state(program: Program) -> dict[str, int]:
    """How many of the program's messages are in each state."""
    query = select(Message.state, func.count()).where(*_readable(program.id)).group_by(Message.state)
    found = dict(db.session.execute(query).all())
    return {state: found.get(state, 0) for state in STATES}


def message(program: Program, public_id: str) -> Message | None:
    """One message of the program, if staff may read it."""
    query = select(Message).where(Message.public_id == public_id, *_readable(program.id))
    return db.session.scalar(query)


def mailbox(words: str = "") -> Select[Message]:
    """Every message of the installation, newest first, to or from whom one looks for (the demo's mailbox)."""
    query = select(Message).where(Message.state != "canceled")
    if words.strip():
        wanted = words.strip().lower()
        query = query.where(or_(Message.to.contains(wanted, autoescape=True), Message.template.contains(wanted)))
    return query.order_by(Message.id.desc())


def any_message(public_id: str) -> Message | None:
    """A message by its public id."""
    return db.session.scalar(select(Message).where(Message.public_id == public_id))
