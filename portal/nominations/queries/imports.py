"""Imports as their pages and the reader of rows need them: runs with their counts, report rows, the program's words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Text, case, cast, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core.db import batches, db
from portal.core.forms import tidy_line
from portal.core.names import school_key
from portal.nominations.asking import form_for
from portal.nominations.models import ImportRow, ImportRun, Nomination, NomineeFile
from portal.nominations.rules.files import terms_of
from portal.nominations.sheet import Reading, SchoolEntry, Table, Vocabulary, answerable
from portal.programs.directory.words import COMMON, leaders, long_words, sense
from portal.programs.models import Cycle, District, Program, School, SchoolWord
from portal.questions.shape import Question

PAGE = 25
OUTCOMES = ("entered", "already in", "refused")
KINDS = ("remarks", *OUTCOMES)  # what a report can be narrowed to; "remarks": entered, but somebody should look


@dataclass(frozen=True)
class RunLine:
    """A run in the history of imports, and how many of its rows came to what."""

    run: ImportRun
    who: str
    counts: dict[str, int]

    @property
    def rows_done(self) -> int:
        return sum(self.counts[outcome] for outcome in OUTCOMES)


def own_questions(program: Program) -> list[Question]:
    """The questions of the organizers' own that a sheet can answer: one query."""
    return answerable(form_for(program).questions)


def vocabulary_of(cycle: Cycle, schools: Iterable[str] = (), questions: Sequence[Question] = ()) -> Vocabulary:
    """What the cycle's program calls things, for reading rows: three queries for a few hundred different schools.

    `schools` are the names that occur: a directory may hold a hundred thousand others. `questions` are those of
    `own_questions` where their answers are wanted.
    """
    program = cycle.program
    window = cycle.nominations
    districts = db.session.scalars(select(District).where(District.program_id == program.id))
    return Vocabulary(
        zone=ZoneInfo(program.time_zone),
        districts={d.id: (d.key, d.name, *map(str, d.aliases)) for d in districts},
        schools=_schools_named(program.id, schools),
        positions=program.settings.get("positions", ()),
        relations=program.settings.get("relations", ()),
        story_words=terms_of(program.settings).story_words,
        opens_at=window.opens_at if window else None,
        closes_at=window.closes_at if window else None,
        questions=questions,
    )


def _schools_named(program_id: int, names: Iterable[str]) -> list[SchoolEntry]:
    """The schools that are called so, and of a name that no school has those that it may mean by a short form."""
    known = select(School.id, School.district_id, School.name).where(School.program_id == program_id)
    by_key = {key: name for name in names if (key := school_key(name))}
    found: dict[int, SchoolEntry] = {}
    for keys in batches(by_key):
        found |= {row.id: SchoolEntry(*row) for row in db.session.execute(known.where(School.key.in_(keys)))}
    for school in found.values():
        by_key.pop(school_key(school.name), None)
    meant = {sense(name) for name in by_key.values()}
    words = {leaders(long_words(name))[0] for name in by_key.values()} - COMMON
    for some in batches(words):
        having = select(SchoolWord.school_id).where(SchoolWord.program_id == program_id, SchoolWord.word.in_(some))
        rows = db.session.execute(known.where(School.id.in_(having)))
        found |= {row.id: SchoolEntry(*row) for row in rows if sense(row.name) in meant}
    return list(found.values())


def schools_in(table: Table, reading: Reading) -> set[str]:
    """The schools that a sheet names."""
    at = reading.columns.get("school")
    return set() if at is None else {tidy_line(cells[at]) for _, cells in table.rows if at < len(cells)}


def newest_with(program_id: int, titles_key: str) -> ImportRun | None:
    """The newest import of the program of a file with these titles: how it was read is proposed again."""
    mine = ImportRun.program_id == program_id, ImportRun.titles_key == titles_key
    query = select(ImportRun).where(*mine, ImportRun.state.in_(("running", "done"))).order_by(ImportRun.id.desc())
    return db.session.scalar(query.limit(1))


def run_by_public_id(public_id: str) -> ImportRun | None:
    """A run with its cycle, program and window: one query."""
    query = select(ImportRun).where(ImportRun.public_id == public_id)
    cycle = joinedload(ImportRun.cycle).options(joinedload(Cycle.program), joinedload(Cycle.taking))
    return db.session.scalar(query.options(cycle, joinedload(ImportRun.stored_file)))


def _sums() -> list[Any]:
    remarked = (ImportRow.outcome == "entered") & (func.length(_as_text()) > 2)
    sums = [func.sum(case((ImportRow.outcome == outcome, 1), else_=0)).label(outcome) for outcome in OUTCOMES]
    return [*sums, func.sum(case((remarked, 1), else_=0)).label("remarks")]


def _as_text() -> Any:
    """The remarks as JSON text: "[]" when there are none, on both databases."""
    return cast(ImportRow.remarks, Text)


def _counts(found: Any) -> dict[str, int]:
    return {kind: int(found._mapping[kind] or 0) for kind in KINDS}


def runs_of(cycle_id: int, limit: int = 50) -> list[RunLine]:
    """The newest imports of a cycle: one query."""
    query = (
        select(ImportRun, Person.name, *_sums())
        .outerjoin(Person, Person.id == ImportRun.by_id)
        .outerjoin(ImportRow, ImportRow.run_id == ImportRun.id)
        .where(ImportRun.cycle_id == cycle_id)
        .group_by(ImportRun.id, Person.name)
        .order_by(ImportRun.id.desc())
        .limit(limit)
    )
    return [RunLine(found[0], found[1] or "", _counts(found)) for found in db.session.execute(query)]


def counts_of(run_id: int) -> dict[str, int]:
    """How many rows of a run came to what."""
    return _counts(db.session.execute(select(*_sums()).where(ImportRow.run_id == run_id)).one())


def report_page(run_id: int, kind: str, number: int) -> list[tuple[ImportRow, NomineeFile | None]]:
    """One page of a report in the order of the file, each row with the nominee file it is in now: one query."""
    query = (
        select(ImportRow, NomineeFile)
        .outerjoin(Nomination, Nomination.id == ImportRow.nomination_id)
        .outerjoin(NomineeFile, NomineeFile.id == Nomination.file_id)
        .where(ImportRow.run_id == run_id)
        .order_by(ImportRow.line)
    )
    if kind in OUTCOMES:
        query = query.where(ImportRow.outcome == kind)
    elif kind == "remarks":
        query = query.where(ImportRow.outcome == "entered", func.length(_as_text()) > 2)
    found = db.session.execute(query.limit(PAGE).offset((max(number, 1) - 1) * PAGE))
    return [(row, file) for row, file in found]


def all_rows(run_id: int) -> Iterator[ImportRow]:
    """Every row of a report, for the download; read as it is written."""
    query = select(ImportRow).where(ImportRow.run_id == run_id).order_by(ImportRow.line)
    yield from db.session.scalars(query.execution_options(yield_per=500))


def refused_rows(run_id: int) -> Iterator[ImportRow]:
    """The refused rows of a run whose cells are still kept, in the order of the file; read as they are written."""
    mine = ImportRow.run_id == run_id, ImportRow.outcome == "refused", ImportRow.cells.is_not(None)
    query = select(ImportRow).where(*mine).order_by(ImportRow.line)
    yield from db.session.scalars(query.execution_options(yield_per=500))


def remark_counts(run_id: int) -> dict[str, int]:
    """How often each remark was made among the rows of a run, the most frequent first."""
    counts: dict[str, int] = {}
    for remarks in db.session.scalars(select(ImportRow.remarks).where(ImportRow.run_id == run_id)):
        for code, _facts in remarks:
            counts[code] = counts.get(code, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
