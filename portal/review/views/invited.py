"""An invitation to the panel, opened by its link; and the list of nominees to declare conflicts in."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, links, web
from portal.core.db import transaction
from portal.core.forms import PlainForm
from portal.core.i18n import ngettext
from portal.core.paging import asked_page
from portal.programs import queries as programs
from portal.review.actions import conflicts
from portal.review.actions import panels as actions
from portal.review.forms import AnswerForm
from portal.review.models import Seat
from portal.review.queries import panels
from portal.review.rules import CONFLICT_REASONS, FOUND_REASONS
from portal.review.views.blueprint import bp


def _seat_of(link: links.Link) -> Seat | None:
    return panels.seat_of_link(link.subject_id)


def _form(seat: Seat, *, fresh: bool) -> AnswerForm:
    known = {"name": seat.name, "school_name": "" if seat.school_id else seat.school_name}
    form = AnswerForm(formdata=None, data=known) if fresh else AnswerForm()
    typed = request.form.get("school_name")
    held = request.form.get("school") or (seat.school.public_id if seat.school else "")
    schools = programs.schools_to_choose(seat.program_id, seat.school_name, typed, held=held)
    form.offer_schools(schools)
    if fresh:
        form.school.data = next((s.public_id for s in schools if s.id == seat.school_id), "")
    return form


@bp.get("/panel-invitation/<token>")
@web.by_link(actions.PURPOSE, _seat_of)
def answer_seat(seat: Seat, link: links.Link) -> ResponseReturnValue:
    """Shows what is asked; only the buttons change anything."""
    return hx.page("review/invitation.html", seat=seat, form=_form(seat, fresh=True))


@bp.post("/panel-invitation/<token>")
@web.by_link(actions.PURPOSE, _seat_of)
def take_seat(seat: Seat, link: links.Link) -> ResponseReturnValue:
    if request.form.get("answer") == "decline":
        with transaction():
            actions.decline_seat(link, seat)
        return hx.page("review/declined.html", seat=seat)
    form = _form(seat, fresh=False)
    if not form.validate():
        return hx.page("review/invitation.html", seat=seat, form=form, status=422)
    school = programs.school_by_public_id(seat.program_id, form.school.data) if form.school.data else None
    school = school or programs.school_meant(seat.program_id, form.school_name.data)
    with transaction():
        cookie = actions.accept_seat(
            link,
            seat,
            name=form.name.data or "",
            school=school,
            school_name=form.school_name.data or "",
            other_schools=form.other_schools.data or "",
            device=web.device(),
        )
    panel_id = seat.panel.public_id
    web.remember(cookie)
    flash(_("Welcome to the panel. You are signed in."))
    return hx.go(url_for("review.look_through", public_id=panel_id))


@bp.get("/panels/<public_id>/conflicts")
@web.requires("review.declare_conflict", panels.own_seat)
def look_through(seat: Seat) -> ResponseReturnValue:
    """The nominees by name, to tick whom one knows too well."""
    page = panels.nominees(seat.panel, asked_page())
    mine = panels.conflicts_of(web.current_person(), seat.cycle_id)
    context: dict[str, Any] = {"reasons": CONFLICT_REASONS, "found": FOUND_REASONS}
    return hx.page("review/conflicts.html", seat=seat, page=page, mine=mine, form=PlainForm(), **context)


@bp.post("/panels/<public_id>/conflicts")
@web.requires("review.declare_conflict", panels.own_seat)
def declare(seat: Seat) -> ResponseReturnValue:
    """Keeps the ticks of the names that were shown; after the last name the list has been looked through."""
    shown, ticked = request.form.getlist("shown"), request.form.getlist("known")
    files = panels.files_of_cycle(seat.cycle_id, [*shown, *ticked])
    seen = {files[key] for key in shown if key in files}
    known = {files[key] for key in ticked if key in files}
    further = panels.page_after(seat.panel, seen)
    with transaction():
        new = conflicts.declare_conflicts(web.current_person(), seat, seen, known, last=further is None)
    if new:
        flash(ngettext("One file stays closed to you.", "%(num)s files stay closed to you.", new))
    if further is not None:
        return hx.go(url_for("review.look_through", public_id=seat.panel.public_id, page=further))
    flash(_("Thank you. You have looked through the whole list."))
    return hx.go(url_for("review.my_files"))
