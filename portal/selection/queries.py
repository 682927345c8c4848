"""The board of a round as one person may see it; decisions and the announcement of a cycle."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.outbox import Message
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle, Round
from portal.review import queries as review
from portal.review.queries.files import STANDS
from portal.selection.line import Ballots, Line, figures, find_line
from portal.selection.models import Announcement, Decision, RankingRun, TieBallot
from portal.selection.rules import LETTER_TEMPLATE, Room
from portal.selection.ties import find_tie


def room(person: Person, public_id: str) -> Room | None:
    """A round's results as this person may enter them; None for who has nothing to do with the program."""
    query = select(Round).where(Round.public_id == public_id).options(joinedload(Round.cycle).joinedload(Cycle.program))
    found = db.session.scalar(query)
    return room_of(person, found) if found is not None else None


def room_of(person: Person, round_: Round) -> Room | None:
    """The same, for a round at hand."""
    standing = review.standing(person, round_)  # chairs and reviewers hold their role for one panel only
    if not person.holds(("organizer", "chair", "reviewer", "auditor"), standing):
        return None
    return Room(
        program=round_.program,
        cycle=round_.cycle,
        round=round_,
        standing=standing,
        find_proposers=lambda: proposers(round_.cycle_id),
    )


def proposers(cycle_id: int) -> frozenset[int]:
    """Who proposed the decisions that wait for a second person."""
    query = (
        select(Decision.proposed_by_id).where(Decision.cycle_id == cycle_id, Decision.state == "proposed").distinct()
    )
    return frozenset(db.session.scalars(query))


def latest_run(round_id: int, *, computed: bool = True) -> RankingRun | None:
    """The newest ranking of a round (with `computed`, the newest that is finished)."""
    query = select(RankingRun).where(RankingRun.round_id == round_id)
    if computed:
        query = query.where(RankingRun.computed_at.is_not(None))
    return db.session.scalar(query.order_by(RankingRun.id.desc()).limit(1))


def newest_runs(round_id: int) -> tuple[RankingRun | None, RankingRun | None]:
    """(the newest finished ranking, the newest one of any kind), in one query."""
    query = select(RankingRun).where(RankingRun.round_id == round_id).order_by(RankingRun.id.desc()).limit(5)
    runs = list(db.session.scalars(query))
    return next((r for r in runs if r.computed_at), None), runs[0] if runs else None


def files_in_running(cycle_id: int) -> list[int]:
    """The ids of the files that are judged in this cycle."""
    return list(db.session.scalars(select(NomineeFile.id).where(NomineeFile.cycle_id == cycle_id, *STANDS)))


def ballots(round_id: int) -> dict[str, Ballots]:
    """The votes and the chair's decision on each tied band of a round."""
    query = select(TieBallot, Person.name).join(Person, Person.id == TieBallot.person_id)
    votes: dict[str, dict[int, list[int]]] = defaultdict(dict)
    chairs: dict[str, tuple[TieBallot, str]] = {}
    for ballot, name in db.session.execute(query.where(TieBallot.round_id == round_id).order_by(TieBallot.id)):
        if ballot.kind == "chair":
            chairs[ballot.band] = (ballot, name)
        else:
            votes[ballot.band][ballot.person_id] = ballot.file_ids
    made = {}
    for band in {*votes, *chairs}:
        chair, name = chairs.get(band, (None, ""))
        chosen, reason = (chair.file_ids, chair.reason) if chair else ((), "")
        made[band] = Ballots(votes.get(band, {}), chosen, name, reason)
    return made


def line_of(run: RankingRun, order: str) -> Line:
    """Where the line falls in this ranking."""
    if find_tie(figures(run.result or {}, order), run.places) is None:
        return find_line(run.result or {}, order, {}, {})
    found = ballots(run.round_id)
    voters = {v for b in found.values() for v in b.votes}
    people = list(db.session.scalars(select(Person).where(Person.id.in_(voters)))) if voters else []
    conflicted = {p.id: review.conflicted_files(p, run.cycle_id) for p in people}
    return find_line(run.result or {}, order, found, conflicted)


@dataclass(frozen=True)
class Row:
    """One file on the board. `figures` are the plain values of the snapshot."""

    file: NomineeFile
    figures: dict[str, Any]
    decision: Decision | None
    above: bool
    open: bool


@dataclass(frozen=True)
class Board:
    """The results of a round for one person. `line` is None for who has a conflict: places would tell."""

    run: RankingRun
    order: str
    rows: list[Row]
    line: Line | None
    hidden: int
    people: dict[int, str]

    @property
    def result(self) -> dict[str, Any]:
        return self.run.result or {}


def board(run: RankingRun, room: Room, order: str) -> Board:
    """The rows in order, without the files this person has a conflict with: one query, whatever the number of files."""
    result = run.result or {}
    line = line_of(run, order)
    query = (
        select(NomineeFile, Decision)
        .outerjoin(Decision, (Decision.file_id == NomineeFile.id) & (Decision.state != "withdrawn"))
        .where(NomineeFile.id.in_(line.ordered))
    )
    found = {file.id: (file, decision) for file, decision in db.session.execute(query)}
    values = {int(f["file"]): f for f in result["files"]}
    closed = room.standing.conflicted
    rows = [
        Row(found[i][0], values[i], found[i][1], i in line.above, i in line.open_files)
        for i in line.ordered
        if i in found and i not in closed
    ]
    hidden = len(closed & set(line.ordered))
    people = {int(i): name for i, name in result["people"].items()}
    return Board(run, order, rows, None if hidden else line, hidden, people)


def decisions(cycle_id: int, *states: str) -> list[Decision]:
    """The living decisions of a cycle (all but withdrawn, or these states) with files and people, by name."""
    wanted = states or ("proposed", "confirmed", "announced")
    query = (
        select(Decision)
        .join(NomineeFile, NomineeFile.id == Decision.file_id)
        .where(Decision.cycle_id == cycle_id, Decision.state.in_(wanted))
        .options(joinedload(Decision.file).joinedload(NomineeFile.school), joinedload(Decision.proposed_by))
        .order_by(NomineeFile.name_key, NomineeFile.id)
    )
    return list(db.session.scalars(query))


def counts(cycle_id: int) -> dict[tuple[str, str], int]:
    """How many decisions there are by (state, outcome)."""
    query = select(Decision.state, Decision.outcome, func.count(Decision.id)).where(Decision.cycle_id == cycle_id)
    return {(s, o): n for s, o, n in db.session.execute(query.group_by(Decision.state, Decision.outcome))}


def undecided(cycle_id: int) -> int:
    """How many files in the running have no living decision."""
    decided = select(Decision.file_id).where(Decision.cycle_id == cycle_id, Decision.state != "withdrawn")
    query = select(func.count(NomineeFile.id)).where(
        NomineeFile.cycle_id == cycle_id, *STANDS, NomineeFile.id.not_in(decided)
    )
    return db.session.scalar(query) or 0


def announcement(cycle_id: int) -> Announcement | None:
    """The announcement of a cycle with its texts, or None before anybody opened its page."""
    query = select(Announcement).where(Announcement.cycle_id == cycle_id).options(selectinload(Announcement.texts))
    return db.session.scalar(query)


def held_letters(program_id: int) -> int:
    """How many letters of an announcement wait to be released."""
    query = select(func.count(Message.id)).where(
        Message.template == LETTER_TEMPLATE, Message.program_id == program_id, Message.state == "held"
    )
    return db.session.scalar(query) or 0


def public_winners(program_id: int) -> list[tuple[Cycle, list[Decision]]]:
    """Announced winners by cycle, newest first, each by name. Only announced cycles are looked at."""
    query = (
        select(Decision)
        .join(Cycle, Cycle.id == Decision.cycle_id)
        .join(NomineeFile, NomineeFile.id == Decision.file_id)
        .where(
            Decision.program_id == program_id,
            Decision.state == "announced",
            Decision.outcome.in_(("winner", "honorable_mention")),
            Cycle.announced_at.is_not(None),
            NomineeFile.public_name_ok,
            NomineeFile.consent == "accepted",
            NomineeFile.withdrawn_at.is_(None),
        )
        .options(
            joinedload(Decision.cycle),
            joinedload(Decision.file).joinedload(NomineeFile.school),
            joinedload(Decision.file).joinedload(NomineeFile.district),
        )
        .order_by(Cycle.opening_day.desc(), NomineeFile.name_key, NomineeFile.id)
    )
    years: dict[int, tuple[Cycle, list[Decision]]] = {}
    for decision in db.session.scalars(query):
        years.setdefault(decision.cycle_id, (decision.cycle, []))[1].append(decision)
    return list(years.values())
