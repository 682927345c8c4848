"""What there is to see of panels, plans, files to read, the sheet, and the scores that count."""

from portal.review.queries.conflicts import conflicted_files, conflicts_in, is_conflicted
from portal.review.queries.files import count_short, count_to_read
from portal.review.queries.results import (
    ScoreRow,
    owes,
    own_reviews_are_in,
    scores_of_round,
    standing,
)

__all__ = [
    "ScoreRow",
    "conflicted_files",
    "conflicts_in",
    "count_short",
    "count_to_read",
    "is_conflicted",
    "owes",
    "own_reviews_are_in",
    "scores_of_round",
    "standing",
]
