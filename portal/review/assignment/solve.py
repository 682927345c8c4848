"""The best assignment by linear programming; its vertices are whole, so no rounding is ever needed.

Large problems start from a few candidates a file and take in whatever pairs the prices say would help, until none does
(column generation): the result is then the optimum over all pairs, proven by the same prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from portal.review.assignment.problem import Floats, Ints, Problem, feasible

WHOLE = 12_000  # pairs up to which everything goes into one program
BEST, RANDOM = 6, 4  # candidates a file to begin with
PRICE_TURNS = 25
ROUNDS = 6
CLOSE = 4e-4  # a bound this near to the total ends the rounds
SIMPLEX = 3000  # pairs up to which the simplex method is quickest; it stalls on large problems full of equal values
ENTER = 4  # pairs a file that may enter in one round


@dataclass(slots=True)
class Solution:
    """Chosen pairs as positions in the problem's pair arrays, and how far from proven best (share of the total)."""

    chosen: Ints
    gap: float


class NotWholeError(RuntimeError):
    """The solver failed or returned parts of a reader; totally unimodular problems have whole vertices."""


def solve(problem: Problem, value: Floats, rng: np.random.Generator) -> Solution:
    """Maximize the sum of `value` (parallel to the problem's pairs). The problem must be feasible."""
    if not int(problem.need.sum()):
        return Solution(np.zeros(0, dtype=np.intp), 0.0)
    if len(problem.file) > WHOLE:
        return _generate(problem, value, rng)
    return Solution(_program(problem, value)[0], 0.0)


def _generate(problem: Problem, value: Floats, rng: np.random.Generator) -> Solution:
    """Column generation from a few candidates a file."""
    table = _Table(problem)
    inside = table.top(value - _rough_prices(problem, value, table)[problem.reviewer], BEST)
    extra = RANDOM
    inside |= table.top(rng.random(len(value)), extra)
    while not feasible(problem.only(inside)):
        extra *= 2
        inside |= table.top(rng.random(len(value)), extra)
    for _ in range(ROUNDS):
        at = np.flatnonzero(inside)
        chosen, file_price, reviewer_price = _program(problem.only(at), value[at])
        gain = value - file_price[problem.file] - reviewer_price[problem.reviewer]
        gain[inside] = 0.0
        better = gain > 1e-9 * max(1.0, float(np.abs(value).max()))
        entering = table.top(np.where(better, gain, 0.0), ENTER) & better
        gap = float(gain[entering].sum()) / (float(np.abs(value[at][chosen]).sum()) or 1.0)
        if gap <= CLOSE:
            break
        inside[entering] = True
    return Solution(at[chosen], gap)


class _Table:
    """The pairs (sorted by file) laid out as one row a file, to pick the best of each file quickly."""

    def __init__(self, problem: Problem) -> None:
        counts = np.bincount(problem.file, minlength=problem.n)
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        self._shape = (problem.n, int(counts.max(initial=1)))
        self._place = problem.file * self._shape[1] + np.arange(len(problem.file)) - starts[problem.file]
        self._pair = np.full(self._shape[0] * self._shape[1], -1, dtype=np.intp)
        self._pair[self._place] = np.arange(len(self._place))

    def top(self, value: Floats, size: int) -> NDArray[np.bool_]:
        """Marks the `size` pairs of highest value of each file."""
        size = min(size, self._shape[1])
        rows = np.full(self._shape[0] * self._shape[1], -np.inf)
        rows[self._place] = value
        best = np.argpartition(-rows.reshape(self._shape), size - 1, axis=1)[:, :size]
        pairs = self._pair[(best + np.arange(self._shape[0])[:, None] * self._shape[1]).ravel()]
        marked = np.zeros(len(value), dtype=bool)
        marked[pairs[pairs >= 0]] = True
        return marked


def _rough_prices(problem: Problem, value: Floats, table: _Table) -> Floats:
    """What a place with each reviewer is worth, roughly: raised where too many files ask, lowered where too few."""
    price = np.zeros(problem.q)
    step = 0.5 * (float(value.max() - value.min()) or 1.0)
    most = int(problem.need.max())
    for turn in range(PRICE_TURNS):
        load = np.bincount(problem.reviewer[table.top(value - price[problem.reviewer], most)], minlength=problem.q)
        excess = np.maximum(load - problem.high, 0) - np.maximum(problem.low - load, 0)
        if not excess.any():
            break
        price += step / (turn + 2) * np.clip(excess / np.maximum(problem.high, 1), -1.0, 1.0)
    return price


def _program(problem: Problem, value: Floats) -> tuple[Ints, Floats, Floats]:
    """One linear program: chosen positions, and the prices of files and reviewers (value above both wants in)."""
    size = len(value)
    ones, columns = np.ones(size), np.arange(size)
    files = sparse.csr_array((ones, (problem.file, columns)), shape=(problem.n, size))
    people = sparse.csr_array((ones, (problem.reviewer, columns)), shape=(problem.q, size))
    offered = np.bincount(problem.reviewer, minlength=problem.q)
    high, low = np.flatnonzero(problem.high < offered), np.flatnonzero(problem.low > 0)
    bounds_matrix = sparse.vstack([people[high], -people[low]]).tocsr() if len(high) + len(low) else None
    bounds = np.concatenate([problem.high[high], -problem.low[low]]) if bounds_matrix is not None else None
    scale = float(np.abs(value).max()) or 1.0
    method = "highs-ds" if size <= SIMPLEX else "highs-ipm"
    result = linprog(
        -value / scale, A_ub=bounds_matrix, b_ub=bounds, A_eq=files, b_eq=problem.need, bounds=(0, 1), method=method
    )
    if result.status != 0:
        raise NotWholeError(f"The solver stopped with: {result.message}")
    whole = np.rint(result.x)
    if np.abs(result.x - whole).max(initial=0.0) > 1e-6:
        raise NotWholeError("The solver returned parts of a reader.")
    reviewer_price = np.zeros(problem.q)
    if bounds_matrix is not None:
        marginal = result.ineqlin.marginals * scale
        reviewer_price[high] -= marginal[: len(high)]
        reviewer_price[low] += marginal[len(high) :]
    return np.flatnonzero(whole > 0.5), -result.eqlin.marginals * scale, reviewer_price
