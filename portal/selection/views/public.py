"""The public page of winners: nothing before the announcement, everything at once after it."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.core import hx, web
from portal.programs.models import Program
from portal.programs.queries import program_by_slug
from portal.selection import queries

bp = Blueprint("winners", __name__)


def find_program(slug: str) -> Program | None:
    """The program at this address."""
    return program_by_slug(slug)


@bp.get("/awards/<slug>/winners", endpoint="winners")
@web.public(find_program)
def winners(program: Any) -> ResponseReturnValue:
    years = queries.public_winners(program.id)
    return hx.page("selection/winners.html", years=years)
