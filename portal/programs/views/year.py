"""The organizers' page of a cycle: its windows, rounds, rubrics and rules as they stand, and publishing it."""

import re
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.core import clock, hx, web
from portal.core.access import may
from portal.core.db import transaction
from portal.core.i18n import pick
from portal.programs import actions, queries, rules
from portal.programs.models import Cycle

_BOLD = re.compile(r"\*\*(.+?)\*\*")
bp = Blueprint("programs", __name__)


def find_cycle(person: Any, public_id: str) -> Cycle | None:
    """A cycle of a program in which this person may see the year; others are not there for them."""
    cycle = queries.cycle_by_public_id(public_id)
    return cycle if cycle is not None and may(person, rules.SEE_YEAR, cycle) else None


@bp.get("/cycles/<public_id>/year")
@web.requires(rules.SEE_YEAR, find_cycle)
def year(cycle: Cycle) -> ResponseReturnValue:
    """The year at a glance."""
    rounds = queries.rounds_with_rubrics(cycle)
    at = clock.now()
    return hx.page(
        "programs/year.html",
        cycle=cycle,
        rounds=rounds,
        spans=[(window, state_of(window, at)) for window in cycle.windows],
    )


@bp.post("/cycles/<public_id>/publish")
@web.requires(rules.EDIT, find_cycle)
def publish(cycle: Cycle) -> ResponseReturnValue:
    """Shows a draft cycle to the public."""
    with transaction():
        actions.publish_cycle(cycle, web.current_person())
    flash(_("The cycle %(name)s is public now.", name=cycle.name))
    return hx.go(url_for("programs.year", public_id=cycle.public_id))


def state_of(window: Any, at: Any) -> str:
    """ "ahead", "open" or "over"."""
    if window.opens_at > at:
        return "ahead"
    return "open" if window.is_open(at) else "over"


@bp.app_template_filter("strong_words")
def strong_words(text: Any) -> Markup:
    """A text by language for the reader, escaped, with **two stars** as bold."""
    return Markup(_BOLD.sub(r"<b>\1</b>", str(escape(pick(text)))))
