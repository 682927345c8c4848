"""Pairs of files that are likely about one educator: what was suggested, in order, and what comparing needs."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from portal.core.db import db
from portal.nominations.likeness import Described
from portal.nominations.models import FileKey, FilePair, NomineeFile
from portal.programs.models import Cycle

NEXT = 12  # pairs listed after the one that is shown
SLICE = 5000  # values in one condition; databases allow some more
# The columns that tell an educator as comparing needs it: `description` reads a row of them, or a whole file.
DESCRIBED = (
    NomineeFile.id,
    NomineeFile.name,
    NomineeFile.school_name,
    NomineeFile.school_id,
    NomineeFile.district_id,
    NomineeFile.position,
    NomineeFile.email,
)


@dataclass(frozen=True)
class Standing:
    """The pair to decide now, those after it, how many there are in all, and how many stand before it."""

    pair: FilePair | None
    after: list[FilePair]
    total: int
    before: int


def open_pairs(cycle_id: int) -> Select[FilePair]:
    """The pairs nobody has decided, of files that stand for themselves."""
    first, second = aliased(NomineeFile), aliased(NomineeFile)
    return (
        select(FilePair)
        .join(first, first.id == FilePair.first_id)
        .join(second, second.id == FilePair.second_id)
        .where(FilePair.cycle_id == cycle_id, FilePair.state == "open")
        .where(first.joined_into_id.is_(None), second.joined_into_id.is_(None))
        .where(first.consent != "erased", second.consent != "erased")
    )


def how_many(cycle_id: int) -> Select[Any]:
    """How many pairs wait for a decision, as a query for counting beside others."""
    return open_pairs(cycle_id).with_only_columns(func.count(FilePair.id))


def standing(cycle_id: int, after: FilePair | None = None, at: FilePair | None = None) -> Standing:
    """The likeliest open pair, with what follows: from `at` on, or beyond `after`. One query; two at the end."""
    place = at or after
    beyond: Any = true()
    if place is not None:
        same = FilePair.id >= place.id if at is not None else FilePair.id > place.id
        beyond = or_(FilePair.score < place.score, and_(FilePair.score == place.score, same))
    total = how_many(cycle_id).scalar_subquery()
    before = how_many(cycle_id).where(~beyond).scalar_subquery()
    query = open_pairs(cycle_id).where(beyond).order_by(FilePair.score.desc(), FilePair.id).limit(NEXT + 1)
    found = db.session.execute(query.add_columns(total, before).options(*_with_files())).all()
    if not found:
        left = db.session.scalar(how_many(cycle_id)) or 0
        return Standing(None, [], left, left)
    return Standing(found[0][0], [row[0] for row in found[1:]], found[0][1], found[0][2])


def _with_files() -> list[Any]:
    return [
        joinedload(side).options(joinedload(NomineeFile.school), joinedload(NomineeFile.district))
        for side in (FilePair.first, FilePair.second)
    ]


def pair_by_public_id(public_id: str) -> FilePair | None:
    """A pair with its cycle, program and files: one query."""
    query = select(FilePair).where(FilePair.public_id == public_id)
    cycle = joinedload(FilePair.cycle).joinedload(Cycle.program)
    return db.session.scalar(query.options(cycle, *_with_files()))


def to_compare(cycle_id: int, limit: int) -> list[int]:
    """The files that changed since they were compared, the oldest first."""
    query = select(NomineeFile.id).where(NomineeFile.cycle_id == cycle_id, ~NomineeFile.compared)
    return list(db.session.scalars(query.order_by(NomineeFile.id).limit(limit)))


def cycles_to_compare() -> list[int]:
    """The cycles that have such files."""
    return list(db.session.scalars(select(NomineeFile.cycle_id).where(~NomineeFile.compared).distinct()))


def described(file_ids: Collection[int]) -> dict[int, Described]:
    """These files as they are compared; those that are joined away or erased are left out."""
    found: dict[int, Described] = {}
    for some in _slices(file_ids):
        query = select(*DESCRIBED).where(NomineeFile.id.in_(some), NomineeFile.name_key != "")
        rows = db.session.execute(query.where(NomineeFile.joined_into_id.is_(None)))
        found |= {row.id: description(row) for row in rows}
    return found


def description(row: Any) -> Described:
    """The educator of a file, or of a row of `DESCRIBED`, as it is compared."""
    return Described(row.name, row.school_name, row.school_id, row.district_id, row.position, row.email)


def sharing_keys(cycle_id: int, keys: Collection[str]) -> dict[str, list[int]]:
    """Which files have each of these keys."""
    found: dict[str, list[int]] = defaultdict(list)
    for some in _slices(keys):
        query = select(FileKey.key, FileKey.file_id).where(FileKey.cycle_id == cycle_id, FileKey.key.in_(some))
        for key, file_id in db.session.execute(query):
            found[key].append(file_id)
    return found


def pairs_with(file_ids: Collection[int]) -> dict[tuple[int, int], FilePair]:
    """The pairs of which one of these files is part."""
    mine = or_(FilePair.first_id.in_(file_ids), FilePair.second_id.in_(file_ids))
    return {(pair.first_id, pair.second_id): pair for pair in db.session.scalars(select(FilePair).where(mine))}


def _slices(values: Collection[Any]) -> Iterator[Sequence[Any]]:
    listed = sorted(values)
    for start in range(0, len(listed), SLICE):
        yield listed[start : start + SLICE]
