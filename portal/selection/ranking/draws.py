"""Chances of a place and expected ranks from joint draws, with less noise than counting.

Given a draw of everything shared (severities, variances), files are independent normals. Instead of counting how often
file i beats the cut, its chance of beating it is computed exactly given all the other files' draws (Rao-Blackwell).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Float32s = NDArray[np.float32]
CHUNK = 2_000_000  # cells handled at once
RANK_CELLS = 600_000  # draws x files that are sorted for the ranks


@dataclass(slots=True)
class Standing:
    """Per file, (n,): chance of the top k, expected rank (1 = best), 5th and 95th hundredth of the rank."""

    chance: Floats
    expected_rank: Floats
    rank_low: NDArray[np.intp]
    rank_high: NDArray[np.intp]


def standing(mean: Float32s, sd: Float32s, k: int, groups: NDArray[np.intp], rng: np.random.Generator) -> Standing:
    """Chances and ranks of n files from D conditional draws, `mean` and `sd` each (D, n), scaled to be of order 1.

    Files with the same number in `groups` (n,) are exchangeable: they get the average of their group. Chances sum to
    min(k, n).
    """
    draws, n = mean.shape
    chance = np.zeros(n)
    sorted_draws = min(draws, max(300, RANK_CELLS // n))
    ranks = np.empty((sorted_draws, n), dtype=np.int32)
    step = max(1, CHUNK // n)
    for at in range(0, draws, step):
        m, s = mean[at : at + step], sd[at : at + step]
        x = m + s * rng.standard_normal(m.shape, dtype=np.float32)
        if 0 < k < n:
            chance += _beats_cut(x, m, s, k)
        if at < sorted_draws:
            ranks[at : at + step] = _ranks(x[: sorted_draws - at])
    chance = _settle(chance / draws, k, n, groups)
    expected = _by_group(ranks.mean(axis=0, dtype=np.float64), groups)
    ranks.partition([sorted_draws // 20, sorted_draws - 1 - sorted_draws // 20], axis=0)
    low, high = ranks[sorted_draws // 20], ranks[sorted_draws - 1 - sorted_draws // 20]
    return Standing(
        chance=chance,
        expected_rank=expected,
        rank_low=np.rint(_by_group(low.astype(np.float64), groups)).astype(np.intp),
        rank_high=np.rint(_by_group(high.astype(np.float64), groups)).astype(np.intp),
    )


def _beats_cut(x: Float32s, m: Float32s, s: Float32s, k: int) -> Floats:
    """Sum over draws of P(x_i > k-th best of the others | the others): shape (n,)."""
    n = x.shape[1]
    part = np.partition(x, (n - k - 1, n - k), axis=1)
    below, above = part[:, n - k - 1 : n - k], part[:, n - k : n - k + 1]
    near = ((m + 5.0 * s) > below).any(axis=0) & ((m - 5.0 * s) < above).any(axis=0)
    out = (m.mean(axis=0) > below.mean()).astype(np.float64) * len(x)
    cut = np.where(x[:, near] >= above, below, above)
    spread = np.maximum(s[:, near], np.float32(1e-12))
    out[near] = ndtr((m[:, near] - cut) / spread).sum(axis=0, dtype=np.float64)
    return out


def _ranks(x: Float32s) -> NDArray[np.int32]:
    """Rank of each column within its row, 1 for the largest. Value and column travel in one integer, which sorts fast."""
    bits = (-x).view(np.int32).astype(np.int64)
    ordered = np.where(bits < 0, np.int64(-(2**31)) - bits, bits)
    packed = (ordered << 32) | np.arange(x.shape[1], dtype=np.int64)
    packed.sort(axis=1)
    columns = packed & 0xFFFFFFFF
    out = np.empty(x.shape, dtype=np.int32)
    np.put_along_axis(out, columns, np.arange(1, x.shape[1] + 1, dtype=np.int32)[None], axis=1)
    return out


def _by_group(values: Floats, groups: NDArray[np.intp]) -> Floats:
    """Each value replaced by the mean of its group."""
    totals = np.bincount(groups, weights=values)
    return (totals / np.bincount(groups))[groups]


def _settle(chance: Floats, k: int, n: int, groups: NDArray[np.intp]) -> Floats:
    """Group means, moved by their own uncertainty p (1 - p) until they sum to exactly the number of places."""
    if k >= n:
        return np.ones(n)
    chance = np.clip(_by_group(chance, groups), 0.0, 1.0)
    for _ in range(50):
        room = chance * (1.0 - chance)
        missing = k - chance.sum()
        if abs(missing) < 1e-12 or room.sum() <= 0.0:
            break
        chance = np.clip(chance + np.clip(missing / room.sum(), -1.0, 1.0) * room, 0.0, 1.0)
    return chance
