"""Weighs the evidence against one nomination. Pure: plain values in, reasons out.

Each kind of evidence is worth one or two points; from two points on a nomination is flagged, that is, shown to an
organizer with its reasons. One point alone happens to honest people: a couple that shares a text, a class that writes
from one network, somebody who pastes what they wrote elsewhere. `python -m tests.bench.fairplay` measures the rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.nominations.fairplay.mailboxes import series, stem, the_same_box
from portal.nominations.fairplay.prints import likeness

FLAGGED = 2  # points
ALIKE = 0.3  # share of a text from which it is "nearly the same words"
COPIED = 0.6  # ... and from which one text about two educators is no chance
TOGETHER = timedelta(minutes=30)  # what counts as "at the same time"
BURST = 6  # nominations of one educator from one network at the same time
MANY = 2  # others with the same words, from which the form letter itself is worth a look


@dataclass(frozen=True)
class Sent:
    """What is known of one nomination that was sent. `seconds`: from beginning to sending; None for imports."""

    id: int
    file_id: int
    at: datetime
    address: str
    network: str = ""
    seconds: int | None = None
    trapped: bool = False
    links: int = 0
    runs: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Evidence:
    """One reason: its kind (the page has the sentence), its points, and the other nominations it points to."""

    kind: str
    points: int
    facts: dict[str, Any]
    others: tuple[int, ...] = ()


def points(found: Sequence[Evidence]) -> int:
    """What the evidence adds up to."""
    return sum(each.points for each in found)


def judge(one: Sent, others: Sequence[Sent], *, quick: int = 20) -> list[Evidence]:
    """The evidence against `one` among `others` (of the same cycle, in any order; those that could matter suffice).

    `quick`: seconds under which nobody fills in the whole form; twice that is still odd.
    """
    around = [o for o in others if o.id != one.id]
    found = [*_form(one, quick), *_words(one, around), *_box(one, around), *_counted(one, around)]
    return [*found, *_burst(one, around, quick)]


def _form(one: Sent, quick: int) -> list[Evidence]:
    found = []
    if one.trapped:
        found.append(Evidence("trap", 2, {}))
    if one.seconds is not None and one.seconds < 2 * quick:
        found.append(Evidence("quick", 2 if one.seconds < quick else 1, {"seconds": one.seconds}))
    if one.links >= 2:
        found.append(Evidence("links", 1, {"count": one.links}))
    return found


def _words(one: Sent, around: list[Sent]) -> list[Evidence]:
    """The same words by other people: from many, or copied to another educator, a form letter; by one a shared text."""
    box = the_same_box(one.address)
    alike = [(o, likeness(one.runs, o.runs)) for o in around if the_same_box(o.address) != box]
    alike = [(o, share) for o, share in alike if share >= ALIKE]
    if not alike:
        return []
    elsewhere = any(o.file_id != one.file_id and share >= COPIED for o, share in alike)
    worth = 2 if elsewhere or len(alike) >= MANY else 1
    facts = {"count": len(alike), "share": round(100 * max(share for _o, share in alike))}
    return [Evidence("words", worth, facts, tuple(sorted(o.id for o, _share in alike)))]


def _box(one: Sent, around: list[Sent]) -> list[Evidence]:
    """One mailbox under several spellings for the same educator: the rule of one nomination a person, gone around."""
    box = the_same_box(one.address)
    again = [o for o in around if o.file_id == one.file_id and o.address != one.address]
    again = [o for o in again if the_same_box(o.address) == box]
    return [Evidence("mailbox", 2, {"count": len(again)}, tuple(sorted(o.id for o in again)))] if again else []


def _counted(one: Sent, around: list[Sent]) -> list[Evidence]:
    """Addresses counted through, for one educator or at one time: birth years in addresses are usual, and far apart."""
    root = stem(one.address)
    like = [o for o in around if stem(o.address) == root] if root else []
    like = [o for o in like if o.file_id == one.file_id or abs(o.at - one.at) <= TOGETHER]
    if not like or not series([one.address, *(o.address for o in like)]):
        return []
    return [Evidence("series", 2, {"count": len(like) + 1}, tuple(sorted(o.id for o in like)))]


def _burst(one: Sent, around: list[Sent], quick: int) -> list[Evidence]:
    """Many for one educator from one network at once, each in less time than people need: a class takes its minutes."""
    if not one.network or one.seconds is None or one.seconds >= 4 * quick:
        return []
    near = [o for o in around if o.network == one.network and o.file_id == one.file_id]
    near = [o for o in near if abs(o.at - one.at) <= TOGETHER]
    fast = [o for o in near if o.seconds is not None and o.seconds < 4 * quick]
    if len(fast) + 1 < BURST:
        return []
    facts = {"count": len(fast) + 1, "minutes": int(TOGETHER.total_seconds() // 60)}
    return [Evidence("burst", 2, facts, tuple(sorted(o.id for o in fast)))]
