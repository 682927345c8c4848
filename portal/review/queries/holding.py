"""What the organizers' desk asks before two files become one: which of them reviewers have."""

from collections.abc import Collection

from sqlalchemy import select

from portal.core.db import db
from portal.nominations.queries.holds import holder
from portal.review.models import Assignment


@holder
def given_to_reviewers(file_ids: Collection[int]) -> set[int]:
    """Files that somebody reads, has scored, or read until a recusal. A plan that is not released does not count."""
    given = Assignment.state.in_(("released", "scored", "recused"))
    return set(db.session.scalars(select(Assignment.file_id).where(Assignment.file_id.in_(file_ids), given)))
