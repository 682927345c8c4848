"""Bringing in nominations from an export, some rows a transaction: safe to stop anywhere, run twice it adds nothing.

What makes it so: every row that entered keeps the hash of the imported row, unique in its cycle; every row of a run
has its line in the report, written in the same transaction. An import sends no mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.core import audit, files
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import after_commit, db
from portal.core.names import person_key
from portal.nominations.actions import matching
from portal.nominations.actions.matching import Educator
from portal.nominations.models import ImportRow, ImportRun, Nomination, NomineeFile
from portal.nominations.queries.imports import remark_counts
from portal.nominations.rules.files import IMPORT, LIVE
from portal.nominations.sheet import CleanRow
from portal.programs.models import Cycle, District, School

CHUNK = 200  # rows a transaction: others can write in between, and little is done anew after a kill


def begin(by: Any, cycle: Cycle, *, name: str, place: str, rows: int, columns: Sequence[Sequence[str]]) -> ImportRun:
    """Makes the run for a file whose bytes `files.write` put at `place`. `by` is a Person, or "operator"."""
    if not isinstance(by, str):
        demand(by, IMPORT, cycle)
    stored = files.keep(place, name=name, media_type="text/csv", program_id=cycle.program_id)
    run = ImportRun(
        program_id=cycle.program_id,
        cycle_id=cycle.id,
        stored_file_id=stored.id,
        name=name[-200:] or "nominations.csv",
        by_id=None if isinstance(by, str) else by.id,
        row_count=rows,
        columns=[list(pair) for pair in columns],
    )
    db.session.add(run)
    db.session.flush()
    audit.record(by, "import.started", run, rows=rows, sha256=stored.sha256)
    return run


def enter_some(by: Any, run_id: int, rows: Sequence[CleanRow]) -> bool:
    """Enters the next rows of the run (at most `CHUNK`); whether there are more. The last time, it closes the run.

    `rows` are all rows of the file. The run is locked meanwhile, so that two workers take turns.
    """
    run = db.session.scalars(select(ImportRun).where(ImportRun.id == run_id).with_for_update()).one()
    if run.done_at is not None:
        return False
    last = db.session.scalar(select(func.max(ImportRow.line)).where(ImportRow.run_id == run.id)) or 0
    left = [row for row in rows if row.line > last]
    _Chunk(by, run, left[:CHUNK]).enter()
    if len(left) > CHUNK:
        return True
    _finish(by, run)
    return False


def _finish(by: Any, run: ImportRun) -> None:
    """Closes the run. The upload itself goes: whoever is erased later must not live on in a file of ours."""
    db.session.flush()
    query = select(ImportRow.outcome, func.count()).where(ImportRow.run_id == run.id).group_by(ImportRow.outcome)
    counts = {outcome.replace(" ", "_"): count for outcome, count in db.session.execute(query)}
    run.done_at, run.remarks = now(), remark_counts(run.id)
    stored, run.stored_file_id = run.stored_file, None
    if stored is not None:
        bytes_of_it = stored.path
        db.session.flush()
        db.session.delete(stored)
        after_commit(lambda: bytes_of_it.unlink(missing_ok=True))
    audit.record(by, "import.finished", run, **counts)


@dataclass
class _Known:
    """What is there already of the people and rows of a chunk, asked at once and kept up as rows enter."""

    keys: dict[str, int | Nomination] = field(default_factory=dict)  # import key -> nomination
    written: dict[tuple[int, str], Nomination] = field(default_factory=dict)  # (file, nominator) -> living nomination
    names: set[str] = field(default_factory=set)  # names of which the cycle has a file
    files: dict[Any, NomineeFile] = field(default_factory=dict)
    schools: Mapping[int, str] = field(default_factory=dict)
    districts: Mapping[int, str] = field(default_factory=dict)


class _Chunk:
    """Some rows of a run on their way in: a fixed number of queries, and for each new educator the matching's own."""

    def __init__(self, by: Any, run: ImportRun, rows: Sequence[CleanRow]) -> None:
        self.by, self.run, self.rows, self.cycle = by, run, rows, run.cycle
        self.known = _Known()

    def enter(self) -> None:
        """Every row gets its line in the report, and enters or not."""
        if not self.rows:
            return
        matching.lock(self.cycle)
        self._look_up()
        came_of = [(row, *self._one(row)) for row in self.rows]
        db.session.flush()  # nominations have their numbers now
        for row, outcome, nomination, extra in came_of:
            # What is remarked about a row matters when it enters; of the others only why they did not.
            remarks = [*row.refusals, *extra, *(row.remarks if outcome == "entered" else ())]
            line = ImportRow(run_id=self.run.id, line=row.line, outcome=outcome, educator=row.educator)
            line.remarks = [[code, facts] for code, facts in remarks]
            line.nomination_id = nomination.id if isinstance(nomination, Nomination) else nomination
            db.session.add(line)

    def _look_up(self) -> None:
        keys, emails = {r.key for r in self.rows}, {r.email for r in self.rows if r.email}
        mine = Nomination.cycle_id == self.cycle.id
        query = select(Nomination.import_key, Nomination.id).where(mine, Nomination.import_key.in_(keys))
        self.known.keys = {key: number for key, number in db.session.execute(query) if key}
        living = select(Nomination).where(mine, Nomination.nominator_email.in_(emails), Nomination.state.in_(LIVE))
        self.known.written = {(n.file_id or 0, n.nominator_email): n for n in db.session.scalars(living)}
        names = {person_key(r.educator) for r in self.rows}
        there = select(NomineeFile.name_key).where(NomineeFile.cycle_id == self.cycle.id)
        self.known.names = set(db.session.scalars(there.where(NomineeFile.name_key.in_(names))))
        schools = {r.school_id for r in self.rows if r.school_id}
        of_rows = select(School.id, School.name).where(School.id.in_(schools))
        self.known.schools = dict(iter(db.session.execute(of_rows)))
        of_program = select(District.id, District.name).where(District.program_id == self.run.program_id)
        self.known.districts = dict(iter(db.session.execute(of_program)))

    def _one(self, row: CleanRow) -> tuple[str, int | Nomination | None, list[Any]]:
        """(outcome, nomination, remarks beside the row's own)."""
        if row.refusals:
            return "refused", None, []
        if row.key in self.known.keys:
            return "already in", self.known.keys[row.key], [("repeat", {})]
        file = self._file_of(row)
        before = self.known.written.get((file.id, row.email))
        if before is not None:
            return "already in", before, [(self._second(row, before), {})]
        nomination = self._enter(row, file)
        self.known.keys[row.key] = self.known.written[file.id, row.email] = nomination
        return "entered", nomination, []

    def _file_of(self, row: CleanRow) -> NomineeFile:
        """The educator's nominee file by the one rule for all nominations (`matching.find`), made when missing."""
        educator = Educator(
            row.educator,
            school_name=self.known.schools.get(row.school_id or 0) or row.school,
            school_id=row.school_id,
            district_id=row.district_id,
            district_name=self.known.districts.get(row.district_id or 0, ""),
            position=row.position,
            position_key=row.position_key,
            email=row.educator_email,
            locale=self._locale,
        )
        if not educator.school_key:  # without a school nothing matches, but the same person's second row is known
            return self._own_before(row) or matching.make(self.cycle, educator)
        key = (row.educator, educator.school_key, row.school_id, row.district_id)
        if key not in self.known.files:
            self.known.files[key] = self._found(educator) or matching.make(self.cycle, educator)
            self.known.names.add(person_key(row.educator))
        matching.fill_gaps(self.known.files[key], educator)
        return self.known.files[key]

    def _found(self, educator: Educator) -> NomineeFile | None:
        """Looked for only when a file of that name is there at all: most rows of a first import are of new people."""
        known = person_key(educator.name) in self.known.names
        return matching.find(self.cycle, educator) if known else None

    def _own_before(self, row: CleanRow) -> NomineeFile | None:
        """The file to which this person's nomination of an educator of this name, without a school, went before."""
        for (_file_id, email), nomination in self.known.written.items():
            same = email == row.email and nomination.educator_name == row.educator and not nomination.school_name
            if same and nomination.file is not None:
                return nomination.file
        return None

    @property
    def _locale(self) -> str:
        return str((self.cycle.program.settings.get("languages") or ["en"])[0])

    def _second(self, row: CleanRow, before: Nomination) -> str:
        """A second, different row by the same person: the longer story stands, the other is kept with the answers."""
        if before.source != "import":
            return "own_form"
        rows = before.answers.get("other_rows", [])
        if row.written not in rows:
            before.answers = {**before.answers, "other_rows": [*rows, row.written]}
        if len(row.story) <= len(before.story):
            return "same_person"
        before.story = row.story
        facts = {"run": self.run.public_id, "line": row.line, "story": audit.seal(row.story)}
        audit.record(self.by, "nomination.longer_row", before, None, **facts)
        return "longer_kept"

    def _enter(self, row: CleanRow, file: NomineeFile) -> Nomination:
        written_at = _never_later_than_now(row.at)
        nomination = Nomination(
            program_id=self.run.program_id,
            cycle_id=self.cycle.id,
            file_id=file.id,
            state="confirmed",
            source="import",
            import_key=row.key,
            answers={"row": row.written},
            locale=self._locale,
            submitted_at=written_at,
            confirmed_at=now(),
            relation_group=row.group,
            educator_name=row.educator,
            nominator_name=row.nominator,
            nominator_email=row.email,
            school_name=row.school,
            **{name: getattr(row, name) for name in _SAME},
        )
        db.session.add(nomination)
        facts = {"run": self.run.public_id, "line": row.line, "file": file.public_id, "story": audit.seal(row.story)}
        audit.record(self.by, "nomination.imported", nomination, None, **facts)
        return nomination


# Columns of a nomination that a cleaned row holds under the same name.
_PLACE = ("school_id", "district_id", "position", "subject", "educator_email")
_SAME = (*_PLACE, "relation", "known_for", "story", "with_others", "tie", "sharing")


def _never_later_than_now(at: datetime | None) -> datetime:
    return min(at, now()) if at else now()
