"""The whole analysis of a file of scores: ranking, agreement, and the tie across the cut."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np

from portal.selection.agreement import (
    Alpha,
    ModelICC,
    PairKappa,
    Spread,
    criterion_spread,
    icc,
    krippendorff_alpha,
    pair_kappas,
)
from portal.selection.ranking import Ranking, rank
from portal.selection.scorefile.parse import Problem, ScoreFile, ScoreFileError
from portal.selection.ties import Id, TieBreak, break_ties


@dataclass(slots=True)
class Analysis:
    """Everything computed from one file of scores."""

    source: ScoreFile
    ranking: Ranking
    alpha: Alpha
    icc: ModelICC | None
    spread: Spread
    kappas: list[PairKappa]
    tie: TieBreak | None  # of the raw means, across the cut; None when there is none
    student_criteria: tuple[str, ...]  # the columns used for the first step of the tie order


def analyze(source: ScoreFile, winners: int, *, seed: int = 0) -> Analysis:
    """Rank a checked file. Raises ScoreFileError when `winners` is below 1 or above the number of files."""
    files = [row.file for row in source.rows]
    reviewers = [row.reviewer for row in source.rows]
    count = len(set(files))
    if not 1 <= winners <= count:
        raise ScoreFileError([Problem(None, f"The number of winners must lie between 1 and {count}, the files read.")])
    panels = [row.panel or "" for row in source.rows]
    ranking = rank(
        files,
        reviewers,
        source.scores,
        winners=winners,
        panels=panels if len(set(panels)) > 1 else None,
        scale=source.scale,
        seed=seed,
    )
    student = student_columns(source.criteria)
    single = len(source.criteria) == 1
    return Analysis(
        source=source,
        ranking=ranking,
        alpha=krippendorff_alpha(files, source.scores, "interval", seed=seed),
        icc=icc(ranking.variances, len(files) / count) if ranking.variances is not None else None,
        spread=criterion_spread(files, source.levels),
        kappas=pair_kappas(files, reviewers, source.levels[:, 0]) if single else [],
        tie=break_ties(
            {result.file: result.raw for result in ranking.files},
            winners,
            _student_means(source, files, student) if student else None,
            _medians(source, files),
        ),
        student_criteria=student,
    )


def student_columns(criteria: tuple[str, ...]) -> tuple[str, ...]:
    """The two student criteria, by name: the first two columns that begin with "student", if there are two."""
    found = tuple(name for name in criteria if name.lower().startswith("student"))
    return found[:2] if len(found) >= 2 else ()


def _student_means(source: ScoreFile, files: list[str], student: tuple[str, ...]) -> dict[Id, float | None]:
    """Per file, the mean over its reviews of the two student criteria, weighted as in the rubric."""
    at = [source.criteria.index(name) for name in student]
    share = np.array([source.weights[place] for place in at])
    share = share if share.sum() > 0 else np.ones(len(at))
    levels = source.levels[:, at]
    found: dict[Id, float | None] = {}
    for file in dict.fromkeys(files):
        rows = levels[[place for place, name in enumerate(files) if name == file]]
        seen = np.isfinite(rows)
        means = [float(rows[seen[:, c], c].mean()) if seen[:, c].any() else None for c in range(len(at))]
        judged = [(mean, weight) for mean, weight in zip(means, share.tolist(), strict=True) if mean is not None]
        total = sum(weight for _, weight in judged)
        found[file] = sum(mean * weight for mean, weight in judged) / total if total > 0 else None
    return found


def _medians(source: ScoreFile, files: list[str]) -> dict[Id, float | None]:
    scores: dict[str, list[float]] = {}
    for file, score in zip(files, source.scores.tolist(), strict=True):
        scores.setdefault(file, []).append(score)
    return {file: median(values) for file, values in scores.items()}
