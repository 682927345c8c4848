"""Weighted kappa, for pairs of readers with enough files in common to say something.

Cohen 1968, Psychological Bulletin 70:213-220.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from portal.selection.ranking.result import Id

MINIMUM_FILES = 20  # below this, a kappa of two readers is noise and is not shown


@dataclass(frozen=True, slots=True)
class PairKappa:
    """Agreement of two readers over the files both read. `value` is None where both always gave one level."""

    first: Id
    second: Id
    files: int
    value: float | None


def weighted_kappa(counts: ArrayLike, weights: str | ArrayLike = "quadratic") -> float | None:
    """Kappa of a square table of counts. `weights`: nominal, linear, quadratic, or a table of disagreement weights.

    None when chance alone already explains everything (no expected disagreement). Raises ValueError for other tables.
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or (table < 0).any() or table.sum() <= 0:
        raise ValueError("Give a square table of counts.")
    disagreement = _weights(len(table), weights)
    if disagreement.shape != table.shape:
        raise ValueError("Weights must have the shape of the table.")
    share = table / table.sum()
    expected = float((np.outer(share.sum(axis=1), share.sum(axis=0)) * disagreement).sum())
    return None if expected <= 0 else 1.0 - float((share * disagreement).sum()) / expected


def _weights(size: int, weights: str | ArrayLike) -> NDArray[np.float64]:
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
    if not isinstance(weights, str):
        return np.asarray(weights, dtype=np.float64)
    if weights not in ("nominal", "linear", "quadratic"):
        raise ValueError("Weights must be nominal, linear, quadratic or a table.")
    return {"nominal": (apart > 0).astype(np.float64), "linear": apart, "quadratic": apart**2}[weights]


def pair_kappas(
    files: Sequence[Id],
    reviewers: Sequence[Id],
    levels: ArrayLike,
    *,
    weights: str = "quadratic",
    minimum: int = MINIMUM_FILES,
) -> list[PairKappa]:
    """Kappa of every two readers with at least `minimum` files in common, most files first.

    One entry a reading in each list; nan levels (cannot judge) are left out. Levels are taken as whole steps in order.
    """
    values = np.asarray(levels, dtype=np.float64)
    steps = np.unique(values[np.isfinite(values)])
    given: dict[Id, dict[Id, int]] = {}
    for file, reviewer, value in zip(files, reviewers, values.tolist(), strict=True):
        if np.isfinite(value):
            given.setdefault(reviewer, {})[file] = int(np.searchsorted(steps, value))
    found = []
    for first, second in combinations(sorted(given, key=str), 2):
        common = given[first].keys() & given[second].keys()
        if len(common) < minimum:
            continue
        table = np.zeros((len(steps), len(steps)))
        for file in common:
            table[given[first][file], given[second][file]] += 1
        found.append(PairKappa(first, second, len(common), weighted_kappa(table, weights)))
    return sorted(found, key=lambda pair: -pair.files)
