"""Reviews as they come, checked and brought into an order that does not depend on how they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from portal.review.assignment.connect import labels
from portal.selection.ranking.design import Floats, Ints
from portal.selection.ranking.result import Id


@dataclass(slots=True)
class Table:
    """Reviews in their canonical order, as whole numbers into the lists of ids."""

    files: list[Id]
    reviewers: list[Id]
    panels: list[Id]
    unread: list[Id]
    file: Ints
    reviewer: Ints
    panel: Ints
    score: Floats
    n_components: int
    file_component: Ints
    reviewer_component: Ints
    complete: bool

    @property
    def all_equal(self) -> bool:
        """Whether every review gave the same score: nothing then tells files apart, however often they were read."""
        return bool((self.score == self.score[0]).all())


def _ordered(values: Sequence[Id]) -> list[Id]:
    """Distinct ids in a stable order."""
    distinct = set(values)
    try:
        return sorted(distinct)  # type: ignore[type-var]
    except TypeError:
        return sorted(distinct, key=lambda value: (type(value).__name__, str(value)))


def _codes(values: Sequence[Id]) -> tuple[list[Id], Ints]:
    names = _ordered(values)
    place = {name: at for at, name in enumerate(names)}
    return names, np.array([place[value] for value in values], dtype=np.intp)


def read_table(
    files: Sequence[Id],
    reviewers: Sequence[Id],
    scores: ArrayLike,
    panels: Sequence[Id] | None,
    all_files: Sequence[Id] | None,
) -> Table:
    """Check the input and bring it into an order that does not depend on how the rows came."""
    score = np.asarray(scores, dtype=np.float64).ravel()
    if not len(files) == len(reviewers) == len(score) or (panels is not None and len(panels) != len(score)):
        raise ValueError("Files, reviewers, scores and panels must have one entry a review.")
    if not np.isfinite(score).all():
        raise ValueError("Every score must be a number; leave out reviews that have none.")
    file_names, file = _codes(files)
    reviewer_names, reviewer = _codes(reviewers)
    panel_names, panel = _codes(panels) if panels is not None else ([], np.zeros(len(score), dtype=np.intp))
    order = np.lexsort((reviewer, file))
    file, reviewer, panel, score = file[order], reviewer[order], panel[order], score[order]
    twice = np.flatnonzero((np.diff(file) == 0) & (np.diff(reviewer) == 0))
    if len(twice):
        at = twice[0]
        raise ValueError(f"Reviewer {reviewer_names[reviewer[at]]} has a second review of file {file_names[file[at]]}.")
    n, q = len(file_names), len(reviewer_names)
    count, file_component, reviewer_component = labels(file, reviewer, n, q)
    known = set(file_names)
    return Table(
        files=file_names,
        reviewers=reviewer_names,
        panels=panel_names,
        unread=[] if all_files is None else [name for name in _ordered(all_files) if name not in known],
        file=file,
        reviewer=reviewer,
        panel=panel,
        score=score,
        n_components=count,
        file_component=file_component,
        reviewer_component=reviewer_component,
        complete=len(score) == n * q,
    )
