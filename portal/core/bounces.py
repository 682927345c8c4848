"""Letters that came back: reads delivery reports (RFC 3464) and marks the message they are about as bounced.

A message is known by its Message-ID, which names it and which the report quotes. The address in our row counts, not
the one in the report: whoever makes a report up can stop no address but the one that got the letter.
"""

import email
import mailbox
import re
from collections.abc import Iterable, Iterator
from email import policy
from email.message import EmailMessage
from email.message import Message as AnyMessage
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from portal.core import audit, delivery
from portal.core.db import db, transaction
from portal.core.errors import Mistaken
from portal.core.moves import move
from portal.core.outbox import MESSAGE, Message

OURS = re.compile(r"<[^<>@\s]*\.([A-Za-z0-9_-]{22})@[^<>\s]+>")  # see `outbox.as_email`
LONGEST = 500


class Report(NamedTuple):
    """What one delivery report says: which of our messages may be meant, what became of it, and why."""

    public_ids: tuple[str, ...]
    failed: bool  # for good; a report of a delay is not
    kind: str
    detail: str


class Count(NamedTuple):
    """How many mails were read, how many letters they marked as bounced, and how many were no delivery report."""

    read: int = 0
    bounced: int = 0
    others: int = 0


def mails_in(source: Path) -> Iterator[AnyMessage]:
    """The mails of a maildir, of an mbox file, or the one mail that the file is. Raises Mistaken for another folder."""
    if source.is_dir():
        if not all((source / name).is_dir() for name in ("cur", "new")):
            raise Mistaken(f"The folder {source} is no maildir: it lacks the folders cur and new.")
        for mail in mailbox.Maildir(source, create=False):
            yield email.message_from_bytes(bytes(mail), policy=policy.default)
        return
    yield from mails_of(source.read_bytes())


def mails_of(content: bytes) -> Iterator[AnyMessage]:
    """The mails in these bytes: an mbox (its first line begins with "From "), or one mail."""
    parts = re.split(rb"(?m)^From .*\r?\n", content) if content.startswith(b"From ") else [content]
    for part in parts:
        if part.strip():
            yield email.message_from_bytes(part, policy=policy.default)


def report_of(mail: AnyMessage) -> Report | None:
    """Reads a delivery report; None when the mail is none."""
    parts = list(mail.walk())
    status = next((p for p in parts if p.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    blocks: Any = status.get_payload()
    said = [b for b in blocks if b.get("Action")] if isinstance(blocks, list) else []
    block = next((b for b in said if _word(b, "Action") == "failed"), said[0] if said else None)
    if block is None:
        return None
    text = " ".join(_text(block, "Diagnostic-Code").split())
    code = _text(block, "Status")
    kind = delivery.kind_of_status(code, text)
    return Report(_named(mail, parts), _word(block, "Action") == "failed", kind, f"{code} {text}".strip()[:LONGEST])


def _text(block: Any, name: str) -> str:
    return str(block.get(name, ""))


def _word(block: Any, name: str) -> str:
    return _text(block, name).strip().lower()


def _named(mail: AnyMessage, parts: Iterable[AnyMessage]) -> tuple[str, ...]:
    """Which of our messages the report quotes: the returned mail or its headers first, then what it answers to."""
    found: list[str] = []
    for part in parts:
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            content = part.get_content() if isinstance(part, EmailMessage) else part.get_payload()
            found += OURS.findall(str(email.message_from_string(str(content)).get("Message-ID", "")))
        elif part is not mail:
            found += OURS.findall(str(part.get("Message-ID", "")))
    for name in ("X-Original-Message-ID", "In-Reply-To", "References"):
        found += OURS.findall(str(mail.get(name, "")))
    return tuple(dict.fromkeys(found))


def take(report: Report) -> bool:
    """Marks the message that the report is about, and stops its address; False when nothing changed. In a transaction.

    Read twice it changes nothing; a letter that was sent again meanwhile is left alone.
    """
    if not report.failed or not report.public_ids:
        return False
    query = select(Message).where(Message.public_id.in_(report.public_ids)).with_for_update()
    message = db.session.scalars(query.order_by(Message.id)).first()
    if message is None or not MESSAGE.may(message.state, "bounce"):
        return False
    changes = {"kind": report.kind, "problem": report.detail}
    move(MESSAGE, "bounce", message, audit.SYSTEM, changes=changes, kind=report.kind)
    if report.kind in delivery.OF_THE_ADDRESS:
        delivery.stop(message.to, report.kind)
    return True


def read(mails: Iterable[AnyMessage]) -> Count:
    """Reads these mails, each in a transaction of its own."""
    count = Count()
    for mail in mails:
        report = report_of(mail)
        bounced = False
        if report is not None and report.failed:
            with transaction():
                bounced = take(report)
        count = Count(count.read + 1, count.bounced + bounced, count.others + (report is None))
    return count
