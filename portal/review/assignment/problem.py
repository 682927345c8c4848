"""One assignment problem as sparse arrays, and whether it can be met at all (by a maximum flow)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

THIN_ABOVE = 2_000_000  # files x reviewers
BEST = 20  # candidates a file that huge tables keep, and as many random ones


@dataclass(frozen=True, slots=True)
class Problem:
    """Pairs that may be made (parallel `file`, `reviewer`, `value`) and what each side still needs."""

    n: int
    q: int
    file: Ints
    reviewer: Ints
    value: Floats
    need: Ints  # (n,) readers still to find
    low: Ints  # (q,) files still to give, at least
    high: Ints  # (q,) at most

    def only(self, keep: NDArray[np.bool_] | Ints) -> Problem:
        """The same with some of the pairs."""
        return replace(self, file=self.file[keep], reviewer=self.reviewer[keep], value=self.value[keep])

    def bounded(self, low: Ints, high: Ints) -> Problem:
        """The same with other loads."""
        return replace(self, low=low, high=high)


@dataclass(frozen=True, slots=True)
class Start:
    """A checked call: the problem that is left, the pairs that stay, and the loads they already make."""

    problem: Problem
    fixed: list[tuple[int, int]]
    need: Ints
    load_max: Ints
    affinity: Floats
    allowed: NDArray[np.bool_]


def _whole(values: ArrayLike, size: int, name: str) -> Ints:
    """A number or an array of `size` whole numbers of zero or more."""
    numbers = np.broadcast_to(np.asarray(values, dtype=np.float64), (size,))
    if (numbers < 0).any() or (numbers != np.floor(numbers)).any():
        raise ValueError(f"{name} must be whole numbers of zero or more.")
    return numbers.astype(np.intp)


def prepare(
    affinity: ArrayLike,
    allowed: ArrayLike | None,
    need: ArrayLike,
    load_min: ArrayLike,
    load_max: ArrayLike | None,
    fixed: Iterable[tuple[int, int]],
    current: Iterable[tuple[int, int]] = (),
) -> Start:
    """Check the input and take the fixed pairs out. Raises ValueError for shapes and numbers that make no sense.

    Huge tables are thinned to the best and some random candidates of each file (and the `current` pairs), unless that
    alone would make the problem impossible.
    """
    table = np.asarray(affinity, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("Affinity must be a table of files by reviewers.")
    n, q = table.shape
    open_ = np.ones((n, q), dtype=bool) if allowed is None else np.array(allowed, dtype=bool)
    if open_.shape != (n, q):
        raise ValueError("Allowed must have the shape of affinity.")
    if not np.isfinite(table[open_]).all():
        raise ValueError("Every allowed pair needs an affinity.")
    wanted = _whole(need, n, "Readers per file")
    least = _whole(load_min, q, "Minimum loads")
    most = np.full(q, n, dtype=np.intp) if load_max is None else _whole(load_max, q, "Maximum loads")
    stay = sorted(set(fixed))
    if any(not (0 <= f < n and 0 <= r < q) for f, r in stay):
        raise ValueError("A fixed pair names a file or reviewer that is not there.")
    has, load = np.zeros(n, dtype=np.intp), np.zeros(q, dtype=np.intp)
    rest = open_.copy()
    for f, r in stay:
        has[f] += 1
        load[r] += 1
        rest[f, r] = False
    left = np.maximum(wanted - has, 0)
    rest[left == 0] = False
    low, high = np.maximum(least - load, 0), np.maximum(most - load, 0)

    def over(candidates: NDArray[np.bool_]) -> Problem:
        file, reviewer = np.nonzero(candidates)
        return Problem(n, q, file, reviewer, table[file, reviewer], left, low, high)

    problem = over(rest if n * q <= THIN_ABOVE else _thin(table, rest, wanted, current))
    if n * q > THIN_ABOVE and not feasible(problem):
        problem = over(rest)
    return Start(problem, stay, wanted, most, table, open_)


def _thin(
    table: Floats, rest: NDArray[np.bool_], wanted: Ints, current: Iterable[tuple[int, int]]
) -> NDArray[np.bool_]:
    """Keep the best and some random candidates of each file: huge tables need no more, and memory cannot hold it."""
    rng = np.random.default_rng(0)
    best = max(BEST, 2 * int(wanted.max(initial=0)))
    kept = np.zeros_like(rest)
    for start in range(0, len(table), 1000):
        part = slice(start, start + 1000)
        rows = np.arange(rest[part].shape[0])[:, None]
        for value in (table[part], rng.random(rest[part].shape)):
            size = min(best, rest.shape[1])
            top = np.argpartition(np.where(rest[part], -value, np.inf), size - 1, axis=1)[:, :size]
            kept[part][rows, top] = True
    for pair in current:
        kept[pair] = True
    return kept & rest


def flow(problem: Problem) -> int:
    """Size of the largest partial assignment that respects maximum loads and can still meet every minimum load.

    The problem can be met exactly when this equals the sum of needs: minimum loads become a second way out of each
    reviewer, and the other way is narrowed to what the minimums leave.
    """
    n, q = problem.n, problem.q
    slots, promised = int(problem.need.sum()), int(problem.low.sum())
    if promised > slots or (problem.low > problem.high).any():
        return -1
    source, first_file, first_reviewer, least, free, sink = 0, 1, 1 + n, 1 + n + q, 2 + n + q, 3 + n + q
    people = first_reviewer + np.arange(q)
    rows = np.concatenate([np.full(n, source), first_file + problem.file, people, people, [least, free]])
    ways_out = [np.full(q, least), np.full(q, free), [sink, sink]]
    columns = np.concatenate([first_file + np.arange(n), first_reviewer + problem.reviewer, *ways_out])
    room = [problem.low, problem.high - problem.low, [promised, slots - promised]]
    capacity = np.concatenate([problem.need, np.ones(len(problem.file)), *room]).astype(np.int32)
    graph = sparse.csr_matrix((capacity, (rows, columns)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, source, sink).flow_value)


def feasible(problem: Problem) -> bool:
    """Whether every file can get its readers within the loads."""
    return flow(problem) == int(problem.need.sum())
