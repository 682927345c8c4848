"""Mailed links: each names a purpose and a subject, lasts for a time, can be used up or revoked.

A token is the row's public id and a keyed digest of it. Nothing secret is stored: the database alone opens no link,
and a message that was held for a week is rendered with the same working link. Used, expired, revoked and invented
tokens answer alike (`Gone`).
"""

import base64
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Index, String, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import tokens
from portal.core.clock import now
from portal.core.db import Base, Identified, db, sweep
from portal.core.errors import Gone


class Link(Identified, Base):
    """One mailed link. `subject_id` is the private number of what it opens, of the kind that the purpose implies."""

    __tablename__ = "links"
    __table_args__ = (Index("ix_links_subject", "purpose", "subject_id"),)

    purpose: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    email: Mapped[str] = mapped_column(String(254), default="")
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


def issue(purpose: str, subject_id: int, *, email: str = "", lasts: timedelta | None = None) -> Link:
    """Makes a link; `lasts` None means until revoked. Call inside an action's transaction."""
    link = draft(purpose, subject_id, email=email, lasts=lasts)
    db.session.add(link)
    db.session.flush()
    return link


def issue_all(purpose: str, subject_ids: list[int], *, lasts: timedelta | None = None) -> dict[int, Link]:
    """Makes a link for each subject in one statement; by subject."""
    return {link.subject_id: link for link in write([draft(purpose, each, lasts=lasts) for each in subject_ids])}


def draft(purpose: str, subject_id: int, *, email: str = "", lasts: timedelta | None = None) -> Link:
    """A link that opens nothing before it is written."""
    at = now()
    return Link(
        public_id=tokens.new_public_id(),
        created_at=at,
        purpose=purpose,
        subject_id=subject_id,
        email=email,
        expires_at=at + lasts if lasts else None,
    )


_COLUMNS = ("public_id", "created_at", "purpose", "subject_id", "email", "expires_at")
_LINKS: Any = Link.__table__
_INSERT = insert(_LINKS)


def write(links: list[Link]) -> list[Link]:
    """Writes these links in one statement (each good for `reference`, its number not loaded)."""
    if links:
        db.session.connection().execute(_INSERT, [{name: getattr(link, name) for name in _COLUMNS} for link in links])
    return links


def token(link: Link | str) -> str:
    """The bearer's part of the address: public id, a dot, and the keyed digest."""
    public_id = link if isinstance(link, str) else link.public_id
    mac = tokens.keyed(current_app.config["PORTAL"].secret_key, "link", public_id)
    return f"{public_id}.{base64.urlsafe_b64encode(mac[:18]).decode()}"


def find(purpose: str, given: str, *, used: bool = False) -> Link | None:
    """The living link behind a token, or None. With `used`, also one that was used (it may show what came of it)."""
    public_id, _dot, _mac = given.partition(".")
    if not tokens.same(given, token(public_id)):
        return None
    link = db.session.scalar(select(Link).where(Link.public_id == public_id, Link.purpose == purpose))
    if link is None or link.revoked_at or (link.expires_at and link.expires_at <= now()):
        return None
    return link if used or link.used_at is None else None


def open_link(purpose: str, given: str, *, used: bool = False) -> Link:
    """`find`, or `Gone` in the one wording for every dead link."""
    link = find(purpose, given, used=used)
    if link is None:
        raise Gone(_("This link no longer works. It may have been used, replaced or expired."))
    return link


def use(link: Link) -> None:
    """Uses the link up; of two at once only one succeeds, the other meets `Gone`."""
    statement = update(Link).where(Link.id == link.id, Link.used_at.is_(None), Link.revoked_at.is_(None))
    result = sweep(statement.values(used_at=now()))
    if result.rowcount != 1:
        raise Gone(_("This link no longer works. It may have been used, replaced or expired."))
    db.session.refresh(link)


def revoke(purpose: str | tuple[str, ...], *subject_ids: int) -> int:
    """Ends every living link to these subjects, for this purpose or any of these; how many there were."""
    purposes = (purpose,) if isinstance(purpose, str) else purpose
    living = or_(Link.expires_at.is_(None), Link.expires_at > now())
    statement = update(Link).where(
        Link.purpose.in_(purposes), Link.subject_id.in_(subject_ids), Link.revoked_at.is_(None), living
    )
    result: Any = db.session.execute(statement.values(revoked_at=now()).execution_options(synchronize_session="fetch"))
    return int(result.rowcount)


def reference(endpoint: str, link: Link, **args: Any) -> dict[str, Any]:
    """How a letter's context names a link: resolved to an address when the letter is rendered."""
    return {"$link": link.public_id, "endpoint": endpoint, "args": args}
