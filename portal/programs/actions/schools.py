"""What organizers do with one school of the directory: add it, correct it, close it, open it again."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import audit
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.core.names import plain_key, school_key
from portal.programs.actions.cycles import touch
from portal.programs.actions.import_schools import ask
from portal.programs.directory.districts import called, labels
from portal.programs.models import District, Program, School


class NotSure(Mistaken):
    """What was written for a district means several."""


def district_of(by: Any, program: Program, district_id: int | None, name: str) -> District:
    """The district of this number in the program, else the one that is called so, made when there is none.

    Raises NotSure when several are called so.
    """
    ask(by, program)
    query = select(District).where(District.program_id == program.id)
    if district_id is not None:
        return db.session.scalars(query.where(District.id == district_id)).one()
    known = db.session.scalars(query).all()
    found = called(known, name)
    if len(found) > 1:
        names = labels(known)
        offered = ", ".join(names[each.id] for each in found)
        raise NotSure(_("Several districts are called so. Write which one you mean: %(names)s.", names=offered))
    if found:
        district: District = found[0]
        return district
    key = plain_key(name, {each.key for each in known}, "district")
    district = District(program_id=program.id, key=key, name=name, aliases=[])
    db.session.add(district)
    db.session.flush()
    touch(program.id)
    audit.record(by, "district.made", program, district=name)
    return district


def add_school(by: Any, program: Program, district: District, **values: Any) -> School:
    """A new school, made by hand: imports never close it. Raises Mistaken when the district has one of that name."""
    ask(by, program)
    key = school_key(values["name"])
    _ask_for_room(district.id, key)
    school = School(program_id=program.id, district_id=district.id, key=key, **values)
    school.district = district
    db.session.add(school)
    db.session.flush()
    audit.record(by, "school.added", school)
    return school


def _ask_for_room(district_id: int, key: str, but: int | None = None) -> None:
    """Raises Mistaken when another open school of the district has this name, or one that was made by hand."""
    same = select(School).where(School.district_id == district_id, School.key == key, School.id != (but or 0))
    for school in db.session.scalars(same):
        if school.closed_at is None:
            raise Mistaken(_("The district has a school of this name already."))
        if not school.nces_id:
            raise Mistaken(_("The district has a closed school of this name. Open that one again instead."))


def edit_school(by: Any, school: School, district: District, **values: Any) -> None:
    """Corrects what the directory says of a school; nominations keep what was written in them."""
    ask(by, school)
    wanted = {**values, "key": school_key(values["name"]), "district_id": district.id}
    changed = sorted(name for name, value in wanted.items() if getattr(school, name) != value and name != "key")
    if not changed:
        return
    if {"name", "district_id"} & set(changed):
        _ask_for_room(district.id, wanted["key"], school.id)
    for name, value in wanted.items():
        setattr(school, name, value)
    audit.record(by, "school.edited", school, changed=[name.removesuffix("_id") for name in changed])


def close_school(by: Any, school: School) -> None:
    """Takes a school out of what can be chosen; what was nominated there stays."""
    ask(by, school)
    if school.closed_at is None:
        school.closed_at = now()
        audit.record(by, "school.closed", school)


def reopen_school(by: Any, school: School) -> None:
    """Makes a school one that can be chosen again."""
    ask(by, school)
    if school.closed_at is not None:
        school.closed_at = None
        audit.record(by, "school.reopened", school)
