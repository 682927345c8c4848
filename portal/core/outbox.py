"""Mail as rows: an action puts a letter in, the job runner sends it; staff read, hold and resend.

Why a letter did not arrive is read by `core.delivery` (on sending) and `core.bounces` (when it comes back).

A letter is a template and a plain context, rendered when it is read or sent (never inside a transaction). Templates lie
in `templates/mail/<feature>/<message>.{subject.txt,txt,html}`; `links.reference(...)` becomes an address.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import String, Text, and_, case, cast, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import delivery, dress, jobs, links
from portal.core.clock import now
from portal.core.db import Base, Identified, db, insert_once, known_states, transaction
from portal.core.flow import Flow
from portal.core.moves import move_all

MESSAGE = Flow(
    "message",
    initial="queued",
    hold=({"queued"}, "held"),
    release=({"held"}, "queued"),
    send=({"queued"}, "sent"),
    fail=({"queued"}, "failed"),
    bounce=({"sent"}, "bounced"),
    cancel=({"queued", "held", "failed", "bounced"}, "canceled"),
    resend=({"sent", "failed", "bounced"}, "queued"),
)
MAX_TRIES = 5
BLANK = "core/blank"  # a letter whose words were erased
log = logging.getLogger("portal.mail")


class Message(Identified, Base):
    """One letter to one address. `about` is the audit name of what it concerns ("nomination:AbC...")."""

    __tablename__ = "messages"
    __table_args__ = (known_states(MESSAGE),)

    key: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(100))
    to: Mapped[str] = mapped_column(String(254), index=True)
    locale: Mapped[str] = mapped_column(String(5))
    context: Mapped[dict[str, Any]]
    program_id: Mapped[int | None] = mapped_column(index=True)
    about: Mapped[str] = mapped_column(String(64), default="", index=True)
    state: Mapped[str] = mapped_column(String(32), default="queued", index=True)
    not_before: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    asked: Mapped[bool] = mapped_column(default=False)  # its reader asked for it just now: sent to any address
    kind: Mapped[str] = mapped_column(String(20), default="")  # why it did not arrive: a key of `delivery.KINDS`
    problem: Mapped[str] = mapped_column(Text, default="")  # the same in the server's own words


@dataclass(frozen=True)
class Letter:
    """What a feature's `mail.py` returns. `key` makes it unique: the same letter is never sent twice. `asked`: its
    reader asked for it this minute, so that it goes out even if earlier mail to the address came back.
    """

    template: str
    to: str
    key: str
    locale: str = "en"
    context: Mapping[str, Any] = field(default_factory=dict)
    program_id: int | None = None
    about: str = ""
    asked: bool = False


@dataclass(frozen=True)
class Rendered:
    """A letter as it is read."""

    subject: str
    text: str
    html: str


def put(letter: Letter, *, hold: bool = False, not_before: datetime | None = None) -> int | None:
    """Queues the letter in the open transaction; the message's number, or None when its key was there already."""
    message_id = insert_once(
        Message,
        ["key"],
        key=letter.key,
        template=letter.template,
        to=letter.to,
        locale=letter.locale,
        context=dressed(letter),
        program_id=letter.program_id,
        about=letter.about,
        asked=letter.asked,
        state="held" if hold else "queued",
        not_before=not_before,
    )
    if message_id is not None and not hold:
        _send_soon(not_before)
    return message_id


def _send_soon(at: datetime | None = None) -> None:
    """Asks for the sending, now or then: a wait of its own name, so that nothing urgent waits with it."""
    jobs.later("mail.send_due", key=f"mail.send_due:{at.isoformat()}" if at else "mail.send_due", at=at)


def put_all(letters: Sequence[Letter], *, not_before: datetime | None = None) -> int:
    """Queues many letters in one statement; how many were new (a key that was there already is left alone)."""
    if not letters:
        return 0
    session = db.session()
    session.flush()
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Message).on_conflict_do_nothing(index_elements=["key"]).returning(Message.id)
    rows = [
        {
            "key": letter.key,
            "template": letter.template,
            "to": letter.to,
            "locale": letter.locale,
            "context": dressed(letter),
            "program_id": letter.program_id,
            "about": letter.about,
            "asked": letter.asked,
            "state": "queued",
            "not_before": not_before,
        }
        for letter in letters
    ]
    made = len(session.scalars(statement, rows).all())
    if made:
        _send_soon(not_before)
    return made


def call_back(by: Any, abouts: Sequence[str], template: str) -> set[str]:
    """Cancels those letters about these things that wait for their time, so that they never leave; about which.

    A letter that is on its way, or was tried before, is left alone: `_claim` and this take turns at its row. The key
    of one that never left is free again.
    """
    never = Message.tries == 0, Message.not_before.is_not(None)
    waiting = Message.about.in_(abouts), Message.template == template, *never
    query = select(Message).where(*waiting, Message.state.in_(("queued", "held"))).order_by(Message.id)
    called = move_all(MESSAGE, "cancel", list(db.session.scalars(query.with_for_update())), by)
    if called:
        freed = update(Message).where(Message.id.in_([message.id for message in called]))
        freed = freed.values(key="called-back:" + Message.public_id)
        db.session.execute(freed.execution_options(synchronize_session=False))
    return {message.about for message in called}


def dressed(letter: Letter) -> dict[str, Any]:
    """The letter's context with what its program gives it (see `core.dress`)."""
    given = dress.of(letter.program_id, letter.template, letter.locale)
    return {**({"dress": given} if given else {}), **letter.context}


def _resolved(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "$link" in value:
            return address(value["endpoint"], token=links.token(value["$link"]), **value.get("args", {}))
        return {k: _resolved(v) for k, v in value.items()}
    return [_resolved(v) for v in value] if isinstance(value, list) else value


def address(endpoint: str, **args: Any) -> str:
    """An absolute address from the settings' base, with or without a request."""
    base = urlsplit(current_app.config["PORTAL"].base_url)
    adapter = current_app.url_map.bind(base.netloc, script_name=base.path.rstrip("/") + "/", url_scheme=base.scheme)
    return adapter.build(endpoint, args, force_external=True)


def render(template: str, locale: str, context: Mapping[str, Any]) -> Rendered:
    """Renders a letter in its language: subject, plain text and HTML with its styles put inline."""
    import css_inline

    with force_locale(locale):
        values = {**_resolved(context), "locale": locale}
        subject = " ".join(render_template(f"mail/{template}.subject.txt", **values).split())
        subject = _("Test: %(subject)s", subject=subject) if context.get("test") else subject
        text = render_template(f"mail/{template}.txt", **values).strip() + "\n"
        html = render_template(f"mail/{template}.html", **values, subject=subject)
    return Rendered(subject, text, css_inline.inline(html, load_remote_stylesheets=False))


def read(message: Message) -> Rendered:
    """The message as its reader gets it."""
    return render(message.template, message.locale, message.context)


def as_email(message: Message) -> EmailMessage:
    """The message in MIME: text first, HTML as the alternative."""
    rendered = read(message)
    settings = current_app.config["PORTAL"]
    email = EmailMessage()
    email["Subject"] = rendered.subject
    worn = message.context.get("dress", {})
    sender = worn.get("sender") or message.context.get("program_name", "Laurel")
    email["From"] = formataddr((sender, settings.mail_from))
    if worn.get("reply_to"):
        email["Reply-To"] = worn["reply_to"]
    email["To"] = message.to
    email["Message-ID"] = make_msgid(message.public_id, domain=settings.mail_from.rpartition("@")[2] or None)
    email["Content-Language"] = message.locale
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(rendered.text)
    email.add_alternative(rendered.html, subtype="html")
    return email


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


def send_again(message: Message) -> None:
    """Lets mail go to the message's address again; the caller has moved the message itself to "queued"."""
    let_through(message.to)
    jobs.later("mail.send_due", key="mail.send_due")


def let_through(address: str, about: str = "") -> bool:
    """Mail goes to this address again: first what was kept back meanwhile, and what came back about this one thing.
    Whether the address had been stopped.
    """
    if not delivery.let_through(address):
        return False
    kept_back = and_(Message.state == "failed", Message.kind == "stopped")
    lost = and_(Message.about == about, Message.state.in_(("failed", "bounced")))
    again = update(Message).where(Message.to == address, or_(kept_back, lost) if about else kept_back)
    values = {"state": "queued", "tries": 0, "kind": "", "problem": "", "not_before": None}
    db.session.execute(again.values(values).execution_options(synchronize_session=False))
    jobs.later("mail.send_due", key="mail.send_due")
    return True


def blank(abouts: Sequence[str], *, only_to: str | None = None) -> None:
    """Erases the words of all letters about these things, and cancels those that wait. The reader's address goes too:
    of all of them, or with `only_to` of those that went to that address.
    """
    if not abouts:
        return
    about = Message.about.in_(abouts)
    waiting = Message.state.in_(("queued", "held", "failed", "bounced"))
    gone = {"context": {}, "template": BLANK, "problem": ""}
    theirs = [] if only_to is None else [Message.to == only_to]
    for conditions, values in ((waiting,), {"state": "canceled"}), ((), gone), (theirs, {"to": ""}):
        statement = update(Message).where(about, *conditions).values(values)
        db.session.execute(statement.execution_options(synchronize_session=False))


def set_aside(about: str, address: str) -> None:
    """Undelivered letters about a thing to an address that was corrected need nobody any more; those whose time has
    not come stay here.
    """
    early = and_(Message.state.in_(("queued", "held")), Message.not_before > now())
    undelivered = or_(Message.state.in_(("failed", "bounced")), early)
    statement = update(Message).where(Message.about == about, Message.to == address, undelivered)
    db.session.execute(statement.values(state="canceled").execution_options(synchronize_session=False))


def follow(about: str, before: str, address: str) -> None:
    """Letters about a thing that wait or did not arrive go to its corrected address. Those with a link are canceled: it
    was made for the old one.
    """
    undelivered = Message.state.in_(("failed", "bounced"))
    no_link = cast(Message.context, Text).not_like('%"$link"%')
    mine = update(Message).where(Message.about == about, Message.to == before)
    values = {
        "to": case((no_link, address), else_=Message.to),
        "state": case((~no_link, "canceled"), (undelivered, "queued"), else_=Message.state),
        "tries": 0,
        "kind": case((no_link, ""), else_=Message.kind),
        "problem": case((no_link, ""), else_=Message.problem),
    }
    moved = mine.where(or_(undelivered, Message.state.in_(("queued", "held")))).values(values).returning(Message.id)
    if db.session.execute(moved.execution_options(synchronize_session=False)).all():
        jobs.later("mail.send_due", key="mail.send_due")
