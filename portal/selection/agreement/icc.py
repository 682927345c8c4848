"""Intraclass correlations: from the variance components of the model, and the six of Shrout and Fleiss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtri

from portal.selection.ranking.result import VarianceComponents


@dataclass(frozen=True, slots=True)
class ModelICC:
    """Shares of variance that are the nominees' own, 0 to 1; None where there is no variance at all."""

    single: float | None  # one review
    mean: float | None  # the mean of m reviews by different readers
    adjusted: float | None  # the same mean after severity is corrected
    readers: float  # m


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ShroutFleiss:
    """Mean squares and the six coefficients by their usual names, such as "ICC(2,1)"."""

    between_targets: float
    within_targets: float
    between_judges: float
    residual: float
    coefficients: dict[str, Coefficient]


def icc(variances: VarianceComponents, readers: float) -> ModelICC:
    """Absolute-agreement correlations for single reviews and means of `readers` reviews (need not be whole)."""
    quality, severity, error = variances.nominee, variances.reviewer, variances.error

    def share(noise: float) -> float | None:
        return quality / (quality + noise) if quality + noise > 0 else None

    m = max(readers, 1.0)
    return ModelICC(share(severity + error), share((severity + error) / m), share(error / m), m)


def shrout_fleiss(table: ArrayLike, level: float = 0.95) -> ShroutFleiss:
    """The six coefficients of a complete table, targets (rows) by judges (columns), with F-based intervals.

    Shrout & Fleiss 1979, Psychological Bulletin 86:420-428; intervals of ICC(2) by Satterthwaite as given there.
    Raises ValueError for a table with gaps or with fewer than two rows or columns.
    """
    x = np.asarray(table, dtype=np.float64)
    if x.ndim != 2 or min(x.shape) < 2 or not np.isfinite(x).all():
        raise ValueError("Give a complete table of at least two targets by two judges.")
    n, k = x.shape
    grand = x.mean()
    targets = k * float(((x.mean(axis=1) - grand) ** 2).sum())
    judges = n * float(((x.mean(axis=0) - grand) ** 2).sum())
    total = float(((x - grand) ** 2).sum())
    bms, jms = targets / (n - 1), judges / (k - 1)
    wms = (total - targets) / (n * (k - 1))
    ems = max((total - targets - judges) / ((n - 1) * (k - 1)), 1e-300)
    wms = max(wms, 1e-300)
    tail = 1.0 - (1.0 - level) / 2.0
    found = {
        **_one_way(bms, wms, n, k, tail),
        **_two_way_random(bms, jms, ems, n, k, tail),
        **_two_way_mixed(bms, ems, n, k, tail),
    }
    return ShroutFleiss(bms, wms, jms, ems, found)


def _f(quantile: float, above: float, below: float) -> float:
    return float(fdtri(above, below, quantile))


def _of_ratio(ratio: float, k: int) -> float:
    """The correlation of single ratings that belongs to a ratio of mean squares."""
    return (ratio - 1) / (ratio + k - 1)


def _one_way(bms: float, wms: float, n: int, k: int, tail: float) -> dict[str, Coefficient]:
    ratio = bms / wms
    low, high = ratio / _f(tail, n - 1, n * (k - 1)), ratio * _f(tail, n * (k - 1), n - 1)
    single = Coefficient((bms - wms) / (bms + (k - 1) * wms), _of_ratio(low, k), _of_ratio(high, k))
    return {
        "ICC(1,1)": single,
        f"ICC(1,{k})": Coefficient((bms - wms) / bms if bms else 0.0, 1 - 1 / low, 1 - 1 / high),
    }


def _two_way_random(bms: float, jms: float, ems: float, n: int, k: int, tail: float) -> dict[str, Coefficient]:
    rho = (bms - ems) / (bms + (k - 1) * ems + k * (jms - ems) / n)
    ratio = jms / ems
    inner = n * (1 + (k - 1) * rho) - k * rho
    above = (k - 1) * (n - 1) * (k * rho * ratio + inner) ** 2
    freedom = max(above / ((n - 1) * k**2 * rho**2 * ratio**2 + inner**2), 1e-6)
    upper_f, lower_f = _f(tail, n - 1, freedom), _f(tail, freedom, n - 1)
    rest = k * jms + (k * n - k - n) * ems
    low = n * (bms - upper_f * ems) / (upper_f * rest + n * bms)
    high = n * (lower_f * bms - ems) / (rest + n * lower_f * bms)

    def stepped(value: float) -> float:
        return k * value / (1 + (k - 1) * value)

    return {
        "ICC(2,1)": Coefficient(rho, low, high),
        f"ICC(2,{k})": Coefficient((bms - ems) / (bms + (jms - ems) / n), stepped(low), stepped(high)),
    }


def _two_way_mixed(bms: float, ems: float, n: int, k: int, tail: float) -> dict[str, Coefficient]:
    ratio, freedom = bms / ems, (n - 1) * (k - 1)
    low, high = ratio / _f(tail, n - 1, freedom), ratio * _f(tail, freedom, n - 1)
    single = Coefficient((bms - ems) / (bms + (k - 1) * ems), _of_ratio(low, k), _of_ratio(high, k))
    return {
        "ICC(3,1)": single,
        f"ICC(3,{k})": Coefficient((bms - ems) / bms if bms else 0.0, 1 - 1 / low, 1 - 1 / high),
    }
