"""The demo's people: a page with a button each that signs this browser in. Outside a demo there is no such page."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.accounts.models import Person
from portal.accounts.rules import ROLE_NAMES
from portal.core import hx, settings, web
from portal.core.db import transaction
from portal.demo import actions, queries

bp = Blueprint("demo", __name__)


def find_player(public_id: str) -> Person | None:
    """Somebody to play, in a demo; nobody elsewhere."""
    return queries.player(public_id) if settings.current().demo else None


@bp.get("/demo")
@web.public()
def people() -> ResponseReturnValue:
    """Everybody by role, and the two doors that need no account."""
    actions.only_in_a_demo()
    found = queries.cast()
    if found.program is not None:
        web.show_program(found.program)
    return hx.page("demo/people.html", cast=found, role_names=ROLE_NAMES)


@bp.post("/demo/sign-in/<public_id>")
@web.public(find_player)
def sign_in(person: Person) -> ResponseReturnValue:
    """Signs this browser in as that person, and goes to their desk."""
    with transaction():
        cookie = actions.sign_in_as(person, web.device())
    web.remember(cookie)
    return hx.go("/desk")


BLUEPRINTS = (bp,)
