"""Exact ties across the cut, settled in the order declared before scoring, each step on record.

Public interface (pure; files are ids, scores are whatever order the program ranks by):

    find_tie(scores, winners) -> Tie | None          the band of equal files that the cut runs through
    settle(tie, student_means, medians) -> TieBreak  steps 1 and 2; both map files to figures (None: not judged)
    borda(tied, ballots) -> points                   step 3: the count of the panel's ranked ballots
    apply_count(tiebreak, points, ballots, aside)    what that count settles, over the panel without conflicts
    apply_decision(tiebreak, chosen, by, reason)     step 4: the chair's recorded decision
    break_ties(scores, winners, student_means, medians)   the first two in one call

The ranked vote is a Borda count (J.-C. de Borda, "Mémoire sur les élections au scrutin", Histoire de l'Académie Royale
des Sciences, 1781; the one positional method that treats voters and files alike, adds up over groups of voters, and
lets opposite ballots cancel: H. P. Young, Journal of Economic Theory 9, 1974, 43-52). With few voters and two to five
files it is easily checked by hand. Files that a ballot leaves out share the points that are left: what they would get
on average over all ways to complete it.

A tie is never broken by id, name, date or number of nominations: what none of the steps separates stays tied.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

# Not imported from `ranking`, which needs numpy: pages settle ties too.
Id = Hashable

DECIMALS = 9  # two figures equal to this many decimals are the same


class TieStep(StrEnum):
    """The declared order."""

    STUDENT_CRITERIA = "student_criteria"  # mean of the two student criteria
    MEDIAN = "median"  # median of the file's review scores
    PANEL_VOTE = "panel_vote"  # ranked vote of the panel members without a conflict
    CHAIR = "chair"  # the chair's recorded decision


@dataclass(frozen=True, slots=True)
class Tie:
    """Files with one and the same score, more of them than there are places left."""

    files: tuple[Id, ...]
    places: int  # left for them
    score: float
    above: tuple[Id, ...]  # already have a place


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it applied: what was compared, who got a place, who left, who is still tied."""

    step: TieStep
    figures: dict[Id, float | None]
    advanced: tuple[Id, ...]
    out: tuple[Id, ...]
    remaining: tuple[Id, ...]
    places_left: int
    by: str | None = None  # the chair
    reason: str | None = None
    ballots: int | None = None  # counted
    set_aside: tuple[Id, ...] = ()  # voters whose ballots a conflict kept out


@dataclass(frozen=True, slots=True)
class TieBreak:
    """A tie and every step so far. Settled when nobody remains."""

    tie: Tie
    steps: tuple[Step, ...] = field(default_factory=tuple)

    @property
    def remaining(self) -> tuple[Id, ...]:
        """Files that are still tied."""
        return self.steps[-1].remaining if self.steps else self.tie.files

    @property
    def places_left(self) -> int:
        """Places still to give among the remaining files."""
        return self.steps[-1].places_left if self.steps else self.tie.places

    @property
    def advanced(self) -> tuple[Id, ...]:
        """Files of the band that have a place by now, in the order they got it."""
        return tuple(file for step in self.steps for file in step.advanced)

    @property
    def settled(self) -> bool:
        """Whether every place is given."""
        return not self.remaining


def _stable(files: Collection[Id]) -> tuple[Id, ...]:
    """A fixed order for display only; nothing is decided by it."""
    return tuple(sorted(files, key=str))


def find_tie(scores: Mapping[Id, float | None], winners: int) -> Tie | None:
    """The band of equal files that the cut after the `winners` best runs through; None when it runs between files.

    Unread files (None) take no part. Scores are compared to nine decimals.
    """
    read = {file: round(score, DECIMALS) for file, score in scores.items() if score is not None}
    if not 0 < winners < len(read):
        return None
    ordered = sorted(read.values(), reverse=True)
    cut = ordered[winners - 1]
    if ordered[winners] != cut:
        return None
    above = [file for file, score in read.items() if score > cut]
    band = [file for file, score in read.items() if score == cut]
    return Tie(files=_stable(band), places=winners - len(above), score=cut, above=_stable(above))


def settle(
    tie: Tie, student_means: Mapping[Id, float | None] | None, medians: Mapping[Id, float | None] | None
) -> TieBreak:
    """Apply the student criteria, then the median, as far as each is needed. None leaves a step out (not on record)."""
    state = TieBreak(tie)
    for step, figures in ((TieStep.STUDENT_CRITERIA, student_means), (TieStep.MEDIAN, medians)):
        if figures is not None and not state.settled:
            state = _split(state, step, {file: figures.get(file) for file in state.remaining})
    return state


def break_ties(
    scores: Mapping[Id, float | None],
    winners: int,
    student_means: Mapping[Id, float | None] | None = None,
    medians: Mapping[Id, float | None] | None = None,
) -> TieBreak | None:
    """Find the tie across the cut, if any, and settle it as far as the figures go."""
    tie = find_tie(scores, winners)
    return None if tie is None else settle(tie, student_means, medians)


def _split(state: TieBreak, step: TieStep, figures: dict[Id, float | None], **record: object) -> TieBreak:
    """Order the remaining files by a figure, higher first; only those equal at the new cut stay tied.

    A file without the figure cannot be compared: then the step separates nobody and is on record as such.
    """
    tied, places = state.remaining, state.places_left
    known = {file: round(value, DECIMALS) for file, value in figures.items() if value is not None}
    if len(known) < len(tied):
        made = Step(step, figures, (), (), tied, places, **record)  # type: ignore[arg-type]
        return replace(state, steps=(*state.steps, made))
    cut = sorted(known.values(), reverse=True)[places - 1]
    advanced = [file for file in tied if known[file] > cut]
    band = [file for file in tied if known[file] == cut]
    left = places - len(advanced)
    if len(band) == left:
        advanced, band, left = advanced + band, [], 0
    out = [file for file in tied if known[file] < cut]
    made = Step(step, figures, _stable(advanced), _stable(out), _stable(band), left, **record)  # type: ignore[arg-type]
    return replace(state, steps=(*state.steps, made))


def borda(tied: Collection[Id], ballots: Collection[Sequence[Id]]) -> dict[Id, float]:
    """Points by the Borda count: with t tied files a first choice gives t - 1, the next t - 2, the last 0.

    Files that a ballot leaves out share the points that are left. Raises ValueError for a ballot that names a file
    twice or one that is not tied.
    """
    points: dict[Id, float] = dict.fromkeys(tied, 0.0)
    for ballot in ballots:
        ranked = set(ballot)
        if len(ranked) != len(ballot) or not ranked <= set(tied):
            raise ValueError("A ballot must rank tied files, each once.")
        for place, file in enumerate(ballot):
            points[file] += len(tied) - 1 - place
        left_out = [file for file in tied if file not in ranked]
        for file in left_out:
            points[file] += (len(left_out) - 1) / 2
    return points


def apply_count(state: TieBreak, points: Mapping[Id, float], *, ballots: int, aside: Collection[Id] = ()) -> TieBreak:
    """What the count of `ballots` settles: most points first; equal sums at the new cut stay tied.

    Without a ballot it separates nobody. Raises ValueError when nothing is tied, or a tied file has no points.
    """
    if not state.remaining:
        raise ValueError("Nothing is tied any more.")
    figures: dict[Id, float | None] = {file: points[file] for file in state.remaining if file in points}
    if len(figures) < len(state.remaining):
        raise ValueError("This count is of other files.")
    return _split(state, TieStep.PANEL_VOTE, figures, ballots=ballots, set_aside=_stable(aside))


def apply_decision(state: TieBreak, chosen: Collection[Id], *, by: str, reason: str) -> TieBreak:
    """Record the chair's choice among the files that are still tied: exactly as many as there are places left.

    Raises ValueError when nothing is tied, the number is wrong, a file is not tied, or no reason is given.
    """
    tied, picked = state.remaining, set(chosen)
    if not tied:
        raise ValueError("Nothing is tied any more.")
    if not picked <= set(tied) or len(picked) != state.places_left:
        raise ValueError(f"Choose exactly {state.places_left} of the files that are still tied.")
    if not reason.strip() or not by.strip():
        raise ValueError("Give the reason and the name of the chair.")
    out = [file for file in tied if file not in picked]
    figures: dict[Id, float | None] = {file: 1.0 if file in picked else 0.0 for file in tied}
    made = Step(TieStep.CHAIR, figures, _stable(picked), _stable(out), (), 0, by=by.strip(), reason=reason.strip())
    return replace(state, steps=(*state.steps, made))
