"""What a chair sees of a panel: where readers part, how each reads, and the word for how far they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from portal.selection.ranking.result import Id, Ranking

ENOUGH_FILES = 8  # below this a reader's card says "not enough reviews to say"


class AgreementWord(StrEnum):
    """How far readers agree, as the key of a phrase; bounds .2, .4, .667 and .8 (the last two Krippendorff's)."""

    UNKNOWN = "unknown"
    HARDLY = "hardly"
    LITTLE = "little"
    MODERATELY = "moderately"
    WELL = "well"
    VERY_WELL = "very_well"


def agreement_word(value: float | None) -> AgreementWord:
    """The word for an alpha or an intraclass correlation."""
    if value is None or not np.isfinite(value):
        return AgreementWord.UNKNOWN
    bounds = ((0.8, AgreementWord.VERY_WELL), (0.667, AgreementWord.WELL), (0.4, AgreementWord.MODERATELY))
    for bound, word in bounds:
        if value >= bound:
            return word
    return AgreementWord.LITTLE if value >= 0.2 else AgreementWord.HARDLY


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations of the levels chosen: `values` (files, criteria), nan where fewer than two judged."""

    files: list[Id]
    values: NDArray[np.float64]
    criteria: NDArray[np.float64]  # (criteria,) root mean square over files


def criterion_spread(files: Sequence[Id], levels: ArrayLike) -> Spread:
    """Where readers part, in rubric points: from `levels` (reviews x criteria, nan = cannot judge)."""
    table = np.atleast_2d(np.asarray(levels, dtype=np.float64))
    names = sorted(set(files), key=str)
    place = {name: at for at, name in enumerate(names)}
    at = np.array([place[name] for name in files], dtype=np.intp)
    seen = np.isfinite(table)
    filled = np.where(seen, table, 0.0)
    count = np.zeros((len(names), table.shape[1]))
    first = np.zeros_like(count)
    np.add.at(count, at, seen.astype(np.float64))
    np.add.at(first, at, filled)
    mean = first / np.maximum(count, 1.0)
    square = np.zeros_like(count)
    np.add.at(square, at, np.where(seen, (filled - mean[at]) ** 2, 0.0))
    variance = np.where(count > 1, square / np.maximum(count - 1.0, 1.0), np.nan)
    freedom = np.maximum(count - 1.0, 0.0).sum(axis=0)
    pooled = np.where(freedom > 0, square.sum(axis=0) / np.maximum(freedom, 1.0), np.nan)
    return Spread(names, np.sqrt(variance), np.sqrt(pooled))


@dataclass(frozen=True, slots=True)
class ReviewerCard:
    """One reader, in rubric points. Figures are None where one review is not enough to compute them."""

    reviewer: Id
    reviews: int
    enough: bool  # at least 8 files: below, say so instead of judging
    severity: float
    low90: float
    high90: float
    consistency: float | None  # standard deviation of what is left after file and severity
    spread: float | None  # standard deviation of the scores given (small: all near the middle)
    halo: float | None  # mean standard deviation between criteria within a review (small: one impression)


def reviewer_cards(
    ranking: Ranking,
    files: Sequence[Id],
    reviewers: Sequence[Id],
    scores: ArrayLike,
    levels: ArrayLike | None = None,
) -> list[ReviewerCard]:
    """Cards from the rows that were ranked (the same lists as given to `rank`), strictest reader first."""
    score = np.asarray(scores, dtype=np.float64)
    adjusted = {result.file: result.adjusted for result in ranking.files}
    within = _between_criteria(levels, len(score))
    rows: dict[Id, list[int]] = {}
    for at, reviewer in enumerate(reviewers):
        rows.setdefault(reviewer, []).append(at)
    cards = []
    for result in ranking.reviewers:
        mine = rows.get(result.reviewer, [])
        left = np.array([score[at] - (adjusted[files[at]] or 0.0) - result.severity for at in mine])
        halo = within[mine][np.isfinite(within[mine])] if mine else np.zeros(0)
        cards.append(
            ReviewerCard(
                reviewer=result.reviewer,
                reviews=result.reviews,
                enough=result.reviews >= ENOUGH_FILES,
                severity=result.severity,
                low90=result.low90,
                high90=result.high90,
                consistency=float(left.std(ddof=1)) if len(left) > 1 else None,
                spread=result.spread,
                halo=float(halo.mean()) if len(halo) else None,
            )
        )
    return cards


def _between_criteria(levels: ArrayLike | None, rows: int) -> NDArray[np.float64]:
    """Standard deviation between the judged criteria of each review, (reviews,); nan with fewer than two."""
    if levels is None:
        return np.full(rows, np.nan)
    table = np.asarray(levels, dtype=np.float64)
    seen = np.isfinite(table)
    count = seen.sum(axis=1)
    mean = np.where(seen, table, 0.0).sum(axis=1) / np.maximum(count, 1)
    square = np.where(seen, (table - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.where(count > 1, np.sqrt(square / np.maximum(count - 1, 1)), np.nan)
