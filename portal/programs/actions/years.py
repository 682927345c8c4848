"""Another year like the last one, and another program: both by the way in which a file is loaded."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.accounts import actions as accounts
from portal.core.access import demand
from portal.core.errors import Mistaken
from portal.programs import queries, rules, stored
from portal.programs.actions.cycles import ask_to_edit
from portal.programs.actions.load import load_definition
from portal.programs.definition import read_definition
from portal.programs.models import Cycle, Program
from portal.programs.whole import whole_cycle


def copy_year(cycle: Cycle, by: Any, *, name: str, opening_day: date) -> Cycle:
    """A draft with the same set-up, its windows moved to the new opening day. Raises Mistaken, DefinitionErrors."""
    ask_to_edit(by, cycle)
    if queries.cycle_named(cycle.program, name) is not None:
        raise Mistaken(_("There is a year %(name)s already.", name=name))
    definition = read_definition(stored.data_of(whole_cycle(cycle.public_id) or cycle))
    made = load_definition(definition, by, cycle_name=name, opening_day=opening_day, publish=False).cycle
    assert made is not None  # just loaded
    return made


def found_program(data: dict[str, Any], by: Any, *, cycle_name: str, opening_day: date) -> Program:
    """A new program from a file's values, organized by who founds it. Raises Mistaken, Refused, DefinitionErrors."""
    demand(by, rules.FOUND)
    definition = read_definition(data)
    if queries.program_by_slug(definition.slug) is not None:
        raise Mistaken(_("This address is taken by another program."))
    program = load_definition(definition, by, cycle_name=cycle_name, opening_day=opening_day, publish=False).program
    assert program is not None  # just loaded
    accounts.grant(by, by, "organizer", program.id)
    return program
