"""The organizers' page of a year: its windows, rounds, rubrics and rules as they stand, the ways to change them."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.core import clock, hx, web
from portal.core.db import transaction
from portal.core.i18n import pick
from portal.programs import actions, files, queries, rules, timeline
from portal.programs.forms import RUBRIC, SECTIONS
from portal.programs.models import Cycle, Round
from portal.programs.views.base import bp, find_cycle

_BOLD = re.compile(r"\*\*(.+?)\*\*")


@bp.get("/cycles/<public_id>/year")
@web.requires(rules.SEE_YEAR, find_cycle)
def year(cycle: Cycle) -> ResponseReturnValue:
    """The year at a glance, and where each part of it is changed."""
    return hx.page(
        "programs/year.html",
        cycle=cycle,
        rounds=cycle.rounds,
        picture=picture_of(cycle),
        sections=[(name, form.title, form.lede) for name, form in SECTIONS.items()],
        rubrics=rubrics_of(cycle.rounds),
        years=queries.cycles_of(cycle.program),
    )


def picture_of(cycle: Cycle) -> timeline.Picture | None:
    """The year's windows as they stand."""
    notes = {True: _("The panel scores"), False: _("Nominees take part")}
    spans = [
        (w.name, notes[w.key.endswith(".scoring")] if w.round_id else "", w.opens_at, w.closes_at or w.opens_at)
        for w in cycle.windows
    ]
    return timeline.picture(spans, clock.now(), ZoneInfo(cycle.program.time_zone))


def rubrics_of(rounds: list[Round]) -> dict[str, tuple[str, Any, str]]:
    """Each rubric once: key -> (its section, its name, the rounds that use it)."""
    found: dict[str, tuple[str, Any, list[str]]] = {}
    for each in rounds:
        for rubric in each.rubrics[-1:]:
            found.setdefault(rubric.key, (f"{RUBRIC}{rubric.key}", rubric.name, []))[2].append(pick(each.name))
    return {key: (section, name, ", ".join(uses)) for key, (section, name, uses) in found.items()}


@bp.get("/cycles/<public_id>/program.toml")
@web.requires(rules.SEE_YEAR, find_cycle)
def toml(cycle: Cycle) -> ResponseReturnValue:
    """The program and this year as a file that can be loaded again."""
    answer = Response(files.as_text(cycle), mimetype="application/toml")
    name = f"{cycle.program.slug}-{cycle.public_id}.toml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.post("/cycles/<public_id>/publish")
@web.requires(rules.EDIT, find_cycle)
def publish(cycle: Cycle) -> ResponseReturnValue:
    """Shows a draft cycle to the public."""
    with transaction():
        actions.publish_cycle(cycle, web.current_person())
    flash(_("The cycle %(name)s is public now.", name=cycle.name))
    return hx.go(url_for("programs.year", public_id=cycle.public_id))


@bp.app_template_filter("strong_words")
def strong_words(text: Any) -> Markup:
    """A text by language for the reader, escaped, with **two stars** as bold."""
    return Markup(_BOLD.sub(r"<b>\1</b>", str(escape(pick(text)))))
