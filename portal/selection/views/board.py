"""The results of a round: the board, a new computation, the tie at the line, the sheet."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, sheets, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.forms import PlainForm
from portal.core.i18n import pick
from portal.selection import actions, queries, showing
from portal.selection.line import ORDERS
from portal.selection.rules import Room

bp = Blueprint("selection", __name__)


def asked_order(run: Any) -> str:
    """The order in the address, else the one the computation recommends."""
    asked = request.values.get("order", "")
    return asked if asked in ORDERS else (run.result or {}).get("recommended", "adjusted")


@bp.get("/rounds/<public_id>/results")
@web.requires("selection.see_board", queries.room)
def results(room: Room) -> ResponseReturnValue:
    run, waiting = queries.newest_runs(room.round.id)
    is_waiting = waiting is not None and waiting.computed_at is None and not waiting.problem
    context: dict[str, Any] = {
        "room": room,
        "run": run,
        "waiting": is_waiting,
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
    body = "".join(sheets.csv_lines(header, lines))
    headers = {"Content-Disposition": f"attachment; filename=results-{room.round.key}.csv"}
    return Response(body, mimetype="text/csv", headers=headers)


def _ids_by_place(board: queries.Board) -> list[int]:
    """The tied files in the order of the places typed beside them. Refuses two on one place."""
    typed = {r.file.id: request.form.get(f"place-{r.file.public_id}", type=int) for r in board.rows if r.open}
    wanted = set(range(1, len(typed) + 1))
    if set(typed.values()) != wanted:
        raise Mistaken(_("Give each of the tied files its own place, from 1 to %(count)s.", count=len(typed)))
    return sorted(typed, key=lambda f: typed[f] or 0)


@bp.post("/rounds/<public_id>/tie/vote")
@web.requires("selection.vote", queries.room)
def vote(room: Room) -> ResponseReturnValue:
    run = actions.ranking.need_run(room)
    board = queries.board(run, room, asked_order(run))
    ranked = _ids_by_place(board)
    with transaction():
        actions.vote(web.current_person(), room, board.order, ranked)
    flash(_("Your vote is counted."))
    return hx.go(url_for("selection.results", public_id=room.round.public_id, order=board.order))


@bp.post("/rounds/<public_id>/tie/decide")
@web.requires("selection.propose", queries.room)
def decide_tie(room: Room) -> ResponseReturnValue:
    run = actions.ranking.need_run(room)
    board = queries.board(run, room, asked_order(run))
    picked = set(request.form.getlist("chosen"))
    chosen = [r.file.id for r in board.rows if r.open and r.file.public_id in picked]
    with transaction():
        actions.decide_tie(web.current_person(), room, board.order, chosen, request.form.get("reason", ""))
    flash(_("The tie is settled and recorded."))
    return hx.go(url_for("selection.results", public_id=room.round.public_id, order=board.order))
