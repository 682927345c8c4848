"""The decisions of a cycle: proposed at the line or by hand, confirmed by a second person."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core import hx, web
from portal.core.db import db, transaction
from portal.core.errors import NotThere
from portal.core.forms import PlainForm
from portal.core.i18n import ngettext
from portal.nominations.models import NomineeFile
from portal.review.queries.files import STANDS
from portal.selection import actions, queries
from portal.selection.forms import DecisionForm
from portal.selection.models import Decision
from portal.selection.rules import OUTCOME_NAMES, Room
from portal.selection.views.blueprint import asked_order, bp


def _go(room: Room) -> ResponseReturnValue:
    return hx.go(url_for("selection.decisions", public_id=room.round.public_id))


@bp.get("/rounds/<public_id>/decisions")
@web.requires("selection.see_board", queries.room)
def decisions(room: Room) -> ResponseReturnValue:
    closed = room.standing.conflicted
    found = [d for d in queries.decisions(room.cycle_id) if d.file_id not in closed]
    if closed and room.cycle.announced_at is None:
        found = []  # what becomes of all the others tells what becomes of the one
    by_outcome = [(o, name, [d for d in found if d.outcome == o]) for o, name in OUTCOME_NAMES.items()]
    return hx.page(
        "selection/decisions.html",
        room=room,
        by_outcome=by_outcome,
        counts={} if closed else queries.counts(room.cycle_id),
        undecided=0 if closed else queries.undecided(room.cycle_id),
        hidden=len(closed),
        corrections=queries.open_corrections(room.cycle_id) if room.cycle.announced_at else {},
        outcomes=OUTCOME_NAMES,
        run=queries.latest_run(room.round.id),
        form=PlainForm(),
    )


@bp.post("/rounds/<public_id>/decisions/line")
@web.requires("selection.propose", queries.room)
def propose_at_line(room: Room) -> ResponseReturnValue:
    run = actions.ranking.need_run(room)
    order = asked_order(run)
    with transaction():
        winners = actions.propose_at_line(web.current_person(), room, order, request.form.get("run", ""))
    flash(
        ngettext(
            "One winner is proposed. A second person confirms.",
            "%(num)s winners are proposed. A second person confirms.",
            winners,
        )
    )
    return _go(room)


def find_room(person: Person, public_id: str, file_id: str) -> Room | None:
    """The room (permissions are asked of it), when this file is in the running in it and not a conflict of theirs."""
    room = queries.room(person, public_id)
    file = _file_of(room, file_id) if room is not None else None
    return None if room is None or file is None or file.id in room.standing.conflicted else room


def _file_of(room: Room, file_id: str) -> NomineeFile | None:
    query = select(NomineeFile).where(NomineeFile.public_id == file_id, NomineeFile.cycle_id == room.cycle_id, *STANDS)
    return db.session.scalar(query)


def _asked_file(room: Room) -> NomineeFile:
    """The file in the address, which `find_room` found."""
    file = _file_of(room, (request.view_args or {})["file_id"])
    if file is None:
        raise NotThere()
    return file


def _decision_of(file: NomineeFile) -> Decision | None:
    return db.session.scalar(select(Decision).where(Decision.file_id == file.id, Decision.cycle_id == file.cycle_id))


@bp.get("/rounds/<public_id>/decisions/<file_id>")
@web.requires("selection.propose", find_room)
def decide(room: Room) -> ResponseReturnValue:
    file = _asked_file(room)
    decision = _decision_of(file)
    chosen = decision if decision and decision.state != "withdrawn" else None
    form = DecisionForm(data={"outcome": chosen.outcome, "reason": chosen.reason} if chosen else None)
    return hx.page("selection/decide.html", room=room, file=file, decision=chosen, form=form)


@bp.post("/rounds/<public_id>/decisions/<file_id>")
@web.requires("selection.propose", find_room)
def decide_by_hand(room: Room) -> ResponseReturnValue:
    file = _asked_file(room)
    form = DecisionForm()
    if not form.validate():
        return hx.page("selection/decide.html", status=422, room=room, file=file, decision=None, form=form)
    with transaction():
        actions.decide_by_hand(web.current_person(), room, file, form.outcome.data, form.reason.data or "")
    flash(_("Proposed for %(name)s: %(outcome)s.", name=file.name, outcome=OUTCOME_NAMES[form.outcome.data]))
    return _go(room)


@bp.post("/rounds/<public_id>/decisions/<file_id>/withdraw")
@web.requires("selection.propose", find_room)
def withdraw(room: Room) -> ResponseReturnValue:
    decision = _decision_of(_asked_file(room))
    if decision is not None:
        with transaction():
            actions.withdraw(web.current_person(), room, decision)
        flash(_("The proposal is taken back."))
    return _go(room)


@bp.post("/rounds/<public_id>/decisions/confirm")
@web.requires("selection.confirm", queries.room)
def confirm(room: Room) -> ResponseReturnValue:
    with transaction():
        count = actions.confirm(web.current_person(), room)
    flash(
        ngettext("One decision is confirmed.", "%(num)s decisions are confirmed.", count)
        + " "
        + _("Nobody is told before the announcement.")
    )
    return _go(room)


@bp.post("/rounds/<public_id>/decisions/reopen")
@web.requires("selection.reopen", queries.room)
def reopen(room: Room) -> ResponseReturnValue:
    with transaction():
        actions.reopen(web.current_person(), room)
    flash(_("The confirmation is taken back. Every decision is a proposal again."))
    return _go(room)
