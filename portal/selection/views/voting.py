"""A tie at the line: the panel's vote opened and closed, the ballot page of each who may vote, the chair's decision."""

import hashlib

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.core import hx, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.forms import PlainForm
from portal.core.i18n import ngettext
from portal.nominations.models import NomineeFile
from portal.selection import actions, queries
from portal.selection.models import TieVote
from portal.selection.queries import voting
from portal.selection.rules import Booth, Room
from portal.selection.views.blueprint import asked_order, bp


def _go(room: Room, order: str) -> ResponseReturnValue:
    return hx.go(url_for("selection.results", public_id=room.round.public_id, order=order) + "#decide")


@bp.post("/rounds/<public_id>/tie/open")
@web.requires("selection.run_vote", queries.room)
def open_vote(room: Room) -> ResponseReturnValue:
    order = asked_order(actions.ranking.need_run(room))
    with transaction():
        vote = actions.open_vote(web.current_person(), room, order)
    if vote.state == "open":
        flash(
            ngettext(
                "The vote is open. One reader may vote, and is told by mail and on their desk.",
                "The vote is open. %(num)s readers may vote, and are told by mail and on their desks.",
                len(voting.ballots(vote)),
            )
        )
    else:
        flash(_("Nobody on the panel is free to vote on these files. The chair decides."))
    return _go(room, order)


@bp.post("/rounds/<public_id>/tie/close")
@web.requires("selection.run_vote", queries.room)
def close_vote(room: Room) -> ResponseReturnValue:
    run = actions.ranking.need_run(room)
    order = asked_order(run)
    vote = voting.vote_on(room.round.id, queries.line_of(run, order).band)
    if vote is None:
        raise Mistaken(_("There is no vote on these files."))
    with transaction():
        actions.close_vote(web.current_person(), room, vote)
    flash(_("The vote is closed and counted."))
    return _go(room, order)


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
    return _go(room, board.order)


def find_booth(person: Person, public_id: str) -> Booth | None:
    """The person's own place in a vote."""
    return queries.booth(person, public_id)


@bp.get("/votes/<public_id>")
@web.requires("selection.see_ballot", find_booth)
def ballot(booth: Booth) -> ResponseReturnValue:
    return _page(booth, booth.ballot.file_ids)


def _page(booth: Booth, ranked: list[int], mistake: str = "") -> ResponseReturnValue:
    files = in_own_order(booth.vote, web.current_person(), voting.tied_files(booth.vote))
    return hx.page(
        "selection/ballot.html",
        status=422 if mistake else 200,
        booth=booth,
        files=files,
        places={file_id: place for place, file_id in enumerate(ranked, 1)},
        typed=request.form,
        mistake=mistake,
        form=PlainForm(),
    )


def in_own_order(vote: TieVote, person: Person, files: list[NomineeFile]) -> list[NomineeFile]:
    """The files in an order that is this person's own, so that no file stands first on every ballot."""

    def at(file: NomineeFile) -> str:
        told = f"{vote.public_id} {person.public_id} {file.public_id}"
        return hashlib.sha256(told.encode()).hexdigest()

    return sorted(files, key=at)


@bp.post("/votes/<public_id>")
@web.requires("selection.vote", find_booth)
def cast_ballot(booth: Booth) -> ResponseReturnValue:
    files = voting.tied_files(booth.vote)
    typed = {f.id: request.form.get(f"place-{f.public_id}", type=int) for f in files}
    given = {file_id: place for file_id, place in typed.items() if place}
    try:
        if len(set(given.values())) != len(given):
            raise Mistaken(_("Two files have the same place. Give each its own."))
        with transaction():
            closed = actions.cast_ballot(web.current_person(), booth, sorted(given, key=lambda f: given[f]))
    except Mistaken as mistake:
        return _page(booth, [], str(mistake.reason))
    flash(
        _("Your ballot is in. Thank you.")
        if closed
        else _("Your ballot is in. You may change it until the vote closes.")
    )
    return hx.go(url_for("selection.ballot", public_id=booth.vote.public_id))
