"""What judging, the Collective and convenings ask of one person: a query for each role, however many files."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.collective.models import Invitation, Member
from portal.convenings.models import Call, Convening, Placement, Presenter, Proposal, Session
from portal.convenings.queries.proposals import ASKED, CONVENING
from portal.core.access import may
from portal.core.clock import now
from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.nominations.queries import notes
from portal.programs.models import Cycle, Round
from portal.review import queries as review
from portal.review.models import Assignment, AssignmentPlan, Conflict, Panel, Seat
from portal.review.queries.files import STANDS
from portal.selection.models import Correction, Decision, RankingRun, TieBallot, TieVote
from portal.selection.queries import voting
from portal.selection.queries.decided import PROPOSED


@dataclass(frozen=True)
class RoundRow:
    """A round (and one of its panels, if there is one) with everything that could need who leads it."""

    round: Round
    panel: Panel | None
    invited: int = 0  # asked to join, no answer
    readers: int = 0  # joined, and reading
    planned: int = 0  # plans waiting for release
    blocked: int = 0  # plans that can't be made
    asked: int = 0  # plans being worked out
    open: int = 0  # reviews still to come in
    scored: int = 0  # 1 when any review is in
    reinstate: int = 0  # recusals to be taken back that wait for a second person who is not this one
    ranked: int = 0  # finished rankings
    to_read: int = 0  # files in the running
    owed: int = 0  # reviews that this very person still owes the round
    conflicts: int = 0  # files of the cycle with which this person has a conflict
    proposed: int = 0  # decisions waiting for a second person
    own: int = 0  # of those, proposed by this very person
    confirmed: int = 0
    without_reader: int = 0  # files out of a released plan, or come since, with fewer readers than the round asks for
    voting: int = 0  # votes on a tie that are open
    corrections: int = 0  # corrections that wait for a second person who is not this one
    past: bool = False  # a later round has a panel already


def _count(*conditions: Any, of: Any) -> Any:
    return select(func.count(of.id)).where(*conditions).correlate(Panel, Round).scalar_subquery()


def _any(*conditions: Any, of: Any) -> Any:
    there = select(of.id).where(*conditions).correlate(Panel, Round).exists()
    return case((there, 1), else_=0)


def rounds(person: Any, cycle: Cycle) -> list[RoundRow]:
    """The rounds of a cycle in order, each with its panels: one query."""
    names, columns = zip(*_numbers(person, cycle.id).items(), strict=True)
    query = (
        select(Round, Panel, *columns)
        .outerjoin(Panel, Panel.round_id == Round.id)
        .where(Round.cycle_id == cycle.id)
        .order_by(Round.position, Panel.id)
    )
    rows = []
    for found, panel, *numbers in db.session.execute(query):
        values: dict[str, Any] = {name: int(n or 0) for name, n in zip(names, numbers, strict=True)}
        rows.append(RoundRow(found, panel, **values))
    begun = max((row.round.position for row in rows if row.panel is not None), default=0)
    return [replace(row, past=row.round.position < begun) for row in rows]


def _numbers(person: Any, cycle_id: int) -> dict[str, ColumnElement[int]]:
    """Each number of a RoundRow as a subquery on its panel or round."""
    # PostgreSQL would look through all files for a round that has no panel yet.
    reads = and_(Panel.id.is_not(None), Assignment.panel_id == Panel.id, ~Assignment.conflicted)
    running = select(NomineeFile.id).where(NomineeFile.id == Assignment.file_id, *STANDS).exists()
    plan = AssignmentPlan.panel_id == Panel.id
    seat = Seat.panel_id == Panel.id
    again = [
        Assignment.panel_id == Panel.id,
        Assignment.state == "recused",
        Assignment.reinstate_asked_by_id.is_not(None),
        Assignment.reinstate_asked_by_id != person.id,
        Assignment.person_id != person.id,
    ]
    mine = [Assignment.round_id == Round.id, Assignment.person_id == person.id, Assignment.state == "released"]
    waits = [Decision.cycle_id == cycle_id, PROPOSED]
    return {
        "invited": _count(seat, Seat.state == "invited", of=Seat),
        "readers": _count(seat, Seat.state == "accepted", Seat.reads, of=Seat),
        "planned": _count(plan, AssignmentPlan.state == "proposed", of=AssignmentPlan),
        "blocked": _count(plan, AssignmentPlan.state == "blocked", of=AssignmentPlan),
        "asked": _count(plan, AssignmentPlan.state == "asked", of=AssignmentPlan),
        "open": _count(reads, running, Assignment.state == "released", of=Assignment),
        "scored": _any(reads, running, Assignment.state == "scored", of=Assignment),
        "reinstate": _count(*again, of=Assignment),
        "ranked": _count(RankingRun.round_id == Round.id, RankingRun.computed_at.is_not(None), of=RankingRun),
        "to_read": _count(NomineeFile.cycle_id == cycle_id, *STANDS, of=NomineeFile),
        "owed": _count(*mine, running, ~Assignment.conflicted, of=Assignment),
        "conflicts": _conflicts(person, cycle_id),
        "proposed": _count(*waits, of=Decision),
        "own": _count(*waits, Decision.proposed_by_id == person.id, of=Decision),
        "confirmed": _count(Decision.cycle_id == cycle_id, Decision.state == "confirmed", of=Decision),
        "without_reader": _without_reader(cycle_id),
        "voting": _count(TieVote.round_id == Round.id, TieVote.state == "open", of=TieVote),
        "corrections": _count(
            Correction.cycle_id == cycle_id,
            Correction.state == "proposed",
            Correction.proposed_by_id != person.id,
            of=Correction,
        ),
    }


def _without_reader(cycle_id: int) -> Any:
    """How many files in the running have fewer readers in the panel than their round asks for."""
    given = aliased(Assignment)
    have = select(func.count(given.id)).where(
        given.file_id == NomineeFile.id, given.panel_id == Panel.id, given.state.in_(("released", "scored"))
    )
    living = [Conflict.file_id == NomineeFile.id, Conflict.lifted_at.is_(None)]
    unmet = have.where(~exists().where(Conflict.person_id == given.person_id, *living))
    few, fewer = (query.correlate(NomineeFile, Panel).scalar_subquery() < Round.readers for query in (have, unmet))
    # Who has a conflict is looked for only at the few files with which anybody has one.
    short = or_(few, and_(exists().where(*living), fewer))
    return _count(NomineeFile.cycle_id == cycle_id, *STANDS, Panel.state == "scoring", short, of=NomineeFile)


def _conflicts(person: Any, cycle_id: int) -> Any:
    """1 when the person has a conflict with a file of the cycle."""
    either = or_(*(exists(files) for files in review.conflicts_in(person, cycle_id)))
    return select(func.count(Cycle.id)).where(Cycle.id == cycle_id, either).scalar_subquery()


@dataclass(frozen=True)
class SeatRow:
    """One's own seat on a panel: whether the list of nominees was looked through, files to read, begun, handed in."""

    seat: Seat
    panel: Panel
    open: int
    begun: int
    scored: int
    vote: str | None = None  # a vote on a tie that waits for this person: its public id


def seats(person: Any) -> list[SeatRow]:
    """The panels this person sits on where something is left to do or was done, soonest due first: one query."""
    running = select(NomineeFile.id).where(NomineeFile.id == Assignment.file_id, *STANDS).exists()
    mine = [Assignment.panel_id == Panel.id, Assignment.person_id == person.id, ~Assignment.conflicted, running]

    def count(*conditions: Any) -> Any:
        return select(func.count(Assignment.id)).where(*mine, *conditions).correlate(Panel).scalar_subquery()

    released = Assignment.state == "released"
    vote = (
        select(TieVote.public_id)
        .join(TieBallot, TieBallot.vote_id == TieVote.id)
        .where(TieVote.round_id == Panel.round_id, TieVote.state == "open")
        .where(TieBallot.person_id == person.id, TieBallot.cast_at.is_(None))
        .order_by(TieVote.id)
        .limit(1)
        .correlate(Panel)
        .scalar_subquery()
    )
    query = (
        select(
            Seat,
            Panel,
            count(released),
            count(released, Assignment.opened_at.is_not(None)),
            count(Assignment.state == "scored"),
            vote,
        )
        .join(Panel, Panel.id == Seat.panel_id)
        .where(Seat.person_id == person.id, Seat.state == "accepted", or_(Panel.state != "closed", vote.is_not(None)))
        .options(joinedload(Panel.round))
        .order_by(Panel.due_at, Panel.id)
    )
    rows = [SeatRow(*row) for row in db.session.execute(query)]
    return [row if may_vote(person, row) else replace(row, vote=None) for row in rows]


def may_vote(person: Any, row: SeatRow) -> bool:
    """Whether the vote that waits is still this person's: asked anew, for who stepped back since. Rare: two queries."""
    booth = voting.booth(person, row.vote) if row.vote else None
    return booth is not None and bool(may(person, "selection.vote", booth))


def staff_numbers(cycle: Cycle, person: Any) -> dict[str, Any]:
    """What the Collective, convenings and colleagues' notes ask of an organizer, as labeled subqueries to put beside
    other counts.
    """
    program_id = cycle.program_id
    no_place = ~exists().where(Placement.session_id == Session.id)
    return {
        "notes": notes.how_many_wait(cycle, person),
        "without_address": select(func.count(Invitation.id)).where(
            Invitation.program_id == program_id, Invitation.state == "sent", Invitation.sent_at.is_(None)
        ),
        "undecided": select(func.count(Proposal.id)).where(
            Proposal.program_id == program_id, Proposal.state.in_(("submitted", "in review"))
        ),
        "unplaced": select(func.count(Session.id))
        .join(Convening, Convening.id == Session.convening_id)
        .where(
            Session.program_id == program_id,
            Session.canceled_at.is_(None),
            Convening.agenda_released_at.is_(None),
            no_place,
        ),
    }


def own_proposals(person: Any) -> list[tuple[Proposal, Presenter | None]]:
    """Proposals that wait for this person: drafts, what was returned, and sessions to confirm or answer: one query.

    The presenter is this person's own place on the proposal, where their word is missing.
    """
    waiting = or_(
        and_(Proposal.state == "accepted", Presenter.confirmed_at.is_(None)),
        and_(Presenter.state == "invited", Proposal.state.in_(("submitted", "in review", "standby", "returned"))),
    )
    mine = and_(
        Presenter.proposal_id == Proposal.id,
        Presenter.person_id == person.id,
        ASKED,
        waiting,
    )
    unfinished = and_(Proposal.person_id == person.id, Proposal.state.in_(("draft", "returned")))
    query = (
        select(Proposal, Presenter)
        .outerjoin(Presenter, mine)
        .where(or_(unfinished, Presenter.id.is_not(None)))
        .options(*CONVENING)
        .order_by(Proposal.id)
    )
    return [(proposal, presenter) for proposal, presenter in db.session.execute(query)]


def memberships(person: Any) -> list[tuple[Member, Convening | None]]:
    """The person's places in Collectives, each with the convening whose call is open and to which they have not
    proposed anything yet: one query."""
    wrote = exists().where(Proposal.convening_id == Convening.id, Proposal.person_id == person.id)
    moment = now()
    open_call = select(Call.convening_id).where(Call.opens_at <= moment, Call.closes_at > moment)
    calling = and_(
        Convening.program_id == Member.program_id,
        Convening.published_at.is_not(None),
        Convening.id.in_(open_call),
        ~wrote,
    )
    query = (
        select(Member, Convening)
        .outerjoin(Convening, calling)
        .where(Member.person_id == person.id, Member.state == "active")
        .options(joinedload(Convening.call), joinedload(Member.program))
        .order_by(Member.id, Convening.id)
    )
    return [(member, convening) for member, convening in db.session.execute(query)]


def due_soon(due: datetime | None, days: int = 3) -> bool:
    """Whether a due date is past or near."""
    return due is not None and (due - now()).total_seconds() < days * 86400
