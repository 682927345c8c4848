"""Assign files to reviewers, and change an assignment by as little as possible."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from portal.review.assignment.bounds import even_loads, raise_floor
from portal.review.assignment.connect import connectivity
from portal.review.assignment.explain import infeasible, reasons
from portal.review.assignment.problem import Floats, Problem, Start, feasible, prepare
from portal.review.assignment.result import Assignment, Floor, Pair
from portal.review.assignment.solve import solve
from portal.review.assignment.spread import mix

MIXING = 0.05  # a repeated meeting of two reviewers costs this share of the range of affinities
KEEP = 1000.0  # what a kept pair is worth when repairing, in ranges of affinity: one change less beats any match
LIGHTEN = 0.25  # when repairing, the share of the range by which the lightest reader is preferred to the busiest
JITTER = 1e-2  # share of the range of affinities over which equal choices are shuffled


def assign(
    affinity: ArrayLike,
    *,
    allowed: ArrayLike | None = None,
    need: ArrayLike = 3,
    load_min: ArrayLike = 0,
    load_max: ArrayLike | None = None,
    fixed: Iterable[Pair] = (),
    seed: int = 0,
    spread: float = MIXING,
    floor: bool = True,
    balance: int | None = 1,
) -> Assignment:
    """Give each file its readers so that the sum of affinities is largest under all rules.

    `affinity` (files x reviewers) rates each pair, higher is better; `allowed` (same shape) is False where a conflict
    forbids it; `need` readers a file and loads between `load_min` and `load_max` are numbers or one per file or
    reviewer. `fixed` pairs (file, reviewer) were assigned before and stay, and count in needs and loads. `spread`
    prices meeting the same colleague again (0: never solve again for it); `floor` raises the worst pair before the
    total; `balance` keeps loads within so many files of an even share where possible (None: only the given bounds).
    The same `seed` gives the same answer. With spread=0, floor=False and balance=None this is the plain optimum.
    Raises Infeasible with what blocks it, ValueError for input that makes no sense.
    """
    start = prepare(affinity, allowed, need, load_min, load_max, fixed)
    if not feasible(start.problem):
        raise infeasible(start)
    problem = start.problem
    if balance is not None:
        held = np.bincount([r for _, r in start.fixed], minlength=problem.q).astype(np.intp)
        problem = even_loads(problem, held, balance)
    if floor:
        high, level = raise_floor(problem)
        found = _best(start, high, level, spread, seed)
        if found.components <= 1 or spread <= 0 or len(high.file) == len(problem.file):
            return found
        # The floor keeps readers in camps that share no file; a chain of shared files matters more.
    return _best(start, problem, None, spread, seed)


def _best(start: Start, problem: Problem, level: float | None, spread: float, seed: int) -> Assignment:
    """Solve, then mix readers."""
    rng = np.random.default_rng(seed)
    value = _shuffled(problem, spread > 0, rng)
    best = solve(problem, value, rng)
    made = mix(problem, value, best.chosen, start.fixed, spread * _reach(start.problem.value), rng)
    return _describe(start, problem, sorted([*start.fixed, *made]), set(start.fixed), level, best.gap, seed)


def reassign(
    affinity: ArrayLike,
    *,
    current: Iterable[Pair],
    allowed: ArrayLike,
    need: ArrayLike = 3,
    load_min: ArrayLike = 0,
    load_max: ArrayLike | None = None,
    locked: Iterable[Pair] = (),
    seed: int = 0,
) -> Assignment:
    """Repair an assignment after a recusal, a new conflict or a late file: as few pairs as possible change.

    `allowed` is the present table, with the recused pairs False; `current` is what is assigned now. Pairs that are no
    longer allowed go, everything else stays unless the loads force a move; `locked` pairs (already scored) stay
    whatever happens. Among the repairs with the fewest changes,
    the best match wins, lighter readers preferred. Raises as `assign` does.
    """
    scored, now = set(locked), set(current)
    start = prepare(affinity, allowed, need, load_min, load_max, scored, now)
    if not feasible(start.problem):
        raise infeasible(start)
    problem = start.problem
    held = {pair for pair in now if pair not in scored and start.allowed[pair]}
    rng = np.random.default_rng(seed)
    possible = list(zip(problem.file.tolist(), problem.reviewer.tolist(), strict=True))
    stays = np.array([pair in held for pair in possible], dtype=bool)
    load = np.bincount([r for _, r in held | scored], minlength=problem.q)
    burden = load[problem.reviewer] / max(1, int(load.max(initial=1)))
    reach = _reach(problem.value)
    value = _shuffled(problem, False, rng) + np.where(stays, reach * KEEP, -reach * LIGHTEN * burden)
    best = solve(problem, value, rng)
    pairs = sorted([*start.fixed, *(possible[at] for at in best.chosen)])
    return _describe(start, problem, pairs, held | scored, None, best.gap, seed)


def _reach(value: Floats) -> float:
    """The range of affinities, or 1 where they are all the same."""
    return float(np.ptp(value)) if len(value) and float(np.ptp(value)) > 0 else 1.0


def _shuffled(problem: Problem, freely: bool, rng: np.random.Generator) -> Floats:
    """Affinities with equal choices shuffled. Unless `freely`, all shuffling adds up to a hundredth of the range."""
    size = JITTER * _reach(problem.value)
    if not freely:
        size /= max(1, int(problem.need.sum()))
    return problem.value + size * rng.random(len(problem.value))


def _describe(
    start: Start, problem: Problem, pairs: list[Pair], kept: set[Pair], level: float | None, gap: float, seed: int
) -> Assignment:
    n, q = problem.n, problem.q
    table = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    matched = start.affinity[table[:, 0], table[:, 1]]
    readers = np.bincount(table[:, 0], minlength=n)
    sums = np.bincount(table[:, 0], weights=matched, minlength=n)
    held = np.bincount([r for _, r in start.fixed], minlength=q)
    linked = connectivity(pairs, n, q)
    return Assignment(
        pairs=pairs,
        total=float(matched.sum()),
        loads=np.bincount(table[:, 1], minlength=q).tolist(),
        floor=Floor(
            level,
            float(matched.min()) if len(matched) else None,
            float((sums[readers > 0] / readers[readers > 0]).min()) if len(matched) else None,
        ),
        reasons=reasons(start, pairs, kept),
        components=linked.components,
        connectivity=linked,
        load_min=(problem.low + held).tolist(),
        load_max=(problem.high + held).tolist(),
        gap=gap,
        seed=seed,
    )
