"""One seat: how much it reads, a new letter, its end."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, web
from portal.core.db import transaction
from portal.core.i18n import ngettext
from portal.review.actions import panels as actions
from portal.review.forms import SeatEditForm
from portal.review.models import Seat
from portal.review.queries import history, panels
from portal.review.views.blueprint import bp
from portal.review.views.panel import home


@bp.get("/seats/<public_id>")
@web.requires("review.see_panel", panels.seat_by_id)
def seat(seat: Seat) -> ResponseReturnValue:
    return hx.page("review/seat.html", seat=seat, form=SeatEditForm(obj=seat), entries=history.history_of([seat])[0])


@bp.post("/seats/<public_id>")
@web.requires("review.lead_panel", panels.seat_by_id)
def edit_seat(seat: Seat) -> ResponseReturnValue:
    form = SeatEditForm()
    if not form.validate():
        return hx.page("review/seat.html", seat=seat, form=form, entries=history.history_of([seat])[0], status=422)
    with transaction():
        actions.edit_seat(
            web.current_person(),
            seat,
            max_load=form.max_load.data,
            reads=bool(form.reads.data),
            school_name=form.school_name.data or "",
            other_schools=form.other_schools.data or "",
        )
    flash(_("Kept. What they read changes with the next plan."))
    return hx.go(home(seat.panel))


@bp.post("/seats/<public_id>/again")
@web.requires("review.lead_panel", panels.seat_by_id)
def invite_again(seat: Seat) -> ResponseReturnValue:
    with transaction():
        actions.invite_again(web.current_person(), seat)
    flash(_("We wrote to %(name)s again.", name=seat.name))
    return hx.go(home(seat.panel))


@bp.post("/seats/<public_id>/remove")
@web.requires("review.remove_seat", panels.seat_by_id)
def remove_seat(seat: Seat) -> ResponseReturnValue:
    with transaction():
        taken = actions.remove_seat(web.current_person(), seat)
    flash(_("%(name)s is no longer on the panel.", name=seat.name))
    if taken:
        flash(ngettext("One file needs another reader.", "%(num)s files need another reader.", taken))
    return hx.go(home(seat.panel))
