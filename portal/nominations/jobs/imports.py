"""Works an import through, some rows a transaction: the same steps for the page, the command and the worker."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core import audit, files, jobs
from portal.core.db import db, transaction
from portal.nominations.actions import importing
from portal.nominations.models import ImportRun
from portal.nominations.queries.imports import vocabulary_of
from portal.nominations.sheet import CleanRow, clean_rows, read_table, recognize
from portal.programs.models import Cycle

Progress = Callable[[int], None]  # told how many rows are done


def start(by: Any, cycle: Cycle, content: bytes, name: str) -> int:
    """Reads the file, keeps it and makes its run; the run's number. Raises SheetProblem when it can't be read.

    The worker is asked for too: it takes over when whoever began is stopped midway.
    """
    table = read_table(content)
    columns = recognize(table.header)
    pairs = [[table.header[index].strip(), field] for field, index in sorted(columns.items(), key=lambda c: c[1])]
    place = files.write(content)
    with transaction():
        run = importing.begin(by, cycle, name=name, place=place, rows=len(table.rows), columns=pairs)
        jobs.later("nominations.import", run.id, key=f"import:{run.public_id}")
    return run.id


@jobs.job("nominations.import")
def work_through(run_id: int, progress: Progress | None = None) -> None:
    """Enters all rows that are left; does nothing when the run is done. Safe to run twice, also at once."""
    query = [joinedload(ImportRun.cycle).joinedload(Cycle.program), joinedload(ImportRun.stored_file)]
    run = db.session.get(ImportRun, run_id, options=query, populate_existing=True)
    if run is None or run.done_at is not None or run.stored_file is None:
        return
    by = db.session.get(Person, run.by_id) if run.by_id else audit.OPERATOR
    rows = _rows(run)
    more, done = True, 0
    while more:
        with transaction():
            more = importing.enter_some(by, run_id, rows)
        done = min(done + importing.CHUNK, len(rows))
        if progress:
            progress(done)


def _rows(run: ImportRun) -> list[CleanRow]:
    assert run.stored_file is not None
    table = read_table(run.stored_file.path.read_bytes())
    return clean_rows(table, recognize(table.header), vocabulary_of(run.cycle))
