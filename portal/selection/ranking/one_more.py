"""Where one more review would matter: the chance that it carries a file across the cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr


def one_more_review(
    adjusted: ArrayLike, sd: ArrayLike, winners: int, *, reviewer_variance: float, error_variance: float
) -> NDArray[np.float64]:
    """Flip chance of each file, (n,): 1 - Phi(gap / s), s = v / sqrt(v + v_b + v_e), v the file's posterior variance.

    `gap` is the distance from the file's adjusted score to the first file on the other side of the cut after the
    `winners` best. Scores and standard deviations in rubric points, variances in squared points. All zero when every
    file has a place; nan scores (unread files) give nan.
    """
    score, spread = np.asarray(adjusted, dtype=np.float64), np.asarray(sd, dtype=np.float64)
    flip = np.full(score.shape, np.nan)
    read = np.isfinite(score)
    flip[read] = 0.0
    if not 0 < winners < int(read.sum()):
        return flip
    ordered = np.sort(score[read])[::-1]
    last_in, first_out = ordered[winners - 1], ordered[winners]
    gap = np.where(score >= last_in, score - first_out, last_in - score)
    variance = spread**2
    moved = variance / np.sqrt(np.maximum(variance + reviewer_variance + error_variance, 1e-300))
    sure = moved <= 1e-12
    chance = 1.0 - ndtr(gap / np.where(sure, 1.0, moved))
    flip[read] = np.where(sure, np.where(gap <= 0, 0.5, 0.0), chance)[read]
    return flip
