"""Rank nominee files from partly overlapping reviews: adjusted scores, their certainty, and each reviewer's severity.

Public interface (pure: numpy and scipy, no database, no web; scores in rubric points, chances 0 to 1):

    review_scores(levels, weights, least) -> ReviewScores  levels (reviews x criteria, nan = cannot judge) to scores
    rank(files, reviewers, scores, *, winners, panels=None, all_files=None, scale=None, versions=None, seed=0,
         draws=None, adjust=True) -> Ranking            one row a review; see result.py for everything in a Ranking
    one_more_review(adjusted, sd, winners, *, reviewer_variance, error_variance) -> flip chance of each file
    joining_reviews(files, reviewers, ...)              the few cross reviews that would join disconnected panels
    METHOD_VERSION                                      stamp it on whatever is stored

The model and its reasons: s_ij = mu + theta_i + b_j + u_p + e_ij, all Gaussian, variances integrated over a grid.
"""

from portal.selection.ranking.joining import Joining, joining_reviews
from portal.selection.ranking.one_more import one_more_review
from portal.selection.ranking.rank import METHOD_VERSION, rank
from portal.selection.ranking.result import (
    Banner,
    BannerCode,
    FileResult,
    Ranking,
    ReviewerResult,
    VarianceComponents,
)
from portal.selection.ranking.scores import MINIMUM_JUDGED, ReviewScores, review_scores

__all__ = [
    "METHOD_VERSION",
    "MINIMUM_JUDGED",
    "Banner",
    "BannerCode",
    "FileResult",
    "Joining",
    "Ranking",
    "ReviewScores",
    "ReviewerResult",
    "VarianceComponents",
    "joining_reviews",
    "one_more_review",
    "rank",
    "review_scores",
]
