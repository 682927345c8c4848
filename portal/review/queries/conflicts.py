"""Who must not judge what: the conflicts that are kept, and those that an address alone tells."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, or_, select, union

from portal.core.db import db
from portal.nominations.models import Nomination, NomineeFile
from portal.review.models import Conflict


def by_address(person: Any, *, cycle_id: int | None = None, file_ids: Collection[int] | None = None) -> dict[str, Any]:
    """Selects of the files, of a cycle or among these, whose educator the person nominated or who is the person:
    {reason: select}. `person`: somebody, or the `Person` class of a query."""
    wrote, own = (
        thing.cycle_id == cycle_id if file_ids is None else key.in_(file_ids)
        for thing, key in ((Nomination, Nomination.file_id), (NomineeFile, NomineeFile.id))
    )
    return {
        "nominated": select(Nomination.file_id).where(
            wrote,
            Nomination.nominator_email == person.email,
            Nomination.state.in_(("submitted", "confirmed")),  # these have a file
        ),
        "is_nominee": select(NomineeFile.id).where(own, NomineeFile.email == person.email),
    }


def conflicts_in(person: Any, cycle_id: int) -> tuple[Any, ...]:
    """Selects of the files of a cycle that the person must not judge: living conflicts, and what their address tells
    (they may have no seat)."""
    kept = select(Conflict.file_id).where(
        Conflict.person_id == person.id, Conflict.cycle_id == cycle_id, Conflict.lifted_at.is_(None)
    )
    return (kept, *by_address(person, cycle_id=cycle_id).values())


def is_conflicted(person: Any, file_ids: Collection[int]) -> ColumnElement[bool]:
    """Whether the person of a query (its `Person` class) has a conflict with one of these files, as above."""
    kept = select(Conflict.id).where(
        Conflict.person_id == person.id, Conflict.file_id.in_(file_ids), Conflict.lifted_at.is_(None)
    )
    told = by_address(person, file_ids=file_ids).values()
    return or_(*(found.correlate(person).exists() for found in (kept, *told)))


def conflicted_files(person: Any, cycle_id: int) -> frozenset[int]:
    """Files of the cycle that this person must not judge or see results of."""
    query: Any = union(*conflicts_in(person, cycle_id))
    return frozenset(db.session.scalars(query))
