"""The few cross reviews that would join panels which share no reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portal.review.assignment.connect import labels
from portal.selection.ranking.result import Id


@dataclass(frozen=True, slots=True)
class Joining:
    """One proposed extra review: `reviewer` (of another component) would read `file`."""

    file: Id
    reviewer: Id


def joining_reviews(
    files: Sequence[Id], reviewers: Sequence[Id], *, conflicts: frozenset[tuple[Id, Id]] | None = None, each: int = 2
) -> list[Joining]:
    """Propose `each` cross reviews between the largest component and every other one; none when all are joined.

    `files` and `reviewers` are parallel, one entry a review. The lightest reviewers of the smaller component read files
    of the largest one with the fewest readers; (file, reviewer) pairs in `conflicts` are left out.
    """
    barred = conflicts or frozenset()
    names = sorted(set(files), key=str)
    people = sorted(set(reviewers), key=str)
    at_file = {name: i for i, name in enumerate(names)}
    at_person = {name: j for j, name in enumerate(people)}
    file = np.array([at_file[name] for name in files], dtype=np.intp)
    person = np.array([at_person[name] for name in reviewers], dtype=np.intp)
    count, file_part, person_part = labels(file, person, len(names), len(people))
    if count < 2:
        return []
    readers = np.bincount(file, minlength=len(names)).astype(float)
    load = np.bincount(person, minlength=len(people)).astype(float)
    largest = int(np.argmax(np.bincount(file_part, minlength=count)))
    found: list[Joining] = []
    for part in (p for p in range(count) if p != largest):
        for _ in range(each):
            pair = _lightest(np.flatnonzero(file_part == largest), np.flatnonzero(person_part == part), readers, load,
                             lambda f, r: (names[f], people[r]) in barred or Joining(names[f], people[r]) in found)  # fmt: skip
            if pair is None:
                break
            f, r = pair
            readers[f] += 1
            load[r] += 1
            found.append(Joining(names[f], people[r]))
    return found


def _lightest(files, people, readers, load, refused):  # type: ignore[no-untyped-def]
    """The least loaded person with the least read file among those not refused, or None."""
    for r in people[np.argsort(load[people], kind="stable")]:
        for f in files[np.argsort(readers[files], kind="stable")]:
            if not refused(int(f), int(r)):
                return int(f), int(r)
    return None
