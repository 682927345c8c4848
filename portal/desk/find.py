"""Which program a desk page is about: the one named in the address, else the first where this person may."""

from flask import request

from portal.accounts.models import Person
from portal.core.access import may
from portal.programs import queries as programs
from portal.programs.models import Program


def programs_of(person: Person) -> list[Program]:
    """The programs in which this person has a living role, in the order the roles were given: one query."""
    ids = list(dict.fromkeys(role.program_id for role in person.roles if role.holds_now()))
    found = {program.id: program for program in programs.all_programs() if program.id in ids} if ids else {}
    return [found[each] for each in ids if each in found]


def program_for(person: Person, permission: str) -> Program | None:
    """The program asked for (`?program=slug`), or the first for which the person may; None when they have no role."""
    mine = programs_of(person)
    asked = request.args.get("program") or request.form.get("program")
    if asked:
        return next((p for p in mine if p.slug == asked), None)
    return next((p for p in mine if may(person, permission, p)), mine[0] if mine else None)
