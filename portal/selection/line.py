"""Where the line falls: which files the order alone would select, and what a tie leaves open. Pure.

Works on the plain values of `snapshot.compute`, so that pages and actions need no numpy.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.selection.ties import Tie, TieBreak, apply_decision, apply_vote, find_tie, settle

ORDERS = ("adjusted", "raw")


@dataclass(frozen=True)
class Ballots:
    """What people added to a tie: ranked votes by person (best first), and the chair's choice."""

    votes: Mapping[int, Sequence[int]]
    chosen: Sequence[int] = ()
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """Files in order (best first), who is above the line, and the tie that the line runs through, if any."""

    order: str
    ordered: tuple[int, ...]
    above: frozenset[int]
    tie: TieBreak | None

    @property
    def open_files(self) -> tuple[int, ...]:
        """Files that are still tied at the line: nobody may be proposed by the line before they are settled."""
        return tuple(int(str(f)) for f in self.tie.remaining) if self.tie else ()


def figures(result: Mapping[str, Any], name: str) -> dict[Any, float | None]:
    """One figure of every file: {file id: value or None}."""
    return {int(f["file"]): f[name] for f in result["files"]}


def band_of(tie: Tie) -> str:
    """A name for exactly these tied files: another tie asks for another vote."""
    return hashlib.sha256(" ".join(sorted(map(str, tie.files))).encode()).hexdigest()


def find_line(
    result: Mapping[str, Any], order: str, ballots: Mapping[str, Ballots], conflicted: Mapping[int, frozenset[int]]
) -> Line:
    """The line of a computed board in one of its two orders.

    `ballots` by band; `conflicted` names, for each voter, the files they must not judge: whoever has a conflict with a
    file of the band is set aside. Files without a review stand below, by nothing but their number of reviews (0).
    """
    scores, places = figures(result, order), int(result["places"])
    read = sorted((f for f, s in scores.items() if s is not None), key=lambda f: -(scores[f] or 0))
    unread = [f for f, s in scores.items() if s is None]
    tie = find_tie(scores, places)
    if tie is None:
        return Line(order, (*read, *unread), frozenset(read[:places]), None)
    state = _settled(tie, result, ballots.get(band_of(tie)), conflicted)
    above = {int(str(f)) for f in (*tie.above, *state.advanced)}
    return Line(order, (*read, *unread), frozenset(above), state)


def _settled(
    tie: Tie, result: Mapping[str, Any], ballots: Ballots | None, conflicted: Mapping[int, frozenset[int]]
) -> TieBreak:
    state = settle(tie, figures(result, "student"), figures(result, "median"))
    if ballots is None or state.settled:
        return state
    band = {int(str(f)) for f in tie.files}
    aside = {voter for voter, files in conflicted.items() if files & band}
    open_now = set(state.remaining)
    votes: dict[Any, list[Any]] = {v: [f for f in ranked if f in open_now] for v, ranked in ballots.votes.items()}
    if any(voter not in aside for voter in votes):
        state = apply_vote(state, votes, aside)
    if ballots.chosen and not state.settled:
        chosen = [f for f in ballots.chosen if f in set(state.remaining)]
        if len(chosen) == state.places_left:
            state = apply_decision(state, chosen, by=ballots.by, reason=ballots.reason)
    return state
