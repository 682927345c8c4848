"""Conflicts of interest: found from what the system knows, declared by reviewers, lifted."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import or_, select, update

from portal.accounts.models import Person
from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.names import school_key
from portal.core.once import insert_all_once
from portal.nominations.models import NomineeFile
from portal.review import rules
from portal.review.models import Conflict, Panel, Seat
from portal.review.queries.conflicts import by_address

Found = set[tuple[int, int, str]]  # person, file, reason


def find_conflicts(panel: Panel, seats: Iterable[Seat] | None = None) -> int:
    """Finds the conflicts of these seats' people (default: all accepted ones) with the cycle's files anew; how many
    are new.

    Same school as now or in the last three years, having nominated the educator, being the nominee. One that no longer
    holds (a school was corrected) is lifted; one that a person lifted stays lifted. A fixed number of queries.
    """
    if seats is None:
        seats = db.session.scalars(select(Seat).where(Seat.panel_id == panel.id, Seat.state == "accepted"))
    people = {s.person_id for s in seats if s.person_id is not None}
    if not people:
        return 0
    found = _by_school(panel, people) | _by_address(panel, people)
    known = _known(panel, people)
    stale = [c for key, c in known.items() if key not in found and c.lifted_at is None]
    again = [c for key, c in known.items() if key in found and c.lifted_at is not None and c.lifted_by_id is None]
    new = found - set(known)
    _lift([c.id for c in stale], now())
    _lift([c.id for c in again], None)
    _add(panel, new)
    if new or stale or again:
        audit.record("system", "conflict.found", panel, new=len(new), again=len(again), lifted=len(stale))
    return len(new) + len(again)


def _lift(ids: list[int], at: Any) -> None:
    if ids:
        db.session.execute(update(Conflict).where(Conflict.id.in_(ids)).values(lifted_at=at, lifted_by_id=None))


def _known(panel: Panel, people: Collection[int]) -> dict[tuple[int, int, str], Any]:
    query = select(Conflict.id, Conflict.person_id, Conflict.file_id, Conflict.reason, Conflict.lifted_at,
                   Conflict.lifted_by_id).where(
        Conflict.cycle_id == panel.cycle_id, Conflict.source == "found", Conflict.person_id.in_(people)
    )  # fmt: skip
    return {(c.person_id, c.file_id, c.reason): c for c in db.session.execute(query)}


def _by_school(panel: Panel, people: Collection[int]) -> Found:
    """Files whose school, by the directory or by its folded name, is one of the person's."""
    by_id: dict[int, set[int]] = {}
    by_key: dict[str, set[int]] = {}
    # A conflict holds in the whole cycle. So does what somebody said of their schools on any of its panels, also on
    # one that they left: their reviews of it still count.
    told = select(Person.id, Seat.school_id, Seat.school_name, Seat.other_schools).join(Seat.person)
    told = told.where(Seat.cycle_id == panel.cycle_id, Person.id.in_(people))
    for person_id, school_id, school_name, others in db.session.execute(told):
        if school_id:
            by_id.setdefault(school_id, set()).add(person_id)
        for name in (school_name, *others.splitlines()):
            if key := school_key(name):
                by_key.setdefault(key, set()).add(person_id)
    query = select(NomineeFile.id, NomineeFile.school_id, NomineeFile.school_key).where(
        NomineeFile.cycle_id == panel.cycle_id,
        or_(NomineeFile.school_id.in_(list(by_id)), NomineeFile.school_key.in_(list(by_key))),
    )
    return {
        (person_id, file_id, "same_school")
        for file_id, school_id, key in db.session.execute(query)
        for person_id in by_id.get(school_id or 0, set()) | by_key.get(key, set())
    }


def _by_address(panel: Panel, people: Collection[int]) -> Found:
    """Files whose educator the person nominated, or who is the person."""
    return {
        (person_id, file_id, reason)
        for reason, files in by_address(Person, cycle_id=panel.cycle_id).items()
        for file_id, person_id in db.session.execute(files.add_columns(Person.id).where(Person.id.in_(people)))
    }


def _add(panel: Panel, pairs: Found, source: str = "found") -> None:
    """Writes the pairs that are not there yet, in one statement."""
    if not pairs:
        return
    rows = [
        {
            "program_id": panel.program_id,
            "cycle_id": panel.cycle_id,
            "panel_id": panel.id,
            "person_id": person_id,
            "file_id": file_id,
            "source": source,
            "reason": reason,
        }
        for person_id, file_id, reason in sorted(pairs)
    ]
    insert_all_once(Conflict, ["person_id", "file_id", "reason"], rows)


def declare_conflicts(by: Person, seat: Seat, shown: set[int], ticked: set[int], *, last: bool) -> int:
    """The reviewer ticked these files, and not the others of those shown; a tick taken away is lifted while no file of
    theirs is released, and never where the system found a conflict.

    With `last` the whole list has been looked through: their files may open. How many conflicts are new.
    """
    demand(by, rules.DECLARE, seat)
    panel = seat.panel
    listed = select(NomineeFile.id).where(NomineeFile.cycle_id == panel.cycle_id, NomineeFile.id.in_(shown | ticked))
    real = set(db.session.scalars(listed))
    query = select(Conflict.file_id, Conflict.id, Conflict.lifted_at, Conflict.reason).where(
        Conflict.person_id == by.id,
        Conflict.file_id.in_(real),
        or_(Conflict.reason == "known", Conflict.source == "found"),
    )
    rows = db.session.execute(query).all()
    mine = {c.file_id: (c.id, c.lifted_at) for c in rows if c.reason == "known"}
    found = {c.file_id for c in rows if c.reason != "known" and c.lifted_at is None}
    living = {f for f, (_id, lifted_at) in mine.items() if lifted_at is None}
    wanted = ticked & real
    new = wanted - living
    # The box of a found conflict is shut, so it says nothing of a tick.
    gone = (living & shown) - wanted - found if panel.released_at is None else set()
    _lift([mine[f][0] for f in new & set(mine)], None)
    _lift([mine[f][0] for f in gone], now())
    _add(panel, {(by.id, f, "known") for f in new - set(mine)}, "declared")
    if last and seat.conflicts_declared_at is None:
        seat.conflicts_declared_at = now()
    if new or gone or last:
        audit.record(by, "conflict.declared", seat, new=len(new), taken_back=len(gone), whole_list=last)
    return len(new)


def declare_one(by: Person, panel: Panel, file_id: int, reason: str) -> None:
    """A conflict declared by stepping back: written, or in force again."""
    written: Any = db.session.execute(
        update(Conflict)
        .where(Conflict.person_id == by.id, Conflict.file_id == file_id, Conflict.reason == reason)
        .values(lifted_at=None, lifted_by_id=None, source="declared")
    )
    if not written.rowcount:
        _add(panel, {(by.id, file_id, reason)}, "declared")
