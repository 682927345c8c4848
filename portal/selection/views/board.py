"""The results of a round: the board, a new computation, the tie at the line, the sheet."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, sheets, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.forms import PlainForm
from portal.core.i18n import pick
from portal.selection import actions, queries, showing
from portal.selection.rules import Room
from portal.selection.views.blueprint import asked_order, bp


@bp.get("/rounds/<public_id>/results")
@web.requires("selection.see_board", queries.room)
def results(room: Room) -> ResponseReturnValue:
    run, waiting = queries.newest_runs(room.round.id)
    waits, late = waiting is not None and waiting.waits, waiting is not None and waiting.is_late
    if hx.wants_partial() and waits and late == ("late" in request.args):
        return "", 204  # nothing is new: the page that asks again by the clock stays as it is, with its focus
    context: dict[str, Any] = {
        "room": room,
        "run": run,
        "waiting": waits,
        "late": late,
        "form": PlainForm(),
        "problem": waiting.problem if waiting else "",
    }
    if run is not None:
        context |= shown_board(room, run)
    return hx.page("selection/board.html", "selection/_board.html", **context)


def shown_board(room: Room, run: Any) -> dict[str, Any]:
    """Everything that the board's template draws."""
    order = asked_order(run)
    board = queries.board(run, room, order)
    cut, zone = showing.cut_and_zone(board)
    criteria = {key: pick(name) for key, name in board.result["names"].items()}
    columns, strip = showing.strip(board, criteria)
    return {
        "board": board,
        "order": order,
        "headline": showing.headline(board),
        "rows": showing.rows(board, room.round.readers),
        "scale": showing.scale(board.result, board.result["levels"]),
        "cut": cut,
        "zone": zone,
        "banners": [showing.banner(b["code"], b["facts"], board.people) for b in board.result["banners"]],
        "agreement": showing.agreement(board.result["agreement"]),
        "columns": columns,
        "strip": strip,
        "worth": showing.worth(board),
        "severity": showing.severity(board),
        "tie_steps": showing.tie_steps(board),
        "tie_told": showing.tie_told(board),
        "vote": board.asked.vote,
        "held": board.asked.held,
        "open_rows": [r for r in board.rows if r.open],
        "places_left": board.line.tie.places_left if board.line and board.line.tie else 0,
    }


@bp.post("/rounds/<public_id>/results/compute")
@web.requires("selection.rank", queries.room)
def compute(room: Room) -> ResponseReturnValue:
    with transaction():
        actions.ask_for_ranking(web.current_person(), room)
    flash(_("The ranking is being computed from the reviews that are in. This page shows it in a moment."))
    return hx.go(url_for("selection.results", public_id=room.round.public_id))


@bp.get("/rounds/<public_id>/results.csv")
@web.requires("selection.see_board", queries.room)
def sheet(room: Room) -> ResponseReturnValue:
    run = queries.latest_run(room.round.id)
    if run is None:
        raise Mistaken(_("Compute the ranking first."))
    board = queries.board(run, room, asked_order(run))
    names = ("adjusted", "raw", "sd", "low90", "high90", "reviews", "median", "student")
    header = [_("Nominee"), _("School"), *names, *(("chance", "expected_rank") if board.line else ())]
    extra = ("chance", "expected_rank") if board.line else ()
    lines = [[r.file.name, r.file.school_name, *(r.figures[n] for n in (*names, *extra))] for r in board.rows]
    return sheets.download("csv", f"results-{room.round.key}", header, lines)
