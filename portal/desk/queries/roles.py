"""The programs in which somebody has a role, with their cycles: one query for both."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core.db import db
from portal.programs.models import Cycle, Program


def programs_and_cycles(person: Person) -> list[tuple[Program, list[Cycle]]]:
    """Each program of the person's living roles, in the order the roles were given, with its cycles, newest first."""
    ids = list(dict.fromkeys(role.program_id for role in person.roles if role.holds_now()))
    if not ids:
        return []
    query = (
        select(Program, Cycle)
        .outerjoin(Cycle, Cycle.program_id == Program.id)
        .where(Program.id.in_(ids))
        .options(joinedload(Cycle.windows), joinedload(Cycle.program))
        .order_by(Cycle.opening_day.desc(), Cycle.id.desc())
    )
    found: dict[int, tuple[Program, list[Cycle]]] = {}
    for program, cycle in db.session.execute(query).unique():
        cycles = found.setdefault(program.id, (program, []))[1]
        if cycle is not None:
            cycles.append(cycle)
    return [found[each] for each in ids if each in found]
