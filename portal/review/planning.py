"""From who may read what to a proposal with its report: a panel's rules put into `review.assignment`. Pure, but numpy.

Imported by jobs only: numpy and scipy stay out of the web workers.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from portal.review.assignment import Assignment, Infeasible, assign, reassign
from portal.review.plan_input import PlanInput

TIE = 0.5  # how well a reader from the nominee's own district matches; 1 is no known tie
LISTED = 50  # files named in a report of what stands in the way
Pairs = set[tuple[int, int]]  # positions (file, reader)


@dataclass(frozen=True)
class Proposal:
    """`pairs`: new (file id, person id, reason key). `moves`: ids of assignments to take back, unopened ones only."""

    pairs: list[tuple[int, int, str]] = field(default_factory=list)
    moves: list[int] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    blocked: bool = False


@dataclass(frozen=True)
class _Table:
    """The input as arrays; rows are files, columns readers."""

    affinity: np.ndarray
    allowed: np.ndarray
    need: np.ndarray
    most: np.ndarray
    held: dict[tuple[int, int], int]  # position -> assignment id
    locked: Pairs


def propose(given: PlanInput, seed: int) -> Proposal:
    """New pairs that give every file its readers, keeping what is assigned; when that can't be, with as few files moved
    as possible; when not even that, what stands in the way."""
    table = _table(given)
    first = _past_winners(given, table, seed)
    for ahead in ([first, set()] if first else [set()]):
        try:
            made = _assign(table, set(table.held) | ahead, seed)
            return _proposal(given, table, made, ahead, [])
        except Infeasible as error:
            blocked = error
    free = set(table.held) - table.locked
    if free:
        try:
            made = reassign(table.affinity, current=sorted(table.held), allowed=table.allowed, need=table.need,
                            load_max=table.most, locked=sorted(table.locked), seed=seed)  # fmt: skip
            moves = sorted(table.held[p] for p in free - set(made.pairs))
            return _proposal(given, table, made, set(), moves)
        except Infeasible as error:
            blocked = error
    return Proposal(blocked=True, report=_what_blocks(given, blocked))


def _assign(table: _Table, fixed: Pairs, seed: int) -> Assignment:
    # balance=0: nothing known about a match outweighs a fair share of the work.
    return assign(table.affinity, allowed=table.allowed, need=table.need, load_max=table.most, fixed=sorted(fixed),
                  seed=seed, balance=0)  # fmt: skip


def _table(given: PlanInput) -> _Table:
    files = {f.id: i for i, f in enumerate(given.files)}
    readers = {r.person_id: j for j, r in enumerate(given.readers)}
    n, q = len(files), len(readers)
    theirs = np.array([f.district_id or -1 for f in given.files]).reshape(n, 1)
    own = np.array([r.district_id or -2 for r in given.readers]).reshape(1, q)
    allowed = np.ones((n, q), dtype=bool)
    for file_id, person_id in given.barred:
        if file_id in files and person_id in readers:
            allowed[files[file_id], readers[person_id]] = False
    held: dict[tuple[int, int], int] = {}
    locked: Pairs = set()
    need = np.array([given.need] * n)
    for each in given.held:
        if each.file_id not in files:
            continue
        if each.person_id not in readers:  # a review that counts of somebody who left the panel
            need[files[each.file_id]] -= 1
            continue
        at = (files[each.file_id], readers[each.person_id])
        held[at] = each.assignment_id
        if each.locked:
            locked.add(at)
    for i in (i for i, f in enumerate(given.files) if f.anchor):  # read by everybody who may
        need[i] = max(need[i], int(allowed[i].sum()) + sum(1 for h in held if h[0] == i and not allowed[h]))
    most = np.array([r.max_load for r in given.readers])
    return _Table(np.where(theirs == own, TIE, 1.0), allowed, np.maximum(need, 0), most, held, locked)


def _past_winners(given: PlanInput, table: _Table, seed: int) -> Pairs:
    """Pairs that give each file its past winners before the rest is filled; none when that can't be done."""
    winners = np.array([r.past_winner for r in given.readers], dtype=bool)
    if not given.past_winners or not winners.any():
        return set()
    allowed = table.allowed & winners[None, :]
    held = {h for h in table.held if winners[h[1]]}
    reach = allowed.sum(axis=1)
    for i, _j in (h for h in held if not allowed[h]):
        reach[i] += 1
    need = np.minimum.reduce([np.full(len(reach), given.past_winners), reach, table.need])
    try:
        made = assign(table.affinity, allowed=allowed, need=need, load_max=table.most, fixed=sorted(held), seed=seed)
    except Infeasible:
        return set()
    return set(made.pairs) - held


def _proposal(given: PlanInput, table: _Table, made: Assignment, ahead: Pairs, moves: list[int]) -> Proposal:
    new = [p for p in made.pairs if p not in table.held]
    why = {p: "past_winner" if p in ahead else str(made.reasons[p]) for p in new}
    pairs = [(given.files[f].id, given.readers[r].person_id, why[f, r]) for f, r in new]
    return Proposal(pairs=pairs, moves=moves, report=_report(given, table, made, len(new), len(moves)))


def _report(given: PlanInput, table: _Table, made: Assignment, new: int, moved: int) -> dict[str, Any]:
    linked = made.connectivity
    winners = {j for j, r in enumerate(given.readers) if r.past_winner}
    has_winner = {f for f, r in made.pairs if r in winners}
    added = Counter(r for f, r in made.pairs if (f, r) not in table.held)
    return {
        "files": len(given.files),
        "readers": len(given.readers),
        "new": new,
        "moved": moved,
        "loads": [
            {"person_id": r.person_id, "all": made.loads[j], "new": added[j], "most": r.max_load}
            for j, r in enumerate(given.readers)
        ],
        "components": linked.components,
        "compared": round(linked.compared, 4),
        "most_together": linked.most_together,
        "without_past_winner": len(given.files) - len(has_winner) if given.past_winners else 0,
    }


def _what_blocks(given: PlanInput, error: Infeasible) -> dict[str, Any]:
    few = sorted(error.too_few_eligible.items())[:LISTED]
    missing = sorted(error.missing.items(), key=lambda m: (-m[1], m[0]))[:LISTED]
    return {
        "files": len(given.files),
        "readers": len(given.readers),
        "missing_reviews": error.missing_reviews,
        "missing_readers": error.missing_readers,
        "needed_load_max": error.needed_load_max,
        "slots": error.slots,
        "capacity": error.capacity,
        "usual_load": given.usual_load,
        "too_few": [{"file_id": given.files[f].id, "eligible": n} for f, n in few],
        "too_few_count": len(error.too_few_eligible),
        "missing": [{"file_id": given.files[f].id, "missing": n} for f, n in missing],
    }
