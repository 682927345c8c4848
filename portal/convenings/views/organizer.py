"""For organizers: the convenings of a program, one convening at a glance, its words and its call."""

from datetime import date
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.convenings import rules
from portal.convenings.actions import setup as actions
from portal.convenings.forms.setup import NewForm, SetupForm, both, setup_form
from portal.convenings.models import Convening
from portal.convenings.queries import convenings as queries
from portal.convenings.views.blueprint import bp
from portal.core import hx, web
from portal.core.db import transaction
from portal.programs.models import Program
from portal.programs.queries import program_by_slug


def _program(_person: Any, slug: str) -> Program | None:
    return program_by_slug(slug)


@bp.get("/programs/<slug>/convenings")
@web.requires("convenings.see_all", _program)
def all_of(program: Program) -> ResponseReturnValue:
    found = queries.convenings_of(program.id)
    return hx.page("convenings/all.html", convenings=found, form=NewForm(), call_state=rules.call_state)


@bp.post("/programs/<slug>/convenings")
@web.requires("convenings.manage", _program)
def create(program: Program) -> ResponseReturnValue:
    """A new convening, unpublished; its set-up page is next."""
    form = NewForm()
    if not form.validate():
        found = queries.convenings_of(program.id)
        context = {"convenings": found, "form": form, "call_state": rules.call_state}
        return hx.page("convenings/all.html", status=422, **context)
    day = form.day.data
    assert isinstance(day, date)
    with transaction():
        name, place = both(form.name_en, form.name_es), form.place.data or ""
        convening = actions.create(web.current_person(), program, name=name, day=day, place=place)
    flash(_("The convening is made. Nobody sees it until you publish it."))
    return hx.go(url_for("convenings.setup", public_id=convening.public_id))


@bp.get("/convenings/<public_id>")
@web.requires("convenings.see_all", queries.convening_for)
def overview(convening: Convening) -> ResponseReturnValue:
    """Where the convening stands, and what comes next."""
    context = {
        "convening": convening,
        "standing": queries.standing(convening),
        "call_state": rules.call_state(convening),
        "state_names": rules.PROPOSAL_NAMES,
    }
    return hx.page("convenings/overview.html", status=200, **context)


@bp.get("/convenings/<public_id>/setup")
@web.requires("convenings.manage", queries.convening_for)
def setup(convening: Convening) -> ResponseReturnValue:
    return hx.page("convenings/setup.html", convening=convening, form=setup_form(convening))


@bp.post("/convenings/<public_id>/setup")
@web.requires("convenings.manage", queries.convening_for)
def change(convening: Convening) -> ResponseReturnValue:
    form = SetupForm().offer(convening)
    if not form.validate():
        return hx.page("convenings/setup.html", convening=convening, form=form, status=422)
    values, call = form.convening(convening), form.call(convening)
    with transaction():
        actions.change(web.current_person(), convening, values, call)
    flash(_("Saved."))
    return hx.go(url_for("convenings.overview", public_id=convening.public_id))


@bp.post("/convenings/<public_id>/publish")
@web.requires("convenings.manage", queries.convening_for)
def publish(convening: Convening) -> ResponseReturnValue:
    with transaction():
        actions.publish(web.current_person(), convening)
    flash(_("The convening is published. Members can propose sessions while the call is open."))
    return hx.go(url_for("convenings.overview", public_id=convening.public_id))
