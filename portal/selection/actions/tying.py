"""Settling a tie at the line: the panel's ranked vote, then the chair's recorded decision."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.selection import queries
from portal.selection.actions.ranking import need_run
from portal.selection.line import Line, band_of
from portal.selection.models import TieDecision, TieVote
from portal.selection.rules import Room


def _open_tie(room: Room, order: str) -> Line:
    line = queries.line_of(need_run(room), order)
    if line.tie is None or line.tie.settled:
        raise Mistaken(_("Nothing is tied at the line any more."))
    return line


def vote(by: Any, room: Room, order: str, ranked: Sequence[int]) -> None:
    """One panelist's order of the tied files, best first; voting again replaces it until the tie is settled."""
    demand(by, "selection.vote", room)
    line = _open_tie(room, order)
    if sorted(ranked) != sorted(line.open_files):
        raise Mistaken(_("Give each of the tied files its own place."))
    assert line.tie is not None
    band = band_of(line.tie.tie)
    db.session.execute(
        delete(TieVote).where(TieVote.round_id == room.round.id, TieVote.band == band, TieVote.person_id == by.id)
    )
    db.session.add(TieVote(round_id=room.round.id, band=band, person_id=by.id, file_ids=list(ranked), voted_at=now()))
    audit.record(by, "tie.voted", room.round, program_id=room.program_id, band=band)


def decide_tie(by: Any, room: Room, order: str, chosen: Sequence[int], reason: str) -> None:
    """The chair's choice among what every other step left tied, with its reason."""
    demand(by, "selection.propose", room)
    line = _open_tie(room, order)
    assert line.tie is not None
    if not set(chosen) <= set(line.open_files) or len(set(chosen)) != line.tie.places_left:
        raise Mistaken(_("Choose exactly %(count)s of the tied files.", count=line.tie.places_left))
    if not reason.strip():
        raise Mistaken(_("Write the reason for this choice."))
    band = band_of(line.tie.tie)
    db.session.execute(delete(TieDecision).where(TieDecision.round_id == room.round.id, TieDecision.band == band))
    db.session.add(
        TieDecision(
            round_id=room.round.id,
            band=band,
            file_ids=list(chosen),
            reason=reason.strip(),
            decided_by_id=by.id,
            decided_at=now(),
        )
    )
    audit.record(by, "tie.decided", room.round, program_id=room.program_id, band=band, reason=audit.seal(reason))
