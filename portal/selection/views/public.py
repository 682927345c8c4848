"""The public page of winners: nothing before the announcement, everything at once after it."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.core import hx, web
from portal.programs.visiting import find_public
from portal.selection import queries

bp = Blueprint("winners", __name__)


@bp.get("/awards/<slug>/winners", endpoint="winners")
@web.public(find_public)
def winners(program: Any) -> ResponseReturnValue:
    years = queries.public_winners(program.id)
    return hx.page("selection/winners.html", years=years)
