"""For organizers: the agenda as a grid with one choice a slot, and its release."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.convenings.actions import placing as actions
from portal.convenings.models import Convening
from portal.convenings.queries import agenda as queries
from portal.convenings.queries import convenings
from portal.convenings.timetable import too_long
from portal.convenings.views.blueprint import bp
from portal.core import hx, web
from portal.core.db import transaction
from portal.core.errors import Mistaken, NotThere


def _page(convening: Convening, status: int = 200, problem: str = "", slot: str = "") -> ResponseReturnValue:
    spots = queries.all_sessions(convening)
    blocks = convenings.blocks_of(convening)
    slots = {}
    for spot in spots:
        if spot.session.placement is not None:
            place = spot.session.placement
            slots[place.block_id if place.whole else (place.block_id, place.room_id)] = spot
    context: dict[str, Any] = {
        "convening": convening,
        "rooms": convenings.rooms_of(convening),
        "blocks": blocks,
        "slots": slots,
        "spots": spots,
        "waiting": [spot for spot in spots if spot.session.placement is None],
        "over": {
            spot.session.id: too_long(spot.session.length, block.starts_at, block.ends_at)
            for block in blocks
            for spot in spots
            if spot.session.placement is not None and spot.session.placement.block_id == block.id
        },
        "problem": problem,
        "problem_slot": slot,
    }
    return hx.page("convenings/placing.html", "convenings/_grid.html", status=status, **context)


@bp.get("/convenings/<public_id>/agenda")
@web.requires("convenings.manage", convenings.convening_for)
def placing(convening: Convening) -> ResponseReturnValue:
    return _page(convening)


@bp.post("/convenings/<public_id>/agenda")
@web.requires("convenings.manage", convenings.convening_for)
def place(convening: Convening) -> ResponseReturnValue:
    """Fills or empties one slot: `session` is the choice, `was` what the organizer saw there."""
    given = request.form
    block = convenings.block_in(convening, given.get("block", ""))
    room = convenings.room_in(convening, given["room"]) if given.get("room") else None
    if block is None or (given.get("room") and room is None):
        raise NotThere()
    chosen, was = given.get("session", ""), given.get("was", "")
    session = queries.session_in(convening, chosen or was) if chosen or was else None
    try:
        if session is None and (chosen or was):
            raise Mistaken(_("That session is no longer on. The page shows how things stand now."))
        with transaction():
            if session is not None and chosen:
                actions.place(web.current_person(), convening, session, block, room, instead_of=was)
            elif session is not None:
                actions.take_off(web.current_person(), convening, session, block, room)
    except Mistaken as mistake:
        return _page(convening, 422, mistake.reason, f"{block.public_id}-{room.public_id if room else ''}")
    if hx.wants_partial():
        return _page(convening)
    return hx.go(url_for("convenings.placing", public_id=convening.public_id) + f"#b-{block.public_id}")


@bp.post("/convenings/<public_id>/release")
@web.requires("convenings.manage", convenings.convening_for)
def release(convening: Convening) -> ResponseReturnValue:
    """Shows the agenda to everybody."""
    with transaction():
        actions.release(web.current_person(), convening)
    flash(_("The agenda is released. Every presenter gets a letter with the time and the room."))
    return hx.go(url_for("convenings.placing", public_id=convening.public_id))
