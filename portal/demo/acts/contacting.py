"""Whom staff know at the schools: a name and an address for two schools of three, one of whom wants no letters."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.demo.world import World
from portal.desk.queries.silent import silent_schools
from portal.programs.actions import contacts
from portal.programs.actions.schools import edit_school
from portal.programs.models import School


def note_contacts(world: World) -> None:
    """Sofía enters them from the districts' lists."""
    sofia, script = world.who("sofia"), world.script(29)
    query = select(School).where(School.program_id == world.program_id).options(joinedload(School.district))
    for at, school in enumerate(db.session.scalars(query.order_by(School.id))):
        if at % 3 == 2:
            continue
        name, email = script.person()
        locale = "es" if at % 7 == 0 else "en"
        edit_school(
            sofia,
            school,
            school.district,
            name=school.name,
            contact_name=name,
            contact_email=email,
            contact_locale=locale,
        )


def one_wants_none(world: World) -> None:
    """The contact of a silent school called: no letters, please."""
    found = db.session.scalars(silent_schools(world.cycle).where(School.contact_email != "").limit(1)).first()
    if found is not None:
        contacts.stop_writing(world.who("sofia"), found)
