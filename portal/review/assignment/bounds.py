"""Tighten before solving: even loads, and the highest least match that can be had."""

from __future__ import annotations

import numpy as np

from portal.review.assignment.problem import Ints, Problem, feasible

STEPS = 20  # halvings of the list of distinct affinities


def even_loads(problem: Problem, held: Ints, slack: int) -> Problem:
    """Narrow the loads to an even share plus or minus `slack` files, or as near to it as conflicts and bounds allow.

    `held` (q,) counts files that reviewers keep from before: they are part of the load that is evened out.
    """
    slots = int(problem.need.sum())
    if not slots:
        return problem
    offered = np.bincount(problem.reviewer, minlength=problem.q)
    room = held + np.minimum(problem.high, offered)
    share = _water_level(held, room, slots)
    for extra in range(slack, int(room.max(initial=0)) + 1):
        high = np.clip(np.ceil(share - 1e-9).astype(np.intp) + extra - held, 0, problem.high)
        low = np.clip(np.floor(share + 1e-9).astype(np.intp) - extra - held, 0, np.minimum(problem.high, offered))
        tight = problem.bounded(np.maximum(problem.low, np.minimum(low, high)), np.maximum(high, problem.low))
        if feasible(tight):
            return tight
    return problem


def _water_level(held: Ints, room: Ints, slots: int) -> float:
    """The common load that everybody reaches, within their room, when `slots` files are poured in."""
    low, high = 0.0, float(room.max(initial=0))
    for _ in range(60):
        middle = 0.5 * (low + high)
        if float(np.clip(middle - held, 0, np.maximum(room - held, 0)).sum()) < slots:
            low = middle
        else:
            high = middle
    return high


def raise_floor(problem: Problem) -> tuple[Problem, float | None]:
    """Drop the weakest pairs for as long as everybody can still be served; return the rest and the level reached."""
    levels = np.unique(problem.value)
    if len(levels) < 2:
        return problem, float(levels[0]) if len(levels) else None
    good, bad = 0, len(levels)
    for _ in range(STEPS):
        if bad - good <= 1:
            break
        middle = (good + bad) // 2
        if feasible(problem.only(problem.value >= levels[middle])):
            good = middle
        else:
            bad = middle
    return problem.only(problem.value >= levels[good]), float(levels[good])
