"""The panel's page: who sits on it and how far they are; inviting, reminding, the due date, closing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, web
from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.forms import PlainForm
from portal.core.i18n import ngettext
from portal.core.paging import asked_page
from portal.review.actions import panels as actions
from portal.review.forms import KINDS, MOST_LINES, DueForm, SeatForm, SeatListForm, read_people
from portal.review.models import Panel
from portal.review.queries import history, panels, plans
from portal.review.views.blueprint import bp


def home(panel: Panel) -> str:
    """The address of the panel's page."""
    return url_for("review.panel", public_id=panel.round.public_id)


@bp.get("/rounds/<public_id>/panel")
@web.requires("review.see_panel", panels.place_of_round)
def panel(place: panels.Place) -> ResponseReturnValue:
    if place.panel is None:
        return hx.page("review/no_panel.html", round=place.round, form=PlainForm())
    return _page(place.panel)


def _page(panel: Panel, *, form: SeatForm | None = None, pasted: SeatListForm | None = None, due: DueForm | None = None,
          unreadable: list[tuple[int, str]] | None = None, status: int = 200) -> ResponseReturnValue:  # fmt: skip
    told = panels.summary(panel)
    zone = ZoneInfo(panel.program.time_zone)
    local = panel.due_at.astimezone(zone).replace(tzinfo=None) if panel.due_at else None
    return hx.page(
        "review/panel.html",
        panel=panel,
        told=told,
        people=panels.people(panel, told.seats, asked_page()),
        plan=plans.current_plan(panel),
        form=form or SeatForm(formdata=None),
        pasted=pasted or SeatListForm(formdata=None),
        due=due or DueForm(formdata=None, data={"due_at": local}),
        unreadable=unreadable or [],
        late=panel.due_at is not None and panel.due_at < now(),
        status=status,
    )


@bp.get("/panels/<public_id>/history")
@web.requires("review.see_panel", panels.panel_by_id)
def panel_history(panel: Panel) -> ResponseReturnValue:
    """What happened to the panel, its seats and its plans, newest first."""
    entries, page = history.history_of(history.parts_of(panel), asked_page())
    return hx.page("review/history.html", panel=panel, entries=entries, page=page)


@bp.post("/rounds/<public_id>/panel")
@web.requires("review.lead_panel", panels.place_of_round)
def make_panel(place: panels.Place) -> ResponseReturnValue:
    with transaction():
        made = actions.make_panel(web.current_person(), place.round)
    return hx.go(home(made))


@bp.post("/panels/<public_id>/due")
@web.requires("review.lead_panel", panels.panel_by_id)
def set_due(panel: Panel) -> ResponseReturnValue:
    form = DueForm()
    if not form.validate():
        return _page(panel, due=form, status=422)
    given: datetime = form.due_at.data  # type: ignore[assignment]
    due_at = given.replace(tzinfo=ZoneInfo(panel.program.time_zone))
    with transaction():
        actions.set_due(web.current_person(), panel, due_at)
    flash(_("The due date is kept."))
    return hx.go(home(panel))


@bp.post("/panels/<public_id>/seats")
@web.requires("review.lead_panel", panels.panel_by_id)
def invite(panel: Panel) -> ResponseReturnValue:
    form = SeatForm()
    if not form.validate():
        return _page(panel, form=form, status=422)
    kind, reads = KINDS[form.place.data]
    given = {"name": form.name.data or "", "email": form.email.data or "", "school": form.school.data or ""}
    with transaction():
        seat = actions.invite(web.current_person(), panel, kind=kind, reads=reads, **given)
    if seat is None:
        form.email.errors = [_("This person is on the panel already, or has not answered yet.")]
        return _page(panel, form=form, status=422)
    flash(_("We wrote to %(name)s.", name=seat.name))
    return hx.go(home(panel))


@bp.post("/panels/<public_id>/seats/list")
@web.requires("review.lead_panel", panels.panel_by_id)
def invite_list(panel: Panel) -> ResponseReturnValue:
    """Invites everybody whose line can be read; the rest stays in the box with a word to each line."""
    form = SeatListForm()
    if not form.validate():
        return _page(panel, pasted=form, status=422)
    people, unreadable = read_people(form.people.data or "")
    if len(people) > MOST_LINES:
        raise Mistaken(_("Please invite at most %(most)s people at a time.", most=MOST_LINES))
    with transaction():
        made, there = actions.invite_list(web.current_person(), panel, people)
    if made:
        flash(ngettext("We wrote to one person.", "We wrote to %(num)s people.", len(made)))
    if there:
        flash(_("On the panel already, so not written to again: %(list)s.", list=", ".join(there)))
    if not unreadable:
        return hx.go(home(panel))
    form.people.data = "\n".join(line for _number, line in unreadable)
    form.people.errors = [_("These lines have no name or no address that can be read. Mend them and send them again.")]
    return _page(panel, pasted=form, unreadable=unreadable, status=422)


@bp.post("/panels/<public_id>/remind")
@web.requires("review.lead_panel", panels.panel_by_id)
def remind(panel: Panel) -> ResponseReturnValue:
    with transaction():
        actions.ask_to_remind(web.current_person(), panel)
    flash(_("Everybody whose reviews are not in gets a reminder now, at most one a day."))
    return hx.go(home(panel))


@bp.post("/panels/<public_id>/scoring")
@web.requires("review.lead_panel", panels.panel_by_id)
def scoring(panel: Panel) -> ResponseReturnValue:
    """Closes or opens the scoring, as the button says."""
    with transaction():
        if request.form.get("act") == "reopen":
            actions.reopen_scoring(web.current_person(), panel)
        else:
            actions.close_scoring(web.current_person(), panel)
    flash(_("Scoring is open.") if panel.state == "scoring" else _("Scoring is closed. Nothing can be changed now."))
    return hx.go(home(panel))
