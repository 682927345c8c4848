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
            light = np.flatnonzero(person_part == part)
            unread = np.flatnonzero(file_part == largest)
            ordered = (
                (f, r)
                for r in light[np.argsort(load[light], kind="stable")]
                for f in unread[np.argsort(readers[unread], kind="stable")]
            )
            taken = barred | {(pair.file, pair.reviewer) for pair in found}
            pick = next(((f, r) for f, r in ordered if (names[f], people[r]) not in taken), None)
            if pick is None:
                break
            readers[pick[0]] += 1
            load[pick[1]] += 1
            found.append(Joining(names[pick[0]], people[pick[1]]))
    return found
