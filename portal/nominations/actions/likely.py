"""Suggesting files that are likely about one educator, and what a person decides about a pair.

A machine only suggests. Files that changed are compared with those that share a key (`likeness.keys_of`); a pair that a
person keeps apart stays apart until what describes one of the two changes.
"""

from hashlib import sha256
from itertools import chain
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, update

from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Overtaken
from portal.core.moves import move
from portal.nominations.actions import joining, matching
from portal.nominations.likeness import LIKELY, Described, Likeness, compare, keys_of
from portal.nominations.models import FileJoin, FileKey, FilePair, NomineeFile
from portal.nominations.queries import likely as queries
from portal.nominations.rules import PAIR
from portal.nominations.rules.files import MANAGE_FILES
from portal.programs.models import Cycle

CHUNK = 200  # files a transaction: others can write in between
Numbers = tuple[int, int]


def compare_some(cycle_id: int) -> bool:
    """Compares the files that changed (at most `CHUNK`) with the others of the cycle; whether there may be more.

    Safe to run twice: pairs are found again as they are. A pair that is not likely any more goes, one that was kept
    apart is asked about anew only when what it was judged by has changed.
    """
    matching.lock(db.session.get_one(Cycle, cycle_id))
    changed = queries.to_compare(cycle_id, CHUNK)
    if not changed:
        return False
    people = queries.described(changed)
    keys = {number: keys_of(person) for number, person in people.items()}
    _keep_keys(cycle_id, changed, keys)
    near = queries.sharing_keys(cycle_id, set(chain.from_iterable(keys.values())))
    known = queries.pairs_with(changed)
    others = {number for numbers in (*near.values(), *known) for number in numbers}
    people |= queries.described(others - people.keys())
    asked = {
        (min(number, other), max(number, other))
        for number, mine in keys.items()
        for key in mine
        for other in near[key]
        if other != number and other in people
    }
    alike = {pair: compare(people[pair[0]], people[pair[1]]) for pair in sorted(asked)}
    _keep_pairs(cycle_id, known, {p: found for p, found in alike.items() if found.score >= LIKELY}, people)
    marked = update(NomineeFile).where(NomineeFile.id.in_(changed)).values(compared=True)
    sweep(marked)
    return len(changed) == CHUNK


def _keep_keys(cycle_id: int, changed: list[int], keys: dict[int, set[str]]) -> None:
    db.session.execute(delete(FileKey).where(FileKey.file_id.in_(changed)))
    rows = [
        {"file_id": number, "cycle_id": cycle_id, "key": key} for number, mine in keys.items() for key in sorted(mine)
    ]
    if rows:
        db.session.execute(insert(FileKey), rows)


def _keep_pairs(
    cycle_id: int, known: dict[Numbers, FilePair], alike: dict[Numbers, Likeness], people: dict[int, Described]
) -> None:
    program_id = db.session.get_one(Cycle, cycle_id).program_id
    fresh = []
    for numbers, found in alike.items():
        values = _values(people, numbers, found)
        pair = known.get(numbers)
        if pair is None:
            fresh.append({"program_id": program_id, "cycle_id": cycle_id, **values})
        elif pair.shape != values["shape"] or pair.state == "open":
            pair.score, pair.reasons, pair.shape = found.score, values["reasons"], values["shape"]
            if pair.state == "apart":
                move(PAIR, "reopen", pair, "system", changes={"decided_at": None})
    if fresh:
        db.session.execute(insert(FilePair), fresh)
    gone = [pair.id for numbers, pair in known.items() if numbers not in alike and _is_over(pair, numbers, people)]
    if gone:
        db.session.execute(delete(FilePair).where(FilePair.id.in_(gone)))


def _values(people: dict[int, Described], numbers: Numbers, found: Likeness) -> dict[str, Any]:
    """The columns of a pair that come of comparing."""
    first, second = numbers
    shape = shape_of(people[first], people[second])
    return {
        "first_id": first, "second_id": second, "score": found.score, "reasons": list(found.reasons), "shape": shape
    }  # fmt: skip


def _is_over(pair: FilePair, numbers: Numbers, people: dict[int, Described]) -> bool:
    """Whether a pair that is not likely goes: not while one of its files is only joined away, which can be undone."""
    return pair.state == "open" and all(number in people for number in numbers)


def shape_of(one: Described, other: Described) -> str:
    """A hash of what two files are judged by."""
    told = [(p.name, p.school, p.school_id, p.district_id, p.email) for p in (one, other)]
    return sha256(repr(told).encode()).hexdigest()


def join_pair(by: Any, pair: FilePair, kept: NomineeFile, gone: NomineeFile) -> FileJoin:
    """Joins the two files of the pair. Raises Mistaken with the reason, Overtaken when somebody has decided."""
    demand(by, MANAGE_FILES, pair)
    _refresh(pair)
    if pair.state != "open":
        raise Overtaken(_("Somebody was faster: this pair is decided. The page shows how things stand now."))
    return joining.join(by, kept, gone)


def keep_apart(by: Any, pair: FilePair) -> None:
    """Two educators: the pair is not suggested again while both files describe them as now."""
    demand(by, MANAGE_FILES, pair)
    move(PAIR, "keep_apart", pair, by, changes={"decided_at": now()}, files=_names(pair))
    _tell_files(by, "file.kept_apart", pair)


def undo(by: Any, pair: FilePair) -> None:
    """Takes the last decision about the pair back: joined files stand alone again, kept-apart ones are asked about."""
    demand(by, MANAGE_FILES, pair)
    _refresh(pair)
    for gone, kept in ((pair.first, pair.second), (pair.second, pair.first)):
        if gone.joined_into_id == kept.id:
            joining.undo_join(by, gone)
            return
    if pair.state != "apart":
        raise Overtaken(_("Nothing is left to take back: this pair is open."))
    move(PAIR, "reopen", pair, by, changes={"decided_at": None})
    _tell_files(by, "file.apart_undone", pair)


def _refresh(pair: FilePair) -> None:
    matching.lock(pair.cycle)
    for thing in (pair, pair.first, pair.second):
        db.session.refresh(thing)


def _names(pair: FilePair) -> list[str]:
    return [pair.first.public_id, pair.second.public_id]


def _tell_files(by: Any, verb: str, pair: FilePair) -> None:
    for file, other in ((pair.first, pair.second), (pair.second, pair.first)):
        audit.record(by, verb, file, other=other.public_id)


def split(by: Any, nomination: Any) -> NomineeFile:
    """`joining.split`, and the two files are remembered as two educators: a person has just said so."""
    file = nomination.file
    own = joining.split(by, nomination)
    people = queries.described([file.id, own.id])
    first, second = sorted(people)
    values = _values(people, (first, second), compare(people[first], people[second]))
    scope = {"program_id": own.program_id, "cycle_id": own.cycle_id}
    db.session.add(FilePair(**scope, **values, state="apart", decided_at=now()))
    return own
