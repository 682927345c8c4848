"""The record of a program: what happened, in order, by whom."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.accounts.models import Person
from portal.core import hx, paging, web
from portal.desk import recorded, rules
from portal.desk.find import program_for
from portal.desk.queries import history as queries
from portal.programs.models import Program

bp = Blueprint("history", __name__)


def find_program(person: Person) -> Program | None:
    """The program whose record is shown."""
    return program_for(person, rules.SEE_HISTORY)


@bp.get("/history")
@web.requires("desk.see_history", find_program)
def history(program: Program) -> ResponseReturnValue:
    """Twenty-five entries a page, by verb. Who scores sees nothing of scoring here: not even that it happened."""
    person = web.current_person()
    sees_scoring = not person.holds(("reviewer", "chair"), None)
    verbs = queries.verbs(program, sees_scoring=sees_scoring)
    verb, thing = request.args.get("verb", ""), request.args.get("thing", "")
    total = None if thing else sum(n for v, n in verbs if not verb or v == verb)
    page = paging.page_of(
        queries.entries(program, verb, thing, sees_scoring=sees_scoring), paging.asked_page(), total=total
    )
    names = queries.names_of(each for entry in page.items for each in recorded.things_in(entry))
    rows = [recorded.entry(each, names) for each in page.items]
    return hx.page(
        "desk/history.html",
        page=page,
        rows=rows,
        verbs=verbs,
        verb=verb,
        thing=thing,
        only=names.get(thing) or recorded.kind(thing),
        words=recorded.verb,
    )
