"""Which nominee file a nomination belongs to: found by name and school, or made, without a race.

Name and school are the same when they are equal ignoring case, spaces, titles and accents (`core.names`). Without a
school nothing matches: the nomination gets a file of its own, and an organizer may join them.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from portal.core import jobs
from portal.core.db import batches, db, pending
from portal.core.names import fold, person_key, school_key
from portal.nominations.actions import marking
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries.files import end_of_joins
from portal.programs.actions import touch
from portal.programs.models import Cycle, District, School


@dataclass(frozen=True)
class Educator:
    """Who is nominated, in plain values; `school_name` is the directory's name when the school is known there."""

    name: str
    school_name: str = ""
    school_id: int | None = None
    district_id: int | None = None
    district_name: str = ""
    position: str = ""
    position_key: str = ""
    email: str = ""
    locale: str = "en"

    @classmethod
    def of(
        cls, name: str, school: School | None = None, typed: str = "", district: District | None = None, **more: str
    ) -> "Educator":
        """The educator at a school of the directory, or (without one) as typed, in the district if known."""
        place = school.district if school else district
        return cls(
            name,
            school_name=school.name if school else typed,
            school_id=school.id if school else None,
            district_id=place.id if place else None,
            district_name=place.name if place else "",
            **more,
        )

    @property
    def school_key(self) -> str:
        """The school folded for matching."""
        return school_key(self.school_name)


def lock(cycle: Cycle) -> None:
    """Lets one transaction at a time find or make files in the cycle (SQLite has one writer anyway).

    The weaker lock (FOR NO KEY UPDATE) does not hold up drafts that begin meanwhile and refer to the cycle.
    """
    if db.session.connection().dialect.name == "sqlite":
        return
    db.session.execute(select(Cycle.id).where(Cycle.id == cycle.id).with_for_update(key_share=True))


_SAME = (
    select(NomineeFile)
    .where(
        NomineeFile.cycle_id == bindparam("cycle"),
        NomineeFile.name_key == bindparam("name"),
        NomineeFile.school_key == bindparam("school"),
    )
    .order_by(NomineeFile.id)
)


def find(cycle: Cycle, educator: Educator) -> NomineeFile | None:
    """The file of the same name and school in the cycle, or None. Files that were joined away lead to where they went.

    Two schools of one name in different districts are different schools.
    """
    if not all(match_keys(educator)):
        return None
    given = {"cycle": cycle.id, "name": match_keys(educator)[0], "school": match_keys(educator)[1]}
    return choose(db.session.scalars(_SAME, given).all(), educator)


def match_keys(educator: Educator) -> tuple[str, str]:
    """What must be equal for two nominations to be of one educator: the name and the school, folded."""
    return person_key(educator.name), educator.school_key


def candidates(cycle: Cycle, educators: Collection[Educator]) -> dict[tuple[str, str], list[NomineeFile]]:
    """The cycle's files that have the name of one of these educators, by name and school, oldest first.

    One query for a few hundred educators, whatever their schools.
    """
    found: dict[tuple[str, str], list[NomineeFile]] = defaultdict(list)
    for names in batches({person_key(e.name) for e in educators} - {""}):
        query = select(NomineeFile).where(NomineeFile.cycle_id == cycle.id, NomineeFile.name_key.in_(names))
        for file in db.session.scalars(query.order_by(NomineeFile.id)):
            found[file.name_key, file.school_key].append(file)
    return found


def choose(found: Sequence[NomineeFile], educator: Educator) -> NomineeFile | None:
    """Of files with the educator's name and school the one they belong to, or None."""
    found = [file for file in found if _same_place(file, educator)]
    living = [file for file in found if file.joined_into_id is None]
    return living[0] if living else (end_of_joins(found[0]) if found else None)


def seconded(draft: Nomination, educator: Educator) -> NomineeFile | None:
    """The file of the self-nomination whose link began this one, while it names the same educator there; else None."""
    public_id = draft.answers.get("seconds")
    if not public_id:
        return None
    query = select(Nomination).where(Nomination.public_id == str(public_id), Nomination.cycle_id == draft.cycle_id)
    first = db.session.scalar(query.where(Nomination.relation_group == "self", Nomination.file_id.is_not(None)))
    if first is None or first.file is None:
        return None
    told = person_key(first.educator_name), school_key(first.school_name)
    if first.school is not None:
        told = told[0], school_key(first.school.name)
    same = told == (person_key(educator.name), educator.school_key)
    return end_of_joins(first.file) if same else None


def _same_place(file: NomineeFile, educator: Educator) -> bool:
    if file.school_id and educator.school_id:
        return file.school_id == educator.school_id
    return not (file.district_id and educator.district_id and file.district_id != educator.district_id)


def make(cycle: Cycle, educator: Educator) -> NomineeFile:
    """A new file for this educator."""
    file = build(cycle, educator)
    db.session.add(file)
    db.session.flush()
    compare_soon(cycle.id)
    marking.look_at([file])
    return file


def build(cycle: Cycle, educator: Educator) -> NomineeFile:
    """What `make` makes, not yet in the database: for many at once. Whoever adds them asks for `compare_soon` and
    `marking.look_at`.
    """
    file = NomineeFile(program_id=cycle.program_id, cycle_id=cycle.id, locale=educator.locale, email=educator.email)
    _describe(file, educator)
    return file


def rename(file: NomineeFile, educator: Educator) -> None:
    """Writes name, school and position into the file, with what is searched and matched by."""
    _describe(file, educator)
    compare_soon(file.cycle_id)
    marking.look_at([file])


def _describe(file: NomineeFile, educator: Educator) -> None:
    if educator.school_id or educator.school_key != file.school_key:
        file.outside = False  # that was found of another school, or of this one before it was known
    file.name, file.name_key = educator.name, person_key(educator.name)
    file.school_id, file.school_name, file.school_key = educator.school_id, educator.school_name, educator.school_key
    file.district_id = educator.district_id
    file.position, file.position_key = educator.position, educator.position_key
    file.search = search_text(file, educator.district_name)


def fill_gaps(file: NomineeFile, educator: Educator, *, look: bool = True) -> None:
    """Fills in the address and the position where the file has none. Without `look` the caller asks for
    `marking.look_at` itself.
    """
    if not file.email and educator.email and file.consent == "open":
        file.email = educator.email
        if look:
            marking.look_at([file])
    if not file.position_key and educator.position_key:
        file.position, file.position_key = educator.position, educator.position_key
        here = educator.district_name if educator.district_id == file.district_id else ""
        file.search = search_text(file, here or (file.district.name if file.district else ""))


def show_anew(cycle: Cycle) -> None:
    """Ends the kept copies of the program's public page when it may name winners of this cycle: call it when what is
    said there of one of them (name, position, district) has changed.
    """
    if cycle.announced_at is not None:
        touch(cycle.program_id)


def compare_soon(cycle_id: int) -> None:
    """Has the worker compare what has changed in the cycle with its other files: asked for once a transaction."""
    asked = pending("nominations.compare")
    if cycle_id not in asked:
        asked.append(cycle_id)
        jobs.later("nominations.compare", cycle_id, key=f"compare:{cycle_id}")


def search_text(file: Any, district_name: str) -> str:
    """What the desk's search looks through: name, school, position and district, folded."""
    written = (file.name, file.school_name, file.position, district_name)
    return " ".join(filter(None, map(fold, written)))
