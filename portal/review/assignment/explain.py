"""Say why: what blocks an assignment that cannot be made, and why each pair of one that can was chosen."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from portal.review.assignment.problem import Ints, Problem, Start, flow
from portal.review.assignment.result import Infeasible, Pair, PairReason

PRIORITY = 1000.0  # a missing reader weighs this much more than a file that a reviewer's minimum lacks


def infeasible(start: Start) -> Infeasible:
    """The elastic version of a problem that cannot be met: the fewest missing readers, then the least shortfall."""
    problem = start.problem
    missing, short = _elastic(problem)
    eligible = start.allowed.sum(axis=1)
    for f, r in start.fixed:
        eligible[f] += 0 if start.allowed[f, r] else 1
    few = {int(f): int(eligible[f]) for f in np.flatnonzero(eligible < start.need)}
    usual = max(1, int(np.median(start.load_max))) if len(start.load_max) else 1
    total = sum(missing.values())
    people = max(-(-total // usual), max(missing.values(), default=0)) if total else 0
    return Infeasible(
        missing=missing,
        missing_readers=people,
        too_few_eligible=few,
        needed_load_max=_needed_load(start),
        short_reviewers=short,
        slots=int(problem.need.sum()),
        capacity=int(problem.high.sum()),
        promised=int(problem.low.sum()),
    )


def _elastic(problem: Problem) -> tuple[dict[int, int], dict[int, int]]:
    """Missing readers by file and unmet minimum by reviewer, at the least total."""
    pairs, n, q = len(problem.file), problem.n, problem.q
    at = np.arange(pairs)
    files = sparse.csr_array((np.ones(pairs), (problem.file, at)), shape=(n, pairs))
    people = sparse.csr_array((np.ones(pairs), (problem.reviewer, at)), shape=(q, pairs))
    equal = sparse.hstack([files, sparse.eye_array(n), sparse.csr_array((n, q))]).tocsr()
    most = sparse.hstack([people, sparse.csr_array((q, n + q))])
    least = sparse.hstack([-people, sparse.csr_array((q, n)), -sparse.eye_array(q)])
    low = np.minimum(problem.low, problem.high)
    result = linprog(
        np.concatenate([np.zeros(pairs), np.full(n, PRIORITY), np.ones(q)]),
        A_ub=sparse.vstack([most, least]).tocsr(),
        b_ub=np.concatenate([problem.high, -low]),
        A_eq=equal,
        b_eq=problem.need,
        bounds=np.concatenate(
            [np.tile([0.0, 1.0], (pairs, 1)), np.column_stack([np.zeros(n), problem.need]),
             np.column_stack([np.zeros(q), np.maximum(low, 0)])]
        ),
        method="highs-ds",
    )  # fmt: skip
    missing = np.rint(result.x[pairs : pairs + n]).astype(int)
    short = np.rint(result.x[pairs + n :]).astype(int) + (problem.low - low)
    return (
        {int(f): int(missing[f]) for f in np.flatnonzero(missing)},
        {int(r): int(short[r]) for r in np.flatnonzero(short)},
    )


def _needed_load(start: Start) -> int | None:
    """The smallest maximum load, for those who now have less, that gives every file its readers; None if none does."""
    problem = start.problem
    slots = int(problem.need.sum())
    held = start.load_max - problem.high
    none = np.zeros(problem.q, dtype=np.intp)

    def enough(load: int) -> bool:
        high = np.maximum(problem.high, load - held)
        return flow(problem.bounded(none, high)) == slots

    low, high = int(start.load_max.min(initial=0)), problem.n
    if not problem.q or not enough(high):
        return None
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return high


def reasons(start: Start, pairs: list[Pair], kept: set[Pair]) -> dict[Pair, PairReason]:
    """A phrase key for each pair, from what the file's eligible readers offered."""
    by_file: dict[int, Ints] = {}
    found: dict[Pair, PairReason] = {}
    for file, reviewer in pairs:
        if (file, reviewer) in kept:
            found[file, reviewer] = PairReason.KEPT
            continue
        if file not in by_file:
            by_file[file] = np.sort(start.affinity[file][start.allowed[file]])[::-1]
        offered, need = by_file[file], int(start.need[file])
        value = start.affinity[file, reviewer]
        if len(offered) <= need:
            reason = PairReason.ONLY_CHOICE
        elif value >= offered[need - 1] and value > offered[-1]:
            reason = PairReason.BEST_MATCH
        elif value > float(np.median(offered)):
            reason = PairReason.GOOD_MATCH
        else:
            reason = PairReason.EVEN_LOAD
        found[file, reviewer] = reason
    return found
