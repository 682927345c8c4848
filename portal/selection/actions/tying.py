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
from portal.selection.models import TieBallot
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
    _write(room, band, by, "vote", ranked)
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
    _write(room, band, by, "chair", chosen, reason.strip())
    audit.record(by, "tie.decided", room.round, program_id=room.program_id, band=band, reason=audit.seal(reason))


def _write(room: Room, band: str, by: Any, kind: str, files: Sequence[int], reason: str = "") -> None:
    """Writes a ballot over an earlier one: a person's own vote, or whoever decided for the chair before."""
    earlier = delete(TieBallot).where(
        TieBallot.round_id == room.round.id, TieBallot.band == band, TieBallot.kind == kind
    )
    db.session.execute(earlier if kind == "chair" else earlier.where(TieBallot.person_id == by.id))
    made = TieBallot(round_id=room.round.id, band=band, person_id=by.id, kind=kind, reason=reason, at=now())
    made.file_ids = list(files)
    db.session.add(made)
