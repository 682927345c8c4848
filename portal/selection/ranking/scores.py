"""From the levels of a review to its score: a weighted mean in which "cannot judge" costs the nominee nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

MINIMUM_JUDGED = 0.6  # share of the weight that must be judged for a review to count, where no rubric says another


@dataclass(slots=True)
class ReviewScores:
    """Per review, (n,): the score (nan where refused), the judged share of the weight, and whether it was refused."""

    score: NDArray[np.float64]
    judged: NDArray[np.float64]
    refused: NDArray[np.bool_]
    criterion_means: NDArray[np.float64]  # (criteria,) nan where nobody judged it


def review_scores(
    levels: ArrayLike, weights: ArrayLike | None = None, *, least: float = MINIMUM_JUDGED
) -> ReviewScores:
    """Score reviews from `levels` (reviews x criteria, nan = cannot judge) and criterion `weights` (default: equal).

    Levels are centered on their criterion's mean over all reviews before the weighted mean is taken, and the weighted
    mean of the criterion means is added back: leaving out a criterion on which everybody does well does not lower a
    score. A review that judges less than the share `least` of the weight (0 to 1), or nothing, is refused. Raises
    ValueError for unusable weights.
    """
    table = np.atleast_2d(np.asarray(levels, dtype=np.float64))
    share = np.ones(table.shape[1]) if weights is None else np.asarray(weights, dtype=np.float64)
    if share.shape != (table.shape[1],) or not np.isfinite(share).all() or (share < 0).any() or share.sum() <= 0:
        raise ValueError("Give one weight of zero or more for each criterion, at least one above zero.")
    seen = np.isfinite(table)
    counts = seen.sum(axis=0)
    means = np.where(counts > 0, np.where(seen, table, 0.0).sum(axis=0) / np.maximum(counts, 1), np.nan)
    used = np.where(counts > 0, share, 0.0)
    weight = seen * share
    judged_weight = weight.sum(axis=1)
    judged = judged_weight / share.sum()
    refused = (judged < least - 1e-9) | (judged_weight <= 0)
    centered = np.where(seen, table - np.nan_to_num(means), 0.0)
    level = float(used @ np.nan_to_num(means) / used.sum()) if used.sum() > 0 else np.nan
    score = level + (centered * share).sum(axis=1) / np.where(judged_weight > 0, judged_weight, 1.0)
    return ReviewScores(np.where(refused, np.nan, score), judged, refused, means)
