"""Mix readers: meet the same colleague on as few files as possible, and leave nobody outside the chain of shared files.

Starts from the best matches and trades readers between two files whenever that is worth it, so that needs and loads
never change. (Solving the program again with a price on meetings overreacts: all move away at once, and meet anew.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.review.assignment.connect import labels
from portal.review.assignment.problem import Floats, Ints, Problem

CELLS = 6_000_000  # files x reviewers up to which readers are mixed; beyond, chance alone rarely lets two meet twice
TRIES = 3000  # readers looked at
OFFERS = 20  # best matching other reviewers tried for each
SAMPLE = 300  # pairs looked at for one trade


@dataclass(slots=True)
class Teams:
    """An assignment that can be changed by trades: `value` is -inf where a pair must not be made."""

    value: Floats  # (n, q)
    member: NDArray[np.bool_]  # (n, q)
    file: Ints  # pairs that may be traded, as parallel arrays
    reviewer: Ints
    together: Floats  # (q, q) files that two reviewers share, zero on the diagonal

    def trade(self, a: int, b: int) -> None:
        """The readers of free pairs a and b change places."""
        f1, r1, f2, r2 = int(self.file[a]), int(self.reviewer[a]), int(self.file[b]), int(self.reviewer[b])
        for file, out, into in ((f1, r1, r2), (f2, r2, r1)):
            self.member[file, out] = False
            mates = np.flatnonzero(self.member[file])
            for reviewer, change in ((out, -1.0), (into, 1.0)):
                self.together[reviewer, mates] += change
                self.together[mates, reviewer] += change
            self.member[file, into] = True
        self.reviewer[a], self.reviewer[b] = r2, r1


def mix(
    problem: Problem,
    value: Floats,
    chosen: Ints,
    fixed: list[tuple[int, int]],
    price: float,
    rng: np.random.Generator,
) -> list[tuple[int, int]]:
    """Trade readers while that gains; return the pairs that were free to choose.

    Two reviewers who share c files cost `price` c (c - 1) / 2, in units of what any two share on average plus one
    (where all must meet often, meeting often is no fault). Components that share no reader are joined at any cost.
    """
    if price <= 0 or not len(chosen) or problem.n * problem.q > CELLS:
        return list(zip(problem.file[chosen].tolist(), problem.reviewer[chosen].tolist(), strict=True))
    teams = _teams(problem, value, chosen, fixed)
    usual = float(teams.together.sum()) / max(1, problem.q * (problem.q - 1))
    _trade(teams, price / (1.0 + usual), rng)
    _join(teams, problem, rng)
    return list(zip(teams.file.tolist(), teams.reviewer.tolist(), strict=True))


def _teams(problem: Problem, value: Floats, chosen: Ints, fixed: list[tuple[int, int]]) -> Teams:
    table = np.full((problem.n, problem.q), -np.inf)
    table[problem.file, problem.reviewer] = value
    member = np.zeros((problem.n, problem.q), dtype=bool)
    file, reviewer = problem.file[chosen].copy(), problem.reviewer[chosen].copy()
    member[file, reviewer] = True
    for f, r in fixed:
        member[f, r] = True
    reads = member.astype(np.float32)
    together = (reads.T @ reads).astype(np.float64)
    np.fill_diagonal(together, 0.0)
    return Teams(table, member, file, reviewer, together)


def _trade(teams: Teams, price: float, rng: np.random.Generator) -> None:
    """Take readers who meet a colleague again in random order, and make each one's best trade if it gains."""
    order = rng.permutation(len(teams.file))
    for a in order[:TRIES]:
        f, r = int(teams.file[a]), int(teams.reviewer[a])
        mates = np.flatnonzero(teams.member[f])
        mates = mates[mates != r]
        burden = float((teams.together[r, mates] - 1.0).sum())
        if burden <= 0:
            continue
        offers = np.where(teams.member[f], -np.inf, teams.value[f])
        best = np.argpartition(-offers, min(OFFERS, len(offers) - 1))[:OFFERS]
        wanted = np.zeros(len(offers), dtype=bool)
        wanted[best[np.isfinite(offers[best])]] = True
        others = np.flatnonzero(wanted[teams.reviewer])
        others = others[~teams.member[teams.file[others], r]]
        if not len(others):
            continue
        if len(others) > SAMPLE:
            others = rng.choice(others, SAMPLE, replace=False)
        f2, r2 = teams.file[others], teams.reviewer[others]
        gain = teams.value[f, r2] + teams.value[f2, r] - teams.value[f, r] - teams.value[f2, r2]
        away = teams.member[f2]
        shared = teams.together[np.ix_(r2, mates)].sum(axis=1)
        leaves = (teams.together[r2] * away).sum(axis=1) - (away.sum(axis=1) - 1.0)
        joins = away @ teams.together[r] - teams.together[r, r2]
        gain = gain + price * (burden + leaves - shared - joins)
        at = int(np.argmax(gain))
        if gain[at] > 1e-9:
            teams.trade(int(a), int(others[at]))


def _join(teams: Teams, problem: Problem, rng: np.random.Generator) -> None:
    """Trade readers between components until all hang together, at the least loss of value; give up where none may."""
    for _ in range(2 * problem.q):
        file, reviewer = np.nonzero(teams.member)
        count, _, person = labels(file, reviewer, problem.n, problem.q)
        part = person[teams.reviewer]
        sizes = np.bincount(part, minlength=count)
        solid = np.bincount(teams.file, minlength=problem.n)[teams.file] > 1  # one reader alone cannot link anything
        largest = int(np.argmax(sizes))
        apart = [p for p in np.flatnonzero(sizes) if p != largest and (solid & (part == p)).any()]
        if not apart or not _cheapest(teams, (part == apart[0]) & solid, (part == largest) & solid, rng):
            return


def _cheapest(teams: Teams, here: NDArray[np.bool_], there: NDArray[np.bool_], rng: np.random.Generator) -> bool:
    """Make the cheapest permitted trade between the two sets of pairs; False when there is none."""
    a, b = (rng.permutation(np.flatnonzero(side))[:SAMPLE] for side in (here, there))
    if not len(a) or not len(b):
        return False
    f1, r1, f2, r2 = teams.file[a], teams.reviewer[a], teams.file[b], teams.reviewer[b]
    gain = teams.value[np.ix_(f1, r2)] + teams.value[np.ix_(f2, r1)].T
    gain = gain - teams.value[f1, r1][:, None] - teams.value[f2, r2][None, :]
    at = int(np.argmax(gain))
    if not np.isfinite(gain.flat[at]):
        return False
    teams.trade(int(a[at // len(b)]), int(b[at % len(b)]))
    return True
