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
from portal.core.errors import Mistaken


def _page(
    convening: Convening, status: int = 200, problem: str = "", at: tuple[str, str] = ("", "")
) -> ResponseReturnValue:
    spots = queries.all_sessions(convening)
    blocks = convenings.blocks_of(convening)
    whole = {block.public_id for block in blocks if block.whole}
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
        "problem_slot": f"{at[0]}-{at[1] if at[0] not in whole else ''}",
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
    given = {name: request.form.get(name, "") for name in ("block", "room", "session", "was")}
    try:
        with transaction():
            actions.fill_slot(web.current_person(), convening, **given)
    except Mistaken as mistake:
        return _page(convening, 422, mistake.reason, (given["block"], given["room"]))
    if hx.wants_partial():
        return _page(convening)
    return hx.go(url_for("convenings.placing", public_id=convening.public_id) + f"#b-{given['block']}")


@bp.post("/convenings/<public_id>/release")
@web.requires("convenings.manage", convenings.convening_for)
def release(convening: Convening) -> ResponseReturnValue:
    """Shows the agenda to everybody."""
    with transaction():
        actions.release(web.current_person(), convening)
    flash(_("The agenda is released. Every presenter gets a letter with the time and the room."))
    return hx.go(url_for("convenings.placing", public_id=convening.public_id))
