"""Schools that nominators wrote and the directory does not have, each once, with the nearest schools that it has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Row, func, select

from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.programs import queries as programs
from portal.programs.directory.search import near
from portal.programs.directory.words import sense
from portal.programs.models import Cycle, District

PAGE = 10
NEAR_ENOUGH = 62  # of 100: below, two names have hardly a word in common
SAME_DISTRICT = 6  # what it is worth that the nominator named the school's district


@dataclass(frozen=True)
class Suggestion:
    """A school that may be meant."""

    public_id: str
    name: str
    place: str


@dataclass(frozen=True)
class Unlisted:
    """One school as written: a file that stands for all that name it, how many, some of the educators."""

    file_id: str  # public
    name: str
    district_id: int | None
    district: str
    files: int
    educators: Sequence[str] = ()
    near: list[Suggestion] = field(default_factory=list)


def without_school(cycle_id: int, *, outside: bool = False) -> list[ColumnElement[bool]]:
    """The conditions of a file whose school was written and is not in the directory, and that somebody wrote about."""
    return [
        NomineeFile.cycle_id == cycle_id,
        NomineeFile.joined_into_id.is_(None),
        NomineeFile.school_id.is_(None),
        NomineeFile.school_key != "",
        NomineeFile.outside.is_(outside),
        NomineeFile.proven + NomineeFile.unproven > 0,
    ]


def listed(
    cycle: Cycle, number: int, *, outside: bool, asked: tuple[str, str] = ("", "")
) -> tuple[list[Unlisted], dict[bool, int]]:
    """One page, the school that most files name first, and how many schools wait (False) or were found to be outside
    our districts (True): two queries, three when somebody looks for a school.

    `asked` is (a file's public id, what was typed to find its school): those schools are suggested for it instead.
    """
    groups = _groups(cycle.id, number, outside)
    counts = dict(zip((False, True), groups[0][-2:] if groups else _counts(cycle.id), strict=True))
    rows = [] if outside else near(cycle.program_id, [group.name for group in groups])
    found = []
    for group in groups:
        typed = asked[1] if group.file_id == asked[0] else ""
        suggested = looked_for(cycle.program_id, typed) if typed else suggestions(group.name, group.district_id, rows)
        educators = sorted(group.educators.split("\n"))[:3]
        found.append(
            Unlisted(
                group.file_id, group.name, group.district_id, group.district or "", group.files, educators, suggested
            )
        )
    return found, counts


def _numbers(cycle_id: int) -> list[Any]:
    """How many schools wait, how many are outside: two columns."""
    parts = []
    for outside in (False, True):
        keys = select(NomineeFile.school_key, NomineeFile.district_id).where(*without_school(cycle_id, outside=outside))
        parts.append(select(func.count()).select_from(keys.distinct().subquery()).scalar_subquery())
    return parts


def _counts(cycle_id: int) -> Sequence[int]:
    return db.session.execute(select(*_numbers(cycle_id))).one()


def _groups(cycle_id: int, number: int, outside: bool) -> Sequence[Row[Any]]:
    files = func.count().label("files")
    query = (
        select(
            func.min(NomineeFile.public_id).label("file_id"),
            func.min(NomineeFile.school_name).label("name"),
            NomineeFile.district_id,
            District.name.label("district"),
            files,
            func.aggregate_strings(NomineeFile.name, "\n").label("educators"),
            *_numbers(cycle_id),
        )
        .outerjoin(District, District.id == NomineeFile.district_id)
        .where(*without_school(cycle_id, outside=outside))
        .group_by(NomineeFile.school_key, NomineeFile.district_id, District.name)
        .order_by(files.desc(), NomineeFile.school_key, NomineeFile.district_id)
    )
    return db.session.execute(query.limit(PAGE).offset((max(number, 1) - 1) * PAGE)).all()


def suggestions(name: str, district_id: int | None, rows: Sequence[Any], most: int = 3) -> list[Suggestion]:
    """The schools of `directory.search.near` that are most like the name; none when nothing is like it. Pure."""
    wanted = sense(name)
    scored = []
    for row in rows:
        alike = max(fuzz.token_sort_ratio(wanted, sense(row.name)), 0.9 * fuzz.token_set_ratio(wanted, sense(row.name)))
        alike += SAME_DISTRICT if district_id is not None and row.district_id == district_id else 0
        if alike >= NEAR_ENOUGH:
            scored.append((-alike, row.name, row))
    place = lambda row: ", ".join(filter(None, (row[5], row.city)))  # noqa: E731
    return [Suggestion(row.public_id, row.name, place(row)) for _score, _name, row in sorted(scored)[:most]]


def looked_for(program_id: int, typed: str) -> list[Suggestion]:
    """The schools that an organizer finds by typing."""
    found = programs.schools_matching(program_id, typed, 8)
    return [Suggestion(s.public_id, s.name, ", ".join(filter(None, (s.district.name, s.city)))) for s in found]
