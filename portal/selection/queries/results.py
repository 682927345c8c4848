"""The board of a round as one person may see it, and the ranking it is drawn from."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle, Program, Round
from portal.review import queries as review
from portal.review.queries.files import STANDS
from portal.selection.line import Line, find_line
from portal.selection.models import Decision, RankingRun
from portal.selection.queries import voting
from portal.selection.queries.decided import proposers
from portal.selection.rules import Room


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


def latest_run(round_id: int, *, computed: bool = True) -> RankingRun | None:
    """The newest ranking of a round (with `computed`, the newest that is finished)."""
    query = select(RankingRun).where(RankingRun.round_id == round_id)
    if computed:
        query = query.where(RankingRun.computed_at.is_not(None))
    return db.session.scalar(query.order_by(RankingRun.id.desc()).limit(1))


def newest_runs(round_id: int) -> tuple[RankingRun | None, RankingRun | None]:
    """(the newest finished ranking, the newest one of any kind), in one query."""
    of_round = select(func.max(RankingRun.id)).where(RankingRun.round_id == round_id)
    newest = RankingRun.id == of_round.scalar_subquery()
    finished = RankingRun.id == of_round.where(RankingRun.computed_at.is_not(None)).scalar_subquery()
    runs = list(db.session.scalars(select(RankingRun).where(newest | finished).order_by(RankingRun.id.desc())))
    return next((r for r in runs if r.computed_at), None), runs[0] if runs else None


def files_in_running(cycle_id: int) -> list[int]:
    """The ids of the files that are judged in this cycle."""
    return list(db.session.scalars(select(NomineeFile.id).where(NomineeFile.cycle_id == cycle_id, *STANDS)))


def line_of(run: RankingRun, order: str) -> Line:
    """Where the line falls in this ranking."""
    return _line_and_vote(run, order)[0]


def _line_and_vote(run: RankingRun, order: str) -> tuple[Line, voting.Asked]:
    """The line, and the vote on what the figures left tied. One query where they left something, else none."""
    result = run.result or {}
    line = find_line(result, order, {})
    if not line.band:
        return line, voting.Asked()
    asked = voting.asked(run.round_id, line.band, line.open_files)
    return (find_line(result, order, {line.band: asked.poll}) if asked.poll else line), asked


class Shown(NamedTuple):
    """As much of a nominee file as the board shows."""

    id: int
    public_id: str
    name: str
    school_name: str
    position_key: str
    position: str


@dataclass(frozen=True, slots=True)
class Row:
    """One file on the board. `figures` are the plain values of the snapshot; `by_hand`: decided against the line."""

    file: Shown
    figures: dict[str, Any]
    by_hand: bool
    above: bool
    open: bool


@dataclass(frozen=True)
class Board:
    """The results of a round for one person. `line` is None for who has a conflict: places would tell."""

    program: Program
    run: RankingRun
    order: str
    rows: list[Row]
    line: Line | None
    hidden: int
    people: dict[int, str]
    asked: voting.Asked

    @property
    def result(self) -> dict[str, Any]:
        return self.run.result or {}


def board(run: RankingRun, room: Room, order: str) -> Board:
    """The rows in order, without the files this person has a conflict with: one query, whatever the number of files."""
    result = run.result or {}
    line, asked = _line_and_vote(run, order)
    columns = [getattr(NomineeFile, name) for name in Shown._fields]
    query = (
        select(Decision.by_line, *columns)
        .select_from(NomineeFile)
        .outerjoin(Decision, (Decision.file_id == NomineeFile.id) & (Decision.state != "withdrawn"))
        .where(NomineeFile.cycle_id == run.cycle_id)
    )
    found = {shown[0]: (Shown(*shown), by_line is False) for by_line, *shown in db.session.execute(query)}
    values = {int(f["file"]): f for f in result["files"]}
    closed, still_open = room.standing.conflicted, frozenset(line.open_files)
    rows = [
        Row(found[i][0], values[i], found[i][1], i in line.above, i in still_open)
        for i in line.ordered
        if i in found and i not in closed
    ]
    hidden = len(closed & set(line.ordered))
    people = {int(i): name for i, name in result["people"].items()}
    return Board(room.program, run, order, rows, None if hidden else line, hidden, people, asked)
