"""Asking for the ranking of a round; the job that computes it is in `computing`."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import audit, jobs
from portal.core.access import demand
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.programs.models import Round
from portal.selection import queries
from portal.selection.models import RankingRun
from portal.selection.rules import Room


def ask_for_ranking(by: Any, room: Room) -> RankingRun:
    """Asks for a new ranking of the round; the job `selection.rank` computes it. Two asks at once share one run."""
    demand(by, "selection.rank", room)
    db.session.execute(select(Round.id).where(Round.id == room.round.id).with_for_update())
    waiting = queries.latest_run(room.round.id, computed=False)
    if waiting is not None and waiting.waits:
        _have_computed(waiting)  # its job may have failed for good; beside one that lives it changes nothing
        return waiting
    run = RankingRun(
        program_id=room.program_id,
        cycle_id=room.cycle_id,
        round_id=room.round.id,
        asked_by_id=by.id,
        places=room.cycle.places,
        seed=room.round.id,
    )
    db.session.add(run)
    db.session.flush()
    audit.record(by, "ranking.asked", run, places=run.places)
    _have_computed(run)
    return run


def _have_computed(run: RankingRun) -> None:
    jobs.later("selection.rank", run.id, key=f"selection.rank:{run.id}")


def need_run(room: Room) -> RankingRun:
    """The newest computed ranking, or a refusal that says what to do first."""
    run = queries.latest_run(room.round.id)
    if run is None:
        raise Mistaken(_("Compute the ranking first."))
    return run
