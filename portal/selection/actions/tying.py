"""Settling a tie at the line: the panel's ranked vote, opened and counted, then the chair's recorded decision."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select

from portal.core import audit, jobs, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken, Overtaken
from portal.core.moves import move
from portal.nominations.models import NomineeFile
from portal.programs.models import Round
from portal.selection import mail, queries
from portal.selection.actions.ranking import need_run
from portal.selection.line import ORDERS, Line, find_line
from portal.selection.models import RankingRun, TieBallot, TieVote
from portal.selection.queries import voting
from portal.selection.rules import TIE, Booth, Room
from portal.selection.ties import borda

METHOD = "borda"


def _open_tie(room: Room, order: str) -> Line:
    line = queries.line_of(need_run(room), order)
    if line.tie is None or line.tie.settled:
        raise Mistaken(_("Nothing is tied at the line any more."))
    return line


def _lock(vote_id: int) -> TieVote:
    """The vote, locked and read afresh: ballots and the count come one after another."""
    query = select(TieVote).where(TieVote.id == vote_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def open_vote(by: Any, room: Room, order: str) -> TieVote:
    """Opens the panel's vote on the tie at the line, for every reader without a conflict who owes no review.

    They are told by mail, once. Opened twice, the second finds the first's. Where nobody may vote it is counted at
    once, with no ballot, and the chair decides.
    """
    db.session.execute(select(Round.id).where(Round.id == room.round.id).with_for_update())
    demand(by, "selection.run_vote", room)
    line = _open_tie(room, order)
    assert line.tie is not None
    found = voting.vote_on(room.round.id, line.band)
    if found is not None and found.state == "open":
        return found
    if found is not None and found.state != "canceled":
        raise Mistaken(_("The panel has voted on this tie already. What is still tied, the chair decides."))
    vote = _begin(by, room, line) if found is None else _begin_again(by, found)
    seated = voting.voters(room.round.id, vote.file_ids)
    able = [v.person.id for v in seated if not v.conflicted and not v.owes]
    if able:
        db.session.execute(insert(TieBallot), [{"vote_id": vote.id, "person_id": p, "file_ids": []} for p in able])
    audit.record(by, "tie.opened", vote, files=len(vote.file_ids), voters=len(able), left_out=len(seated) - len(able))
    if able:
        jobs.later("selection.tell_voters", vote.id)
    else:
        _count(by, vote)
    return vote


def _begin(by: Any, room: Room, line: Line) -> TieVote:
    assert line.tie is not None
    vote = TieVote(
        program_id=room.program_id,
        cycle_id=room.cycle_id,
        round_id=room.round.id,
        band=line.band,
        file_ids=sorted(line.open_files),
        places=line.tie.places_left,
        opened_by_id=by.id,
        opened_at=now(),
    )
    db.session.add(vote)
    db.session.flush()
    return vote


def _begin_again(by: Any, vote: TieVote) -> TieVote:
    """A tie that a ranking had taken away is back: everybody votes anew."""
    move(TIE, "open_again", vote, by, changes={"opened_by_id": by.id, "opened_at": now()})
    db.session.execute(delete(TieBallot).where(TieBallot.vote_id == vote.id))
    return vote


def tell_voters(vote_id: int) -> None:
    """Writes to everybody with a ballot, once a vote; a second run writes to nobody."""
    vote = db.session.get(TieVote, vote_id)
    if vote is None or vote.state != "open":
        return
    for held in voting.ballots(vote):
        if held.counts and held.ballot.cast_at is None:
            outbox.put(mail.vote_opened(vote, held.person))


def cast_ballot(by: Any, booth: Booth, ranked: Sequence[int]) -> bool:
    """One panelist's order of the tied files, best first, some may be left out; whether the vote is counted with it.

    Voting again replaces the ballot until the vote is closed. The last of those who may vote closes it.
    """
    vote = _lock(booth.vote.id)
    demand(by, "selection.vote", booth)
    if not ranked or len(set(ranked)) != len(ranked) or not set(ranked) <= set(vote.file_ids):
        raise Mistaken(_("Give at least one file a place, and each its own."))
    booth.ballot.file_ids, booth.ballot.cast_at = list(ranked), now()
    db.session.flush()
    audit.record(by, "tie.voted", vote, ballot=audit.seal(" ".join(map(str, ranked))))
    held = voting.ballots(vote)
    if all(h.ballot.cast_at is not None for h in held if h.counts):
        _count(audit.SYSTEM, vote, held)
        return True
    return False


def close_vote(by: Any, room: Room, vote: TieVote) -> None:
    """Closes the vote with the ballots that are in; who has not voted by then has no say."""
    vote = _lock(vote.id)
    demand(by, "selection.run_vote", room)
    if vote.state != "open":
        raise Overtaken(_("The vote is closed already."))
    _count(by, vote)


def _count(by: Any, vote: TieVote, held: Sequence[voting.Held] | None = None) -> None:
    """Counts the ballots of those who still may vote, and puts the count into the record."""
    cast = [h for h in (voting.ballots(vote) if held is None else held) if h.ballot.cast_at is not None]
    counted = [h.ballot.file_ids for h in cast if h.counts]
    points = borda(vote.file_ids, counted)
    changes = {
        "closed_at": now(),
        "points": {str(file): value for file, value in points.items()},
        "counted": len(counted),
        "set_aside": len(cast) - len(counted),
    }
    query = select(NomineeFile.id, NomineeFile.public_id).where(NomineeFile.id.in_(vote.file_ids))
    told = sorted(f"{public_id} {points[file]:g}" for file, public_id in db.session.execute(query))
    move(TIE, "close", vote, by, changes=changes, method=METHOD, ballots=len(counted),
         set_aside=len(cast) - len(counted), points=told)  # fmt: skip


def decide_tie(by: Any, room: Room, order: str, chosen: Sequence[int], reason: str) -> None:
    """The chair's choice among what every other step left tied, with its reason; only after the panel's vote."""
    demand(by, "selection.propose", room)
    line = _open_tie(room, order)
    assert line.tie is not None
    vote = voting.vote_on(room.round.id, line.band)
    if vote is None or vote.state != "closed":
        raise Mistaken(_("The panel votes first. What its vote leaves tied, the chair decides."))
    if not set(chosen) <= set(line.open_files) or len(set(chosen)) != line.tie.places_left:
        raise Mistaken(_("Choose exactly %(count)s of the tied files.", count=line.tie.places_left))
    if not reason.strip():
        raise Mistaken(_("Write the reason for this choice."))
    changes = {
        "chosen_ids": sorted(set(chosen)),
        "reason": reason.strip(),
        "decided_by_id": by.id,
        "decided_at": now(),
    }
    move(TIE, "decide", vote, by, changes=changes, reason=audit.seal(reason.strip()))


def cancel_overtaken(run: RankingRun) -> None:
    """Ends the open votes of a round whose tie this newer ranking does not have, in either order."""
    bands = {find_line(run.result or {}, order, {}).band for order in ORDERS}
    query = select(TieVote).where(TieVote.round_id == run.round_id, TieVote.state == "open")
    for vote in db.session.scalars(query):
        if vote.band not in bands:
            move(TIE, "cancel", vote, audit.SYSTEM)
