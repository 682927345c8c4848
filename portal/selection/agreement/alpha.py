"""Krippendorff's alpha for any number of readers with missing data, with a bootstrap interval over files.

Krippendorff, Computing Krippendorff's Alpha-Reliability (2011). The ordinal metric is the interval metric on mid-ranks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
METRICS = ("nominal", "ordinal", "interval", "ratio")
CHUNK = 2_000_000  # cells of one batch of bootstrap samples


@dataclass(frozen=True, slots=True)
class Alpha:
    """Alpha (1 = perfect, 0 = chance; None when it cannot be computed) and what it rests on."""

    value: float | None
    low: float | None
    high: float | None
    metric: str
    level: float  # of the interval
    units: int  # files with two readers or more
    values: int  # scores in them


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often each distinct value was given to each unit, units with fewer than two values left out."""

    given: Floats  # (units, values)
    levels: Floats  # (values,) ascending


def krippendorff_alpha(
    units: ArrayLike,
    values: ArrayLike,
    metric: str = "ordinal",
    *,
    bootstrap: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Alpha:
    """Alpha of `values` (one per reading, nan = missing) given to `units` (parallel: the file of each reading).

    `metric` is nominal, ordinal, interval or ratio (ratio needs values of zero or more). The interval resamples files
    `bootstrap` times (0: no interval) and takes the middle `level` of it. Raises ValueError for an unknown metric.
    """
    if metric not in METRICS:
        raise ValueError(f"The metric must be one of {', '.join(METRICS)}.")
    counts = _count(np.asarray(units), np.asarray(values, dtype=np.float64))
    n_units, total = len(counts.given), int(counts.given.sum())
    if metric == "ratio" and len(counts.levels) and counts.levels[0] < 0:
        raise ValueError("The ratio metric needs values of zero or more.")
    if n_units == 0 or len(counts.levels) < 2:
        return Alpha(None, None, None, metric, level, n_units, total)
    compute = _METHODS[metric](counts)
    value = float(compute(np.ones((1, n_units)))[0])
    low, high = _interval(compute, n_units, len(counts.levels), bootstrap, level, seed)
    return Alpha(value, low, high, metric, level, n_units, total)


def alpha_of_table(table: ArrayLike, metric: str = "ordinal", **options: float) -> Alpha:
    """Alpha of a table of observers (rows) by units (columns), nan = missing. Options as for `krippendorff_alpha`."""
    values = np.asarray(table, dtype=np.float64)
    units = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    return krippendorff_alpha(units.ravel(), values.ravel(), metric, **options)  # type: ignore[arg-type]


def _count(units: NDArray[np.generic], values: Floats) -> _Counts:
    seen = np.isfinite(values)
    _, unit = np.unique(units[seen], return_inverse=True)
    levels, value = np.unique(values[seen], return_inverse=True)
    given = np.zeros((int(unit.max(initial=-1)) + 1, len(levels)))
    np.add.at(given, (unit, value), 1.0)
    given = given[given.sum(axis=1) >= 2]
    used = given.sum(axis=0) > 0
    return _Counts(given[:, used], levels[used])


def _interval(
    compute: Callable[[Floats], Floats], units: int, levels: int, bootstrap: int, level: float, seed: int
) -> tuple[float | None, float | None]:
    if bootstrap <= 0 or units < 2:
        return None, None
    rng = np.random.default_rng(seed)
    step = max(1, CHUNK // (units + levels))
    found = []
    for start in range(0, bootstrap, step):
        size = min(step, bootstrap - start)
        weights = rng.multinomial(units, np.full(units, 1.0 / units), size=size).astype(np.float64)
        found.append(compute(weights))
    samples = np.concatenate(found)
    samples = samples[np.isfinite(samples)]
    if len(samples) < bootstrap / 2:
        return None, None
    tail = (1.0 - level) / 2.0
    return float(np.quantile(samples, tail)), float(np.quantile(samples, 1.0 - tail))


def _ratio(observed: Floats, expected: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1.0 - observed / expected, np.nan)


def _squares(weights: Floats, counts: _Counts, at: Floats) -> Floats:
    """Alpha for squared differences of `at` ((values,) or one row per sample) under unit weights (samples, units)."""
    size = counts.given.sum(axis=1)
    first, second = at @ counts.given.T, (at**2) @ counts.given.T  # (units,) or (samples, units)
    within = (weights * (2.0 * (size * second - first**2) / (size - 1.0))).sum(axis=1)
    total = weights @ size
    sum_first, sum_second = (weights * first).sum(axis=1), (weights * second).sum(axis=1)
    return _ratio(within * (total - 1.0), 2.0 * (total * sum_second - sum_first**2))


def _interval_metric(counts: _Counts) -> Callable[[Floats], Floats]:
    at = counts.levels - counts.levels.mean()
    return lambda weights: _squares(weights, counts, at)


def _ordinal_metric(counts: _Counts) -> Callable[[Floats], Floats]:
    def compute(weights: Floats) -> Floats:
        margins = weights @ counts.given
        ranks = np.cumsum(margins, axis=1) - margins / 2.0
        return _squares(weights, counts, ranks - ranks[:, -1:] / 2.0)

    return compute


def _table_metric(counts: _Counts, distance: Floats) -> Callable[[Floats], Floats]:
    """Alpha for a fixed table of squared distances between values."""
    size = counts.given.sum(axis=1)
    within = ((counts.given @ distance) * counts.given).sum(axis=1) / (size - 1.0)

    def compute(weights: Floats) -> Floats:
        margins = weights @ counts.given
        total = weights @ size
        return _ratio((weights @ within) * (total - 1.0), ((margins @ distance) * margins).sum(axis=1))

    return compute


def _nominal_metric(counts: _Counts) -> Callable[[Floats], Floats]:
    return _table_metric(counts, 1.0 - np.eye(len(counts.levels)))


def _ratio_metric(counts: _Counts) -> Callable[[Floats], Floats]:
    values = counts.levels
    sums = values[:, None] + values[None, :]
    apart = np.where(sums > 0, (values[:, None] - values[None, :]) / np.where(sums > 0, sums, 1.0), 0.0)
    return _table_metric(counts, apart**2)


_METHODS: dict[str, Callable[[_Counts], Callable[[Floats], Floats]]] = {
    "nominal": _nominal_metric,
    "ordinal": _ordinal_metric,
    "interval": _interval_metric,
    "ratio": _ratio_metric,
}
