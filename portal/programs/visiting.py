"""The program of an address as whoever asks may find it: for the public pages of every package."""

from portal.core import web
from portal.core.access import may
from portal.programs import queries, rules
from portal.programs.models import Program


def find_public(slug: str) -> Program | None:
    """The program as visitors find it: one that has published a year; a draft is there for its staff."""
    program, is_public = queries.program_and_state(slug)
    return program if is_public or (program and may(web.current_person(), rules.SEE_YEAR, program)) else None
