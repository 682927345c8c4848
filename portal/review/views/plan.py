"""The plan of who reads what, before anybody is told: asked for, looked at, released or discarded."""

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import hx, web
from portal.core.db import db, transaction
from portal.core.i18n import ngettext
from portal.core.names import person_key
from portal.core.paging import asked_page
from portal.review import queries
from portal.review.actions import plans as actions
from portal.review.models import AssignmentPlan, Panel
from portal.review.queries import files, panels, plans
from portal.review.rules import PAIR_REASONS
from portal.review.views.blueprint import bp


@bp.get("/panels/<public_id>/plan")
@web.requires("review.see_panel", panels.panel_by_id)
def plan(panel: Panel) -> ResponseReturnValue:
    """The plan as it stands. While a job works it out the page asks again by itself."""
    found = plans.current_plan(panel)
    context: dict[str, Any] = {"panel": panel, "told": panels.summary(panel), "plan": found, "reasons": PAIR_REASONS}
    if found and found.state == "proposed":
        context.update(_proposed(panel, found))
    elif found and found.state == "blocked":
        named = [each["file_id"] for key in ("too_few", "missing") for each in found.report[key]]
        context.update(file_names=panels.file_names(named), out=_out_of_the_room(panel))
    return hx.page("review/plan.html", "review/_plan.html", **context)


def _out_of_the_room(panel: Panel) -> frozenset[int]:
    """Files whose readers this viewer must not know: they have a conflict with them."""
    return queries.conflicted_files(web.current_person(), panel.cycle_id)


def _proposed(panel: Panel, found: AssignmentPlan) -> dict[str, Any]:
    """A page of files with their readers, and everybody's load."""
    page = files.page_of_files(panel, panel.round.readers, "all", asked_page())
    ids = [file.id for file, _have, _scored in page.items]
    loads = found.report["loads"]
    names = panels.names_of([each["person_id"] for each in loads])
    return {
        "page": page,
        "readers": files.readers_of(panel, ids, found.id),
        "loads": sorted(({**each, "name": names.get(each["person_id"], "")} for each in loads), key=_by_name),
        "out": _out_of_the_room(panel),
    }


def _by_name(load: dict[str, Any]) -> str:
    return person_key(load["name"])


@bp.post("/panels/<public_id>/plan")
@web.requires("review.lead_panel", panels.panel_by_id)
def ask_for_plan(panel: Panel) -> ResponseReturnValue:
    with transaction():
        actions.ask_for_plan(web.current_person(), panel)
    return hx.go(url_for("review.plan", public_id=panel.public_id))


def _plan_by_id(person: Any, public_id: str) -> AssignmentPlan | None:
    query = select(AssignmentPlan).where(AssignmentPlan.public_id == public_id)
    query = query.options(joinedload(AssignmentPlan.panel), joinedload(AssignmentPlan.program))
    found = db.session.scalar(query)
    return found if found and person.holds(panels.STAFF, found) else None


@bp.post("/plans/<public_id>/release")
@web.requires("review.lead_panel", _plan_by_id)
def release_plan(found: AssignmentPlan) -> ResponseReturnValue:
    with transaction():
        count = actions.release_plan(web.current_person(), found)
    flash(
        ngettext(
            "One review was given out. Its reader is told by mail now.",
            "%(num)s reviews were given out. Each reader is told by mail now, once.",
            count,
        )
    )
    return hx.go(url_for("review.panel", public_id=found.panel.round.public_id))


@bp.post("/plans/<public_id>/discard")
@web.requires("review.lead_panel", _plan_by_id)
def discard_plan(found: AssignmentPlan) -> ResponseReturnValue:
    with transaction():
        actions.discard_plan(web.current_person(), found)
    flash(_("The plan is gone. Nobody was told of it."))
    return hx.go(url_for("review.plan", public_id=found.panel.public_id))
