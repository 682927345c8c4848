"""Votes on ties: who may rank, who has, what was counted; and one person's place in a vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, joinedload

from portal.accounts.models import Person
from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle
from portal.review import queries as review
from portal.review.models import Panel, Seat
from portal.selection.line import Poll
from portal.selection.models import TieBallot, TieVote
from portal.selection.rules import Booth


def vote_on(round_id: int, band: str) -> TieVote | None:
    """The vote on this tie, if one was ever opened."""
    return db.session.scalar(select(TieVote).where(TieVote.round_id == round_id, TieVote.band == band))


@dataclass(frozen=True)
class Voter:
    """Somebody who reads on the round's panel, as a vote on these files sees them."""

    person: Person
    conflicted: bool
    owes: bool


def voters(round_id: int, file_ids: list[int]) -> list[Voter]:
    """Everybody with a reader's seat on the panel of the round, by name: one query."""
    seats = (
        select(Seat.person_id)
        .join(Panel, Panel.id == Seat.panel_id)
        .where(Panel.round_id == round_id, Seat.state == "accepted", Seat.reads)
    )
    query = (
        select(Person, review.is_conflicted(Person, file_ids), review.owes(Person, round_id))
        .where(Person.id.in_(seats))
        .order_by(Person.name, Person.id)
    )
    return [Voter(person, bool(conflicted), bool(owed)) for person, conflicted, owed in db.session.execute(query)]


def _sits(round_id: Any) -> ColumnElement[bool]:
    """Whether the person still has a reader's seat on the panel."""
    return (
        select(Seat.id)
        .join(Panel, Panel.id == Seat.panel_id)
        .where(Panel.round_id == round_id, Seat.person_id == Person.id, Seat.state == "accepted", Seat.reads)
        .correlate(Person)
        .exists()
    )


@dataclass(frozen=True)
class Held:
    """A ballot with its holder; `counts`: they still sit on the panel and have no conflict with a tied file."""

    ballot: TieBallot
    person: Person
    counts: bool


@dataclass(frozen=True)
class Asked:
    """The vote on a tie as the board shows it: nothing yet, open with its ballots by name, or counted."""

    vote: TieVote | None = None
    held: tuple[Held, ...] = ()
    chair: str = ""  # who decided for the chair

    @property
    def poll(self) -> Poll | None:
        """What it adds to the line: the count, and the chair's choice."""
        vote = self.vote
        if vote is None or vote.state not in ("closed", "decided"):
            return None
        points = {int(file): float(n) for file, n in vote.points.items()}
        return Poll(points, vote.counted, vote.chosen_ids, self.chair, vote.reason)


def asked(round_id: int, band: str, file_ids: Sequence[int]) -> Asked:
    """The vote on exactly these tied files, with its ballots: one query. One that was canceled is none."""
    chair = aliased(Person)
    query = (
        select(TieVote, chair.name, TieBallot, Person, _sits(round_id), review.is_conflicted(Person, file_ids))
        .outerjoin(TieBallot, TieBallot.vote_id == TieVote.id)
        .outerjoin(Person, Person.id == TieBallot.person_id)
        .outerjoin(chair, chair.id == TieVote.decided_by_id)
        .where(TieVote.round_id == round_id, TieVote.band == band, TieVote.state != "canceled")
        .order_by(Person.name, Person.id)
    )
    rows = list(db.session.execute(query))
    held = tuple(Held(b, p, bool(sits) and not conflicted) for _v, _c, b, p, sits, conflicted in rows if b is not None)
    return Asked(rows[0][0], held, rows[0][1] or "") if rows else Asked()


def ballots(vote: TieVote) -> tuple[Held, ...]:
    """The ballots of a vote by name, cast or not: one query."""
    return asked(vote.round_id, vote.band, vote.file_ids).held


def booth(person: Person, public_id: str) -> Booth | None:
    """The person's own place in a vote; None for everybody who was given no ballot."""
    query = (
        select(TieVote, TieBallot)
        .join(TieBallot, TieBallot.vote_id == TieVote.id)
        .where(TieVote.public_id == public_id, TieVote.state != "canceled", TieBallot.person_id == person.id)
        .options(joinedload(TieVote.cycle).joinedload(Cycle.program), joinedload(TieVote.round))
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        return None
    vote, ballot = found
    facts = select(
        _sits(vote.round_id), review.is_conflicted(Person, vote.file_ids), review.owes(Person, vote.round_id)
    ).where(Person.id == person.id)
    sits, conflicted, owed = db.session.execute(facts).one()
    return Booth(vote, ballot, vote.cycle, bool(sits), bool(conflicted), bool(owed))


def tied_files(vote: TieVote) -> list[NomineeFile]:
    """The tied files, by name."""
    query = select(NomineeFile).where(NomineeFile.id.in_(vote.file_ids)).options(joinedload(NomineeFile.school))
    return list(db.session.scalars(query.order_by(NomineeFile.name_key, NomineeFile.id)))
