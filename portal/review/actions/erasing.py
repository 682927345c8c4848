"""What readers wrote about a nominee who was erased: the lines of evidence go, the scores stay in the record."""

from sqlalchemy import select, update

from portal.core import audit
from portal.core.db import sweep
from portal.nominations.models import NomineeFile
from portal.review.models import Assignment, Review, Score


def erase_file(file: NomineeFile) -> None:
    """Erases every line of evidence about the file, in all versions of its reviews. Safe to run twice."""
    reviews = select(Review.id).join(Review.assignment).where(Assignment.file_id == file.id)
    statement = update(Score).where(Score.review_id.in_(reviews), Score.evidence != "").values(evidence="")
    count = sweep(statement).rowcount
    if count:
        audit.record(audit.SYSTEM, "review.evidence_erased", file, lines=count)
