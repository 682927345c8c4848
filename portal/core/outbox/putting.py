"""Letters go in with the open transaction, each once, and some come back out before they left."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update

from portal.core import dress, jobs
from portal.core.db import db, sweep
from portal.core.moves import move_all
from portal.core.once import insert_all_once, insert_once
from portal.core.outbox.messages import MESSAGE, Letter, Message


def put(letter: Letter, *, hold: bool = False, not_before: datetime | None = None) -> int | None:
    """Queues the letter in the open transaction; the message's number, or None when its key was there already."""
    state = "held" if hold else "queued"
    message_id = insert_once(Message, ["key"], **row(letter, state=state, not_before=not_before))
    if message_id is not None and not hold:
        send_soon(not_before)
    return message_id


def put_all(letters: Iterable[Letter], *, hold: bool = False, not_before: datetime | None = None) -> int:
    """Queues many letters in one statement; how many were new (a key that was there already is left alone)."""
    rows = [row(letter, state="held" if hold else "queued", not_before=not_before) for letter in letters]
    made = len(insert_all_once(Message, ["key"], rows))
    if made and not hold:
        send_soon(not_before)
    return made


def row(letter: Letter, **columns: Any) -> dict[str, Any]:
    """The letter as a row of `Message`, with what its program gives it (see `core.dress`), and these columns."""
    given = dress.of(letter.program_id, letter.template, letter.locale, letter.context)
    return {
        "key": letter.key,
        "template": letter.template,
        "to": letter.to,
        "locale": letter.locale,
        "context": {**({"dress": given} if given else {}), **letter.context},
        "program_id": letter.program_id,
        "about": letter.about,
        "asked": letter.asked,
        **columns,
    }


def send_soon(at: datetime | None = None) -> None:
    """Asks for the sending, now or then: a wait of its own name, so that nothing urgent waits with it."""
    jobs.later("mail.send_due", key=f"mail.send_due:{at.isoformat()}" if at else "mail.send_due", at=at)


def waits() -> ColumnElement[bool]:
    """Of a letter that waits for its time and was never tried: it can be called back."""
    return and_(Message.state.in_(("queued", "held")), Message.tries == 0, Message.not_before.is_not(None))


def call_back(by: Any, abouts: Sequence[str], template: str) -> set[str]:
    """Cancels those letters about these things that wait for their time, so that they never leave; about which.

    A letter that is on its way, or was tried before, is left alone: `sending` and this take turns at its row. The key
    of one that never left is free again.
    """
    query = select(Message).where(Message.about.in_(abouts), Message.template == template, waits()).order_by(Message.id)
    called = move_all(MESSAGE, "cancel", list(db.session.scalars(query.with_for_update())), by)
    if called:
        free(Message.id.in_([message.id for message in called]))
    return {message.about for message in called}


def free(*canceled: ColumnElement[bool]) -> None:
    """Frees the keys of canceled letters, those of these conditions: letters of the same keys may go out."""
    sweep(update(Message).where(*canceled).values(key="called-back:" + Message.public_id))
