"""Read a file of scores and refuse, line by line, what cannot be ranked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.core.sheets_in import NoTable, decoded, rows_by_line
from portal.selection.ranking import MINIMUM_JUDGED, review_scores

FILE, REVIEWER, PANEL, SCORE = "file", "reviewer", "panel", "score"
CANNOT_JUDGE = {"", "n/a", "cannot judge"}
SHOWN = 20  # problems listed in one message


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and on which line of the file (1 = the header; None: the file as a whole)."""

    line: int | None
    text: str

    def __str__(self) -> str:
        return self.text if self.line is None else f"Line {self.line}: {self.text}"


class ScoreFileError(ValueError):
    """The file cannot be ranked; `problems` names each reason with its line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        lines = [str(problem) for problem in problems[:SHOWN]]
        if len(problems) > SHOWN:
            lines.append(f"... and {len(problems) - SHOWN} more.")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One review: `values` per criterion (nan: cannot judge), or the one score."""

    line: int
    file: str
    reviewer: str
    panel: str | None
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ScoreFile:
    """A checked file. `scores` (reviews,) are the weighted means of the criteria, or the scores as given."""

    criteria: tuple[str, ...]  # ("score",) for a file with one score a review
    weights: tuple[float, ...]
    rows: tuple[ScoreRow, ...]
    scale: tuple[float, float] | None
    scores: NDArray[np.float64]

    @property
    def files(self) -> list[str]:
        """Distinct files in the order they first appear."""
        return list(dict.fromkeys(row.file for row in self.rows))

    @property
    def reviewers(self) -> list[str]:
        """Distinct reviewers in the order they first appear."""
        return list(dict.fromkeys(row.reviewer for row in self.rows))

    @property
    def levels(self) -> NDArray[np.float64]:
        """(reviews, criteria), nan where a criterion could not be judged."""
        return np.array([row.values for row in self.rows], dtype=np.float64).reshape(-1, len(self.criteria))


def parse_scores(
    content: str | bytes, *, weights: Mapping[str, float] | None = None, scale: tuple[float, float] | None = None
) -> ScoreFile:
    """Read CSV (comma, semicolon or tab) with columns file, reviewer, `score` or one a criterion, optional panel.

    `weights` by criterion name (default: equal) must name every criterion; `scale` is the lowest and highest level.
    An empty criterion cell (or "n/a", "cannot judge") counts as cannot judge. Raises ScoreFileError with every line
    that is refused: no number, off the scale, a second review of a file by a reviewer, too little judged.
    """
    lines = _records(content)
    header = next(lines, None)
    if header is None:
        raise ScoreFileError([Problem(None, "The file is empty.")])
    columns = _columns(header[1])
    share = _weights(columns.criteria, weights)
    problems: list[Problem] = []
    rows: list[ScoreRow] = []
    for line, cells in lines:
        row = _row(line, cells, columns, scale, problems)
        if row is not None:
            rows.append(row)
    problems += _repeated(rows)
    if not rows and not problems:
        problems.append(Problem(None, "The file has a header but no reviews."))
    if problems:
        raise ScoreFileError(sorted(problems, key=lambda problem: problem.line or 0))
    return ScoreFile(columns.criteria, share, tuple(rows), scale, _scores(rows, share))


def _records(content: str | bytes) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each begins on; blank lines are skipped."""
    try:
        text = content.removeprefix("\ufeff") if isinstance(content, str) else decoded(content)
        for line, cells in rows_by_line(text) if text.strip() else ():
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
    except NoTable as problem:
        raise ScoreFileError([Problem(None, "This is not readable as CSV.")]) from problem


@dataclass(frozen=True, slots=True)
class _Columns:
    file: int
    reviewer: int
    panel: int | None
    criteria: tuple[str, ...]
    places: tuple[int, ...]
    width: int


def _columns(header: list[str]) -> _Columns:
    """Which column holds what. Names are compared without regard to case."""
    names = [name.lower() for name in header]
    while names and not names[-1]:
        names.pop()
    missing = [name for name in (FILE, REVIEWER) if name not in names]
    if missing:
        raise ScoreFileError([Problem(1, f"The header has no column {' and no column '.join(missing)}.")])
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        named = ", ".join(name or "(no name)" for name in twice)
        raise ScoreFileError([Problem(1, f"Each column name may appear once: {named}.")])
    if "" in names:
        raise ScoreFileError([Problem(1, f"Column {names.index('') + 1} has no name.")])
    places = [at for at, name in enumerate(names) if name not in (FILE, REVIEWER, PANEL)]
    if not places:
        raise ScoreFileError([Problem(1, "The header has no column score and no column for a criterion.")])
    if SCORE in names and len(places) > 1:
        extra = ", ".join(header[at] for at in places if names[at] != SCORE)
        raise ScoreFileError([Problem(1, f"Give either one column score or one a criterion, not both ({extra}).")])
    return _Columns(
        file=names.index(FILE),
        reviewer=names.index(REVIEWER),
        panel=names.index(PANEL) if PANEL in names else None,
        criteria=tuple(header[at] for at in places),
        places=tuple(places),
        width=len(names),
    )


def _weights(criteria: tuple[str, ...], weights: Mapping[str, float] | None) -> tuple[float, ...]:
    if weights is None:
        return (1.0,) * len(criteria)
    given = {name.strip().lower(): value for name, value in weights.items()}
    known = {name.lower() for name in criteria}
    problems = [
        Problem(None, f"The weights name {name!r}, which is no criterion. The file has: {', '.join(criteria)}.")
        for name in given
        if name not in known
    ]
    left_out = [name for name in criteria if name.lower() not in given]
    if left_out:
        problems.append(Problem(None, f"Give every criterion a weight (0 leaves it out): {', '.join(left_out)}."))
    if any(not math.isfinite(value) or value < 0 for value in given.values()) or sum(given.values()) <= 0:
        problems.append(Problem(None, "Weights must be zero or more, and at least one above zero."))
    if problems:
        raise ScoreFileError(problems)
    return tuple(float(given[name.lower()]) for name in criteria)


def _row(
    line: int, cells: list[str], columns: _Columns, scale: tuple[float, float] | None, problems: list[Problem]
) -> ScoreRow | None:
    """One checked review, or None with its problems added."""
    before = len(problems)
    if any(cells[columns.width :]):
        problems.append(Problem(line, f"{len(cells)} cells, but the header has {columns.width} columns."))
        return None
    cells = cells + [""] * (columns.width - len(cells))
    for name, at in ((FILE, columns.file), (REVIEWER, columns.reviewer)):
        if not cells[at]:
            problems.append(Problem(line, f"The {name} is missing."))
    values = []
    for name, at in zip(columns.criteria, columns.places, strict=True):
        value, wrong = _value(cells[at], name, scale)
        values.append(value)
        if wrong:
            problems.append(Problem(line, wrong))
    if len(problems) > before:
        return None
    panel = cells[columns.panel] if columns.panel is not None else None
    return ScoreRow(line, cells[columns.file], cells[columns.reviewer], panel or None, tuple(values))


def _value(cell: str, name: str, scale: tuple[float, float] | None) -> tuple[float, str | None]:
    """A level (nan: cannot judge), and what is wrong with it."""
    if cell.lower() in CANNOT_JUDGE:
        return math.nan, f"The {SCORE} is missing." if name.lower() == SCORE else None
    try:
        value = float(cell) if "_" not in cell else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        return math.nan, f"{cell!r} in column {name} is no number."
    if scale is not None and not scale[0] <= value <= scale[1]:
        return value, f"{cell} in column {name} is off the scale {scale[0]:g} to {scale[1]:g}."
    return value, None


def _repeated(rows: list[ScoreRow]) -> list[Problem]:
    """Second reviews of a file by the same reviewer."""
    first: dict[tuple[str, str], int] = {}
    problems = []
    for row in rows:
        earlier = first.setdefault((row.file, row.reviewer), row.line)
        if earlier != row.line:
            text = f"{row.reviewer} has a second review of {row.file}; the first is on line {earlier}."
            problems.append(Problem(row.line, text))
    return problems


def _scores(rows: list[ScoreRow], weights: tuple[float, ...]) -> NDArray[np.float64]:
    made = review_scores(np.array([row.values for row in rows], dtype=np.float64), weights)
    problems = [
        Problem(row.line, f"Only {judged:.0%} of the weight is judged; a review needs {MINIMUM_JUDGED:.0%}.")
        for row, judged, refused in zip(rows, made.judged.tolist(), made.refused.tolist(), strict=True)
        if refused
    ]
    if problems:
        raise ScoreFileError(problems)
    return made.score
