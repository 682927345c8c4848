"""What there is to see of panels, plans, files to read, the sheet, and the scores that count."""

from portal.review.queries.files import count_short, count_to_read
from portal.review.queries.results import (
    ScoreRow,
    conflicted_files,
    is_conflicted,
    owes,
    own_reviews_are_in,
    scores_of_round,
    standing,
)

__all__ = [
    "ScoreRow",
    "conflicted_files",
    "count_short",
    "count_to_read",
    "is_conflicted",
    "owes",
    "own_reviews_are_in",
    "scores_of_round",
    "standing",
]
