"""For organizers: the rooms and blocks of the day, and sessions that nobody proposes."""

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from portal.convenings import rules
from portal.convenings.actions import setup as actions
from portal.convenings.forms.setup import BlockForm, RoomForm, SessionForm, both, session_form
from portal.convenings.models import Convening, Session
from portal.convenings.queries import agenda, convenings
from portal.convenings.views.blueprint import bp
from portal.core import hx, web
from portal.core.db import transaction
from portal.core.errors import Mistaken, NotThere


def _page(convening: Convening, status: int = 200, **forms: Any) -> ResponseReturnValue:
    context: dict[str, Any] = {
        "convening": convening,
        "rooms": convenings.rooms_of(convening),
        "blocks": convenings.blocks_of(convening),
        "typed": [spot for spot in agenda.all_sessions(convening) if spot.session.proposal_id is None],
        "room_form": forms.get("room_form") or RoomForm(formdata=None),
        "block_form": forms.get("block_form") or BlockForm(formdata=None),
        "session_form": forms.get("session_form") or SessionForm(formdata=None),
        "changed": forms.get("changed"),  # the room or block whose form came back
        "kind_names": rules.KIND_NAMES,
    }
    return hx.page("convenings/day.html", status=status, **context)


@bp.get("/convenings/<public_id>/day")
@web.requires("convenings.manage", convenings.convening_for)
def day(convening: Convening) -> ResponseReturnValue:
    return _page(convening)


def _done(convening: Convening, part: str) -> ResponseReturnValue:
    return hx.go(url_for("convenings.day", public_id=convening.public_id) + f"#{part}")


def _try(act: Callable[[], Any], field: Any) -> bool:
    """Runs the action in its transaction; a mistake it names is shown at the field."""
    try:
        with transaction():
            act()
    except Mistaken as mistake:
        field.errors = [mistake.reason]
        return False
    except IntegrityError:
        field.errors = [_("Somebody added the same a moment ago. Load the page again.")]
        return False
    return True


@bp.post("/convenings/<public_id>/rooms")
@web.requires("convenings.manage", convenings.convening_for)
def write_room(convening: Convening) -> ResponseReturnValue:
    """Adds a room, or changes the one that `room` names."""
    form, given = RoomForm(), request.form.get("room", "")
    room = convenings.room_in(convening, given) if given else None
    if given and room is None:
        raise NotThere()
    if not form.validate():
        return _page(convening, 422, room_form=form, changed=room)
    person, name, capacity = web.current_person(), form.name.data or "", form.capacity.data
    if not _try(lambda: actions.write_room(person, convening, room, name=name, capacity=capacity), form.name):
        return _page(convening, 422, room_form=form, changed=room)
    flash(_("%(name)s is saved.", name=name))
    return _done(convening, "rooms")


@bp.post("/convenings/<public_id>/rooms/<room_id>/remove")
@web.requires("convenings.manage", convenings.convening_for)
def remove_room(convening: Convening, room_id: str) -> ResponseReturnValue:
    room = convenings.room_in(convening, room_id)
    if room is None:
        raise NotThere()
    with transaction():
        actions.remove_room(web.current_person(), convening, room)
    flash(_("The room is removed."))
    return _done(convening, "rooms")


@bp.post("/convenings/<public_id>/blocks")
@web.requires("convenings.manage", convenings.convening_for)
def write_block(convening: Convening) -> ResponseReturnValue:
    """Adds a block, or changes the one that `block` names."""
    form, given = BlockForm(), request.form.get("block", "")
    block = convenings.block_in(convening, given) if given else None
    if given and block is None:
        raise NotThere()
    if not form.validate():
        return _page(convening, 422, block_form=form, changed=block)
    starts, ends = form.times(convening)
    values: dict[str, Any] = {"starts_at": starts, "ends_at": ends, "whole": bool(form.whole.data)}
    values["name"] = both(form.name_en, form.name_es)
    person = web.current_person()
    if not _try(lambda: actions.write_block(person, convening, block, **values), form.starts):
        return _page(convening, 422, block_form=form, changed=block)
    flash(_("The block is saved."))
    return _done(convening, "blocks")


@bp.post("/convenings/<public_id>/blocks/<block_id>/remove")
@web.requires("convenings.manage", convenings.convening_for)
def remove_block(convening: Convening, block_id: str) -> ResponseReturnValue:
    block = convenings.block_in(convening, block_id)
    if block is None:
        raise NotThere()
    with transaction():
        actions.remove_block(web.current_person(), convening, block)
    flash(_("The block is removed."))
    return _done(convening, "blocks")


@bp.post("/convenings/<public_id>/sessions")
@web.requires("convenings.manage", convenings.convening_for)
def add_session(convening: Convening) -> ResponseReturnValue:
    """A keynote, a meal, an open space."""
    form = SessionForm()
    if not form.validate():
        return _page(convening, 422, session_form=form)
    with transaction():
        actions.write_session(web.current_person(), convening, None, **form.values())
    flash(_("The session is saved. Place it on the agenda."))
    return _done(convening, "typed")


@bp.get("/sessions/<public_id>/edit")
@web.requires("convenings.manage", agenda.session_for)
def edit_session(found: Session) -> ResponseReturnValue:
    return hx.page("convenings/session_edit.html", talk=found, convening=found.convening, form=session_form(found))


@bp.post("/sessions/<public_id>/edit")
@web.requires("convenings.manage", agenda.session_for)
def change_session(found: Session) -> ResponseReturnValue:
    """Mends the words; on a released agenda everybody reads them at once."""
    form = SessionForm()
    if not form.validate():
        context = {"talk": found, "convening": found.convening, "form": form}
        return hx.page("convenings/session_edit.html", status=422, **context)
    with transaction():
        actions.write_session(web.current_person(), found.convening, found, **form.values())
    flash(_("The session is saved."))
    return hx.go(url_for("convenings.placing", public_id=found.convening.public_id))


@bp.post("/sessions/<public_id>/cancel")
@web.requires("convenings.manage", agenda.session_for)
def cancel_session(found: Session) -> ResponseReturnValue:
    with transaction():
        actions.cancel_session(web.current_person(), found.convening, found)
    flash(_("The session is taken off for good."))
    return _done(found.convening, "typed")
