"""Handing a letter to the mail server, and why one did not arrive: kinds of problems in plain sentences, and the
addresses that nothing more is sent to until a person corrects or confirms them.
"""

import re
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.clock import now
from portal.core.db import Base, db
from portal.core.once import insert_once


class Words(NamedTuple):
    """What happened, and what to do about it: a sentence or two each."""

    what: Any
    todo: Any


# Why a letter did not arrive, by kind. The server's own words stay beside it for whoever wants them.
KINDS: dict[str, Words] = {
    "unknown": Words(
        _l("The other mail server knows nobody by this address."),
        _l("Look for a typing mistake, or ask the school office. Then correct the address."),
    ),
    "full": Words(
        _l("The mailbox is full."),
        _l("Ask them to make room, or use another address of theirs. Then send the letter again."),
    ),
    "refused": Words(
        _l("The other mail server does not take our mail."),
        _l("Use another address of theirs, or ask whoever looks after their mail to let ours in."),
    ),
    "connect": Words(
        _l("No mail server could be reached."),
        _l("Send the letter again. If that does not help, tell whoever runs this site."),
    ),
    "account": Words(
        _l("Our own mail server does not let us send."),
        _l("Tell whoever runs this site: the mail settings need a look. Then send the letter again."),
    ),
    "broken": Words(
        _l("The letter could not be put together."),
        _l("Tell whoever runs this site, and name the letter."),
    ),
    "stopped": Words(
        _l("An earlier letter to this address came back, so this one was not sent."),
        _l("Correct the address. If it is right, send the letter again."),
    ),
    "other": Words(
        _l("The other mail server gave the letter back."),
        _l("Check the address, then send the letter again."),
    ),
}
OF_THE_ADDRESS = ("unknown", "full", "refused", "other")  # a bounce for these reasons stops the address
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


class Problem(NamedTuple):
    """Why a letter did not leave. `lasting`: trying again will not help. `detail`: the server's or library's words."""

    kind: str
    lasting: bool
    detail: str


class StoppedAddress(Base):
    """An address whose mail came back: nothing more goes there until a person corrects or confirms it."""

    __tablename__ = "stopped_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]


def kind_of_status(status: str, text: str = "") -> str:
    """The kind that an enhanced status code ("5.1.1", RFC 3463) or, without one, the words of a server speak of."""
    found = ENHANCED.search(status) or ENHANCED.search(text)
    if found:
        subject, detail = int(found[2]), int(found[3])
        if (subject, detail) in ((2, 2), (3, 1)):
            return "full"
        if subject == 1 or (subject, detail) in ((2, 1), (4, 4)):  # address, mailbox closed, no such host
            return "unknown"
        if subject == 7 or (subject, detail) in ((2, 0), (3, 0), (3, 2)):
            return "refused"
        if subject == 4:
            return "connect"
    said = text.lower()
    for kind, words in _SAID.items():
        if any(word in said for word in words):
            return kind
    return "other"


_SAID = {
    "full": ("mailbox full", "mailbox is full", "over quota", "quota exceeded", "overquota", "insufficient storage"),
    "unknown": ("unknown", "no such", "does not exist", "doesn't exist", "not found", "invalid recipient"),
    "refused": ("blocked", "blacklist", "blocklist", "denied", "spam", "policy", "reject", "refused", "not allowed"),
}


def classify(error: Exception) -> Problem:
    """Reads what went wrong while a letter was handed over: a server's refusal, no connection, a broken letter."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()), (0, b""))
        return _said(code, words)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Problem("account", error.smtp_code >= 550, _words(error))
    if isinstance(error, (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError)):
        return Problem("account", False, _words(error))
    if isinstance(error, (smtplib.SMTPConnectError, smtplib.SMTPHeloError)):
        return Problem("connect", False, _words(error))
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    if isinstance(error, (smtplib.SMTPException, OSError)):
        return Problem("connect", False, _words(error))
    return Problem("broken", False, _words(error))


def _said(code: int, words: bytes | str) -> Problem:
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    text = " ".join(text.split())
    if code == 421:  # the server is closing: it says nothing about the letter
        return Problem("connect", False, f"{code} {text}"[:500])
    kind = kind_of_status("", text)
    if kind == "other" and code in (550, 551, 553):
        kind = "unknown" if code != 550 else "refused"
    return Problem("full" if code in (452, 552) and kind == "other" else kind, code >= 500, f"{code} {text}"[:500])


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def hand_over(email: EmailMessage) -> None:
    """Gives the letter to the mail server of the settings; without one (demo, tests) the row is the mailbox."""
    settings = current_app.config["PORTAL"]
    if not settings.smtp_host:
        return
    context = ssl.create_default_context()
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=30, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=30)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(email)


def stop(address: str, kind: str) -> None:
    """Nothing more goes to this address from now on."""
    if address:
        insert_once(StoppedAddress, ["email"], email=address.lower(), kind=kind, since=now())


def let_through(address: str) -> bool:
    """A person says the address is right: mail goes there again. Whether it had been stopped."""
    return bool(db.session.execute(delete(StoppedAddress).where(StoppedAddress.email == address.lower())).rowcount)  # type: ignore[attr-defined]


def is_stopped(address: str) -> bool:
    """Whether nothing is sent to this address now."""
    query = select(StoppedAddress.id).where(StoppedAddress.email == address.lower())
    return db.session.scalar(query) is not None
