"""The job that sends what is due, one letter at a time."""

import logging
from typing import Any

from sqlalchemy import select, update

from portal.core import delivery, jobs
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.outbox.messages import Message
from portal.core.outbox.rendering import as_email

MAX_TRIES = 5
log = logging.getLogger("portal.mail")


@jobs.job("mail.send_due")
def send_due() -> None:
    """Sends what is queued and due, one at a time. A failure is kept with its reason; one that may pass is tried
    again, five times in all.
    """
    query = (
        select(Message.id)
        .where(Message.state == "queued")
        .where((Message.not_before.is_(None)) | (Message.not_before <= now()))
    )
    for message_id in list(db.session.scalars(query.order_by(Message.id))):
        _send_one(message_id)


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
    """Counts this try before the letter leaves; None when it was called back or held a moment ago."""
    with transaction() as session:
        claimed = update(Message).where(Message.id == message_id, Message.state == "queued")
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

    What has left is sent, whatever somebody wanted of it while it left.
    """
    states = ("queued", "held", "canceled") if values["state"] == "sent" else ("queued",)
    with transaction() as session:
        statement = update(Message).where(Message.id == message_id, Message.state.in_(states))
        to = session.scalar(statement.values(tries=tries, **values).returning(Message.to))
        if to is None:
            return
        if values["state"] == "queued":
            jobs.later("mail.send_due", key=f"mail.retry:{message_id}:{tries}", at=jobs.backoff(tries))
        elif values["state"] == "failed" and values["kind"] == "unknown":
            delivery.stop(to, "unknown")
