"""A school that was "not listed", settled by staff: it is this one, it is a new one, or it is outside our districts.

One answer settles every file of the cycle whose school is written alike (and whose district is the same): several
people write the same school.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from portal.core import audit
from portal.core.access import demand
from portal.core.db import db
from portal.core.errors import Overtaken
from portal.nominations.actions import joining, matching
from portal.nominations.actions.matching import Educator
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries.holds import with_panel
from portal.nominations.rules.files import MANAGE_FILES
from portal.nominations.rules.joining import why_not_join
from portal.programs.models import School


@dataclass(frozen=True)
class Settled:
    """How many files got the school, and how many of them were joined with the educator's own file there."""

    files: int
    joined: int


def alike(file: NomineeFile, *, outside: bool = False) -> list[NomineeFile]:
    """The files whose school is written as this one's and not settled yet, locked, after the nominations in them.

    Who confirms a nomination locks it and then its file: nobody may take them the other way round. Raises Overtaken
    when there is no such file.
    """
    query = select(NomineeFile).where(
        NomineeFile.cycle_id == file.cycle_id,
        NomineeFile.school_key == file.school_key,
        NomineeFile.district_id.is_not_distinct_from(file.district_id),
        NomineeFile.school_id.is_(None),
        NomineeFile.school_key != "",
        NomineeFile.outside.is_(outside),
        NomineeFile.joined_into_id.is_(None),
    )
    written = select(Nomination.id).where(Nomination.file_id.in_(query.with_only_columns(NomineeFile.id)))
    db.session.execute(written.order_by(Nomination.id).with_for_update())
    found = list(db.session.scalars(query.order_by(NomineeFile.id).with_for_update()))
    if not found:
        raise Overtaken(_("Somebody was faster: this school is settled already."))
    return found


def choose_school(by: Any, file: NomineeFile, school: School) -> Settled:
    """The school that was meant: written into the files and their nominations (what was typed stays), then matched.

    A file that now has the same name and school as another one is joined with it, as if the nominator had found the
    school; a join can be taken back. Two that can't be joined stand beside each other.
    """
    demand(by, MANAGE_FILES, file)
    matching.lock(file.cycle)
    found = alike(file)
    namesakes = _namesakes(found, school)
    written = update(Nomination).where(
        Nomination.file_id.in_([each.id for each in found]), Nomination.school_id.is_(None)
    )
    written = written.values(school_id=school.id, district_id=school.district_id)
    db.session.execute(written.execution_options(synchronize_session="fetch"))
    joined = 0
    for each in found:
        matching.rename(each, _at(each, school))
        each.school, each.district = school, school.district
        audit.record(by, "file.school_chosen", each, school=school.public_id)
    db.session.flush()
    matching.show_anew(file.cycle)
    held = with_panel({each.id for each in (*found, *namesakes.values())})
    for each in filter(lambda file: file.name_key, found):
        other = namesakes.setdefault(each.name_key, each)
        if other is not each and (stays := _join(by, other, each, held)):
            namesakes[each.name_key] = stays
            joined += 1
    return Settled(len(found), joined)


def _at(file: NomineeFile, school: School) -> Educator:
    return Educator.of(
        file.name, school, position=file.position, position_key=file.position_key, email=file.email, locale=file.locale
    )


def _namesakes(files: Sequence[NomineeFile], school: School) -> dict[str, NomineeFile]:
    """By name: the file that an educator of this name has at the school already."""
    query = select(NomineeFile).where(
        NomineeFile.cycle_id == files[0].cycle_id,
        NomineeFile.school_id == school.id,
        NomineeFile.name_key.in_({each.name_key for each in files} - {""}),
        NomineeFile.joined_into_id.is_(None),
    )
    return {each.name_key: each for each in db.session.scalars(query.order_by(NomineeFile.id.desc()))}


def _join(by: Any, one: NomineeFile, other: NomineeFile, held: Collection[int]) -> NomineeFile | None:
    """Joins the two if they can be, the one that is further along taking in the other; the one that stays."""
    for kept, gone in ((one, other), (other, one)):
        if why_not_join(kept, gone, held) is None:
            joining.join(by, kept, gone)
            return kept
    return None


def say_outside(by: Any, file: NomineeFile) -> int:
    """The school is outside our districts; how many files say so now."""
    demand(by, MANAGE_FILES, file)
    return _mark(by, alike(file), outside=True)


def take_back_outside(by: Any, file: NomineeFile) -> int:
    """It is not settled after all; how many files wait again."""
    demand(by, MANAGE_FILES, file)
    return _mark(by, alike(file, outside=True), outside=False)


def _mark(by: Any, files: Sequence[NomineeFile], *, outside: bool) -> int:
    for each in files:
        each.outside = outside
        audit.record(by, "file.school_outside" if outside else "file.school_open_again", each)
    return len(files)
