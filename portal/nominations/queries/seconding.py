"""The link by which somebody else may second a self-nomination."""

from sqlalchemy import select

from portal.core.db import db
from portal.core.links import Link
from portal.nominations.models import Nomination

SECOND_LINK = "nomination-second"


def link_of(nomination: Nomination) -> Link | None:
    """The living link to pass on, or None."""
    query = select(Link).where(Link.purpose == SECOND_LINK, Link.subject_id == nomination.id)
    return db.session.scalar(query.where(Link.revoked_at.is_(None)).order_by(Link.id.desc()).limit(1))
