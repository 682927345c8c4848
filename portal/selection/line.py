"""Where the line falls: which files the order alone would select, and what a tie leaves open. Pure.

Works on the plain values of `snapshot.compute`, so that pages and actions need no numpy.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.selection.ties import TieBreak, apply_count, apply_decision, find_tie, settle

ORDERS = ("adjusted", "raw")


@dataclass(frozen=True)
class Poll:
    """What people added to a tie: the count of the panel's ranked vote once it is closed, and the chair's choice."""

    points: Mapping[Any, float]
    ballots: int
    chosen: Sequence[int] = ()
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """Files in order (best first), who is above the line, and the tie that the line runs through, if any.

    Files of one and the same score stand as the tie was settled: those with a place, those still tied, the rest.
    `band` names what the figures left tied, for the panel to vote on ("" when they left nothing).
    """

    order: str
    ordered: tuple[int, ...]
    above: frozenset[int]
    tie: TieBreak | None
    band: str = ""

    @property
    def open_files(self) -> tuple[int, ...]:
        """Files that are still tied at the line: nobody may be proposed by the line before they are settled."""
        return tuple(int(str(f)) for f in self.tie.remaining) if self.tie else ()


def figures(result: Mapping[str, Any], name: str) -> dict[Any, float | None]:
    """One figure of every file: {file id: value or None}."""
    return {int(f["file"]): f[name] for f in result["files"]}


def band_of(state: TieBreak) -> str:
    """A name for exactly these tied files and places; "" when nothing is tied: another tie asks for another vote."""
    if state.settled:
        return ""
    told = " ".join([str(state.places_left), *sorted(map(str, state.remaining))])
    return hashlib.sha256(told.encode()).hexdigest()


def find_line(result: Mapping[str, Any], order: str, polls: Mapping[str, Poll]) -> Line:
    """The line of a computed board in one of its two orders; `polls` by band, closed ones only.

    Files without a review stand below, by nothing but their number of reviews (0).
    """
    scores, places = figures(result, order), int(result["places"])
    read = sorted((f for f, s in scores.items() if s is not None), key=lambda f: -(scores[f] or 0))
    unread = [f for f, s in scores.items() if s is None]
    tie = find_tie(scores, places)
    if tie is None:
        return Line(order, (*read, *unread), frozenset(read[:places]), None)
    by_figures = settle(tie, figures(result, "student"), figures(result, "median"))
    band = band_of(by_figures)
    state = _polled(by_figures, polls.get(band))
    above = {int(str(f)) for f in (*tie.above, *state.advanced)}
    still = {int(str(f)) for f in state.remaining}
    tied = {int(str(f)) for f in tie.files}
    level = sorted((f for f in read if f in tied), key=lambda f: 0 if f in above else 1 if f in still else 2)
    before = [f for f in read if f in above and f not in tied]
    after = [f for f in read if f not in above and f not in tied]
    return Line(order, (*before, *level, *after, *unread), frozenset(above), state, band)


def _polled(state: TieBreak, poll: Poll | None) -> TieBreak:
    """The vote, then the chair's choice, as far as each is there and needed."""
    if poll is None or state.settled:
        return state
    state = apply_count(state, poll.points, ballots=poll.ballots)
    chosen = [f for f in poll.chosen if f in set(state.remaining)]
    if not state.settled and len(chosen) == state.places_left and chosen:
        state = apply_decision(state, chosen, by=poll.by, reason=poll.reason)
    return state
