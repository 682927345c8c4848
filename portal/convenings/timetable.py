"""When and where sessions may stand: clashes in a timetable, as pure functions over plain values.

A *slot* is a block and a room. Rules of the field: one session a room and block, a block for everybody holds one
thing, and nobody presents in two rooms at once.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Entry:
    """A session in a slot. `room` None: no room is named (only in a block for everybody)."""

    session: Hashable
    block: Hashable
    room: Hashable | None = None
    presenters: frozenset[Hashable] = field(default_factory=frozenset)
    whole: bool = False  # the block is for everybody


@dataclass(frozen=True)
class Clash:
    """Why two entries can't both stand: the room, the whole block, or people who would be in two rooms."""

    kind: Literal["room", "whole", "presenter"]
    other: Entry
    who: frozenset[Hashable] = field(default_factory=frozenset)


def clashes(entry: Entry, others: Iterable[Entry]) -> list[Clash]:
    """What stands against placing the entry beside the others; its own earlier place does not count.

    The room or block first (it is taken), then the people.
    """
    same_time = [other for other in others if other.block == entry.block and other.session != entry.session]
    taken: list[Clash] = []
    for other in same_time:
        if entry.whole or other.whole:
            taken.append(Clash("whole", other))
        elif entry.room is not None and other.room == entry.room:
            taken.append(Clash("room", other))
    people = [
        Clash("presenter", o, entry.presenters & o.presenters) for o in same_time if entry.presenters & o.presenters
    ]
    return taken + people


def overlapping(
    starts: datetime, ends: datetime, spans: Iterable[tuple[datetime, datetime]]
) -> tuple[datetime, datetime] | None:
    """The first span that shares a moment with [starts, ends); touching ends do not."""
    return next(((s, e) for s, e in spans if s < ends and starts < e), None)


def too_long(minutes: int | None, starts: datetime, ends: datetime) -> int:
    """By how many minutes a session is longer than its block; 0 when it fits or has no length."""
    return max(0, (minutes or 0) - int((ends - starts).total_seconds() // 60))
