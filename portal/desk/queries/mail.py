"""Messages in the outbox: a program's, as its staff may read them; in the demo, all of them."""

from sqlalchemy import Select, and_, func, not_, or_, select

from portal.core.db import db
from portal.core.outbox import MESSAGE, Message
from portal.desk.rules import PRIVATE_TEMPLATES, STAGED_PREFIX, STAGED_STATES
from portal.programs.models import Program

STATES = tuple(sorted(MESSAGE.states))


def _readable(program: Program) -> list[object]:
    staged = and_(Message.template.startswith(STAGED_PREFIX), Message.state.in_(STAGED_STATES))
    return [Message.program_id == program.id, Message.template.not_in(PRIVATE_TEMPLATES), not_(staged)]


def messages(program: Program, state: str = "", words: str = "") -> Select[Message]:
    """The program's messages that staff may read, newest first; by state, and by a part of the address."""
    query = select(Message).where(*_readable(program))  # type: ignore[arg-type]
    if state in STATES:
        query = query.where(Message.state == state)
    if words.strip():
        query = query.where(Message.to.contains(words.strip().lower(), autoescape=True))
    return query.order_by(Message.id.desc())


def counts_by_state(program: Program) -> dict[str, int]:
    """How many of the program's messages are in each state."""
    query = select(Message.state, func.count()).where(*_readable(program)).group_by(Message.state)  # type: ignore[arg-type]
    found = dict(db.session.execute(query).all())
    return {state: found.get(state, 0) for state in STATES}


def message(program: Program, public_id: str) -> Message | None:
    """One message of the program, if staff may read it."""
    query = select(Message).where(Message.public_id == public_id, *_readable(program))  # type: ignore[arg-type]
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
