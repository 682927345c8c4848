"""The job that sends what is due, one letter at a time."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from portal.core import delivery, jobs
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.outbox.messages import Message
from portal.core.outbox.putting import send_soon
from portal.core.outbox.rendering import as_email

MAX_TRIES = 5
log = logging.getLogger("portal.mail")


@jobs.job("mail.send_due")
def send_due() -> None:
    """Sends what is queued and due, one at a time. A failure is kept with its reason; one that may pass is tried
    again, five times in all, after a longer wait each time.
    """
    query = select(Message.id).where(*_due()).order_by(Message.id)
    for message_id in list(db.session.scalars(query)):
        _send_one(message_id)


def _due() -> tuple[ColumnElement[bool], ...]:
    """Of a letter that is to leave now: not one that waits for its time, or for its next try."""
    return Message.state == "queued", or_(Message.not_before.is_(None), Message.not_before <= now())


def _send_one(message_id: int) -> None:
    message = db.session.get(Message, message_id)
    if message is None or message.state != "queued":
        return
    if not message.asked and delivery.is_stopped(message.to):
        _keep(message_id, message.tries, state="failed", kind="stopped", problem="")
        return
    tries = _claim(message_id)
    if tries is None:
        return
    problem = _deliver(message)
    if problem is None:
        _keep(message_id, tries, state="sent", sent_at=now(), kind="", problem="")
    else:
        over = problem.lasting or tries >= MAX_TRIES
        _keep(message_id, tries, state="failed" if over else "queued", kind=problem.kind, problem=problem.detail)


def _claim(message_id: int) -> int | None:
    """Counts this try before the letter leaves; None when it was called back, held or tried a moment ago."""
    with transaction() as session:
        claimed = update(Message).where(Message.id == message_id, *_due())
        return session.scalar(claimed.values(tries=Message.tries + 1).returning(Message.tries))


def _deliver(message: Message) -> delivery.Problem | None:
    try:
        delivery.hand_over(as_email(message))
    except Exception as error:  # whatever is wrong with one letter, the letters after it still leave
        log.warning("message %s was not sent", message.public_id, exc_info=True)
        return delivery.classify(error)
    return None


def _keep(message_id: int, tries: int, **values: Any) -> None:
    """Writes what came of a try; a next one is asked for, an address that does not exist is stopped.

    What has left is sent, whatever somebody wanted of it while it left. One that did not waits for its next try by a
    time of its own: else every sending would try it, and a server that is away for a minute would cost it all five.
    """
    states = ("queued", "held", "canceled") if values["state"] == "sent" else ("queued",)
    again = _next_try(tries) if values["state"] == "queued" else None
    if again is not None:
        values["not_before"] = again
    with transaction() as session:
        statement = update(Message).where(Message.id == message_id, Message.state.in_(states))
        to = session.scalar(statement.values(tries=tries, **values).returning(Message.to))
        if to is None:
            return
        if again is not None:
            send_soon(again)
        elif values["state"] == "failed" and values["kind"] == "unknown":
            delivery.stop(to, "unknown")


def _next_try(tries: int) -> datetime:
    """When a letter is tried again: at a full minute, so that many letters have one sending together."""
    at = jobs.backoff(tries)
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)
