"""Bringing in nominations from an export, some rows a transaction: safe to stop anywhere, run twice it adds nothing.

What makes it so: every row that entered keeps the hash of the imported row, unique in its cycle; every row of a run
has its line in the report, written in the same transaction. An import sends no mail.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select

from portal.core import audit, files
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import after_commit, batches, db
from portal.core.errors import Mistaken, Overtaken
from portal.core.files import StoredFile
from portal.core.moves import move
from portal.nominations.actions import marking, matching
from portal.nominations.actions.deciding import Verdict, decide
from portal.nominations.actions.matching import Educator
from portal.nominations.models import ImportRow, ImportRun, Nomination, NomineeFile
from portal.nominations.queries.imports import remark_counts
from portal.nominations.rules import IMPORTING
from portal.nominations.rules.files import IMPORT
from portal.nominations.sheet import CleanRow, Reading, Table, missing, titles_key
from portal.programs.models import Cycle

CHUNK = 200  # rows a transaction: others can write in between, and little is done anew after a kill


def begin(by: Any, cycle: Cycle, *, name: str, place: str, sha256: str) -> ImportRun:
    """Makes the run for an upload whose sheets `files.write` put at `place`; nothing enters before `start`.

    `by` is a Person, or "operator"; `sha256` is of the file as it came.
    """
    _permit(by, cycle)
    stored = files.keep(place, name=name, media_type="application/gzip", program_id=cycle.program_id)
    run = ImportRun(
        program_id=cycle.program_id,
        cycle_id=cycle.id,
        stored_file_id=stored.id,
        name=name[-200:] or "nominations.csv",
        by_id=None if isinstance(by, str) else by.id,
        sha256=sha256,
    )
    db.session.add(run)
    db.session.flush()
    return run


def _permit(by: Any, thing: Any) -> None:
    if not isinstance(by, str):
        demand(by, IMPORT, thing)


def _locked(run_id: int) -> ImportRun:
    """The run as it stands now; two workers, or two windows, take turns. Raises Overtaken when it was thrown away."""
    run = _there(run_id)
    if run is None:
        raise Overtaken(_("This upload was thrown away in another window."))
    return run


def _there(run_id: int) -> ImportRun | None:
    query = select(ImportRun).where(ImportRun.id == run_id).with_for_update()
    return db.session.scalar(query, execution_options={"populate_existing": True})


def choose_reading(by: Any, run_id: int, table: Table, reading: Reading) -> ImportRun:
    """Keeps how the file is to be read. The report of a dry run made before says nothing any more, and goes."""
    run = _locked(run_id)
    _permit(by, run)
    if run.state not in ("draft", "checked"):
        raise Mistaken(_("This file is being read right now. Wait until that is done, then change how it is read."))
    run.columns = [[title.strip(), name] for title, name in zip(table.header, reading.fields, strict=True)]
    run.reading = {name: value for name, value in reading.as_json().items() if name != "fields"}
    run.titles_key, run.row_count = titles_key(table.header), len(table.rows)
    if run.state == "checked":
        _forget_report(run)
        move(IMPORTING, "changed", run, by)
    return run


def _forget_report(run: ImportRun) -> None:
    db.session.execute(delete(ImportRow).where(ImportRow.run_id == run.id))


def ask(by: Any, run_id: int, verb: str) -> ImportRun:
    """Begins the import ("started") or its dry run ("tried"); a job does the work. Raises Mistaken when it can't."""
    run = _locked(run_id)
    _permit(by, run)
    if lacking := missing([field for _title, field in run.columns]):
        told = ", ".join(str(name) for name in lacking)
        raise Mistaken(_("Say first which column holds %(missing)s.", missing=told))
    if not run.row_count:
        raise Mistaken(_("There is no row below the titles. Choose another sheet or another file."))
    _forget_report(run)
    move(IMPORTING, verb, run, by, changes={"asked_at": now()}, rows=run.row_count, sha256=run.sha256)
    return run


def discard(by: Any, run_id: int) -> None:
    """Throws an upload away that has not been imported; nothing of it stays. Asked for twice, it is done once."""
    run = _there(run_id)
    if run is None:
        return
    _permit(by, run)
    if run.state not in ("draft", "checked"):
        raise Mistaken(_("This import has begun, so it stays in the list."))
    _forget_report(run)
    _forget_upload(run)
    db.session.delete(run)


def enter_some(by: Any, run_id: int, rows: Sequence[CleanRow]) -> bool:
    """Enters the next rows of the run (at most `CHUNK`); whether there are more. The last time, it closes the run.

    `rows` are all rows of the file.
    """
    run = _locked(run_id)
    if run.state != "running":
        return False
    left = _left(run, rows)
    if left:
        matching.lock(run.cycle)
        _carry_out(by, run, decide(run.cycle, left[:CHUNK]))
    if len(left) > CHUNK:
        return True
    _close(by, run, "finished")
    return False


def report_some(by: Any, run_id: int, verdicts: Sequence[Verdict]) -> bool:
    """Writes the next lines of a dry run's report (at most ten times `CHUNK`); whether there are more."""
    run = _locked(run_id)
    if run.state != "checking":
        return False
    left = _left(run, verdicts)
    _write_report(run, left[: CHUNK * 10])
    if len(left) > CHUNK * 10:
        return True
    _close(by, run, "reported")
    return False


def _left(run: ImportRun, rows: Sequence[Any]) -> list[Any]:
    """Those rows (or verdicts of rows) that have no line in the report yet."""
    last = db.session.scalar(select(func.max(ImportRow.line)).where(ImportRow.run_id == run.id)) or 0
    return [each for each in rows if getattr(each, "row", each).line > last]


def _close(by: Any, run: ImportRun, verb: str) -> None:
    """Ends a run or a dry run. After a run the upload goes: whoever is erased later must not live on in a file."""
    query = select(ImportRow.outcome, func.count()).where(ImportRow.run_id == run.id).group_by(ImportRow.outcome)
    counts: dict[str, Any] = {outcome.replace(" ", "_"): count for outcome, count in db.session.execute(query)}
    run.remarks = remark_counts(run.id)
    if verb == "finished":
        run.done_at = now()
        _forget_upload(run)
    move(IMPORTING, verb, run, by, **counts)


def _forget_upload(run: ImportRun) -> None:
    stored = db.session.get(StoredFile, run.stored_file_id) if run.stored_file_id else None
    if stored is not None:
        bytes_of_it = stored.path
        run.stored_file_id = None
        db.session.flush()
        db.session.delete(stored)
        after_commit(lambda: bytes_of_it.unlink(missing_ok=True))


def _carry_out(by: Any, run: ImportRun, verdicts: Sequence[Verdict]) -> None:
    """Writes what was decided: a few statements, however many rows."""
    session = db.session
    placed = [(v.file, v.educator) for v in verdicts if v.file is not None and v.educator is not None]
    if new := [file for file, _educator in placed if file.id is None]:
        session.add_all(new)
        session.flush()
        matching.compare_soon(run.cycle_id)
    for file, educator in placed:
        matching.fill_gaps(file, educator, look=False)
    marking.look_at([file for file, _educator in placed])
    entered = [v for v in verdicts if v.outcome == "entered"]
    for verdict in entered:
        assert verdict.voice is not None
        assert verdict.file is not None
        assert verdict.educator is not None
        verdict.voice.nomination = _nomination(run, verdict.row, verdict.file, verdict.educator)
        session.add(verdict.voice.nomination)
    _load_seconds(verdicts)
    session.flush()
    for verdict in verdicts:
        _record(by, run, verdict)
    _write_report(run, verdicts)


def _load_seconds(verdicts: Sequence[Verdict]) -> None:
    """The nominations that were there before and to which a second row by the same person comes."""
    wanted = {v.voice.number: v.voice for v in verdicts if v.second and v.voice and v.voice.number}
    for numbers in batches(wanted):
        for nomination in db.session.scalars(select(Nomination).where(Nomination.id.in_(numbers))):
            wanted[nomination.id].nomination = nomination


def _record(by: Any, run: ImportRun, verdict: Verdict) -> None:
    """The entry of a row that changed something, and the second rows kept with the first one's answers."""
    nomination = verdict.voice.nomination if verdict.voice else None
    if nomination is None:
        return
    row = verdict.row
    facts = {"run": run.public_id, "line": row.line, "story": audit.seal(row.story)}
    if verdict.outcome == "entered" and verdict.file is not None:
        audit.record(by, "nomination.imported", nomination, None, file=verdict.file.public_id, **facts)
    elif verdict.second in ("same_person", "longer_kept"):
        rows = nomination.answers.get("other_rows", [])
        if row.written not in rows:
            nomination.answers = {**nomination.answers, "other_rows": [*rows, row.written]}
        if verdict.second == "longer_kept":
            nomination.story = row.story
            audit.record(by, "nomination.longer_row", nomination, None, **facts)


def _write_report(run: ImportRun, verdicts: Sequence[Verdict]) -> None:
    """One line for each row; a refused one keeps its cells for a while, to be mended."""
    lines = [
        {
            "run_id": run.id,
            "line": v.row.line,
            "outcome": v.outcome,
            "educator": v.row.educator,
            "remarks": v.remarks,
            "nomination_id": v.nomination_id,
            "cells": list(v.row.cells) if v.outcome == "refused" else None,
        }
        for v in verdicts
    ]
    if lines:
        db.session.execute(insert(ImportRow), lines)


def _nomination(run: ImportRun, row: CleanRow, file: NomineeFile, educator: Educator) -> Nomination:
    return Nomination(
        program_id=run.program_id,
        cycle_id=run.cycle_id,
        file_id=file.id,
        state="confirmed",
        source="import",
        import_key=row.key,
        answers={"row": row.written},
        said=row.said,
        locale=educator.locale,
        submitted_at=_never_later_than_now(row.at),
        confirmed_at=now(),
        relation_group=row.group,
        educator_name=row.educator,
        nominator_name=row.nominator,
        nominator_email=row.email,
        school_name=row.school,
        **{name: getattr(row, name) for name in _SAME},
    )


# Columns of a nomination that a cleaned row holds under the same name.
_PLACE = ("school_id", "district_id", "position", "subject", "educator_email")
_SAME = (*_PLACE, "relation", "known_for", "story", "with_others", "tie", "sharing")


def _never_later_than_now(at: datetime | None) -> datetime:
    return min(at, now()) if at else now()
