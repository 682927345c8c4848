"""Forms that could not be taken (the sign-in had ended, the page's token was old): kept for a day, sent again."""

from datetime import timedelta
from typing import Any

from flask import Response, request, session, url_for
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped

from portal.core import hx, jobs
from portal.core.clock import now
from portal.core.db import Base, Identified, db, transaction
from portal.core.errors import NotThere

KEEP = timedelta(days=1)
LARGEST = 200_000  # characters; files are never kept
HIDDEN = {"csrf_token"}


class KeptForm(Identified, Base):
    """What was typed, for this browser only (its signed cookie names the row)."""

    __tablename__ = "kept_forms"

    url: Mapped[str]
    fields: Mapped[list[Any]]


def typed_fields() -> list[tuple[str, str]]:
    """The fields of the present request, as (name, value), without the token."""
    return [(n, v) for n, values in request.form.lists() for v in values if n not in HIDDEN]


def keep() -> str | None:
    """Keeps the present request's form; the address of the page that sends it again. None when nothing was typed."""
    fields = typed_fields()
    if not fields or sum(len(v) for _, v in fields) > LARGEST:
        return None
    with transaction() as s:
        kept = KeptForm(url=request.full_path.rstrip("?"), fields=[list(f) for f in fields])
        s.add(kept)
    session["kept"] = kept.public_id
    return url_for("core.kept_form", public_id=kept.public_id)


def resend_page(url: str, fields: list[Any], status: int = 200) -> Response:
    """The page that shows what was typed, with one button that sends it with a fresh token."""
    return hx.page("errors/resend.html", action=url, fields=fields, status=status)


def show(public_id: str) -> Response:
    """The kept form, to the browser that typed it."""
    kept = db.session.scalar(select(KeptForm).where(KeptForm.public_id == public_id))
    if kept is None or session.get("kept") != public_id or kept.created_at < now() - KEEP:
        raise NotThere()
    return resend_page(kept.url, kept.fields)


@jobs.job("kept.forget", every=timedelta(hours=6))
def forget() -> None:
    """Deletes kept forms after their day."""
    with transaction() as s:
        s.execute(delete(KeptForm).where(KeptForm.created_at < now() - KEEP))
