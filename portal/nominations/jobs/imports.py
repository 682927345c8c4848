"""Works an import through, some rows a transaction: the same steps for the page, the command and the worker."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core import audit, files, jobs
from portal.core.clock import now
from portal.core.db import breathe, db, transaction
from portal.nominations.actions import importing
from portal.nominations.actions.deciding import decide
from portal.nominations.models import ImportRow, ImportRun
from portal.nominations.queries import imports as queries
from portal.nominations.sheet import (
    Book,
    CleanRow,
    Reading,
    Table,
    again,
    clean_rows,
    propose,
    read_book,
    titles_key,
    unpack,
)
from portal.programs.models import Cycle

Progress = Callable[[int], None]  # told how many rows are done
KEEP_REFUSED = timedelta(days=90)  # so long the rows that were refused can be downloaded to be mended
KEEP_UPLOADS = timedelta(days=14)  # so long an upload waits to be imported
JOBS = {"started": "nominations.import", "tried": "nominations.try_import"}


def take(by: Any, cycle: Cycle, content: bytes, name: str) -> ImportRun:
    """Takes a file in: reads it, keeps it and makes its run, with the reading that its titles (or an earlier file with
    the same ones) suggest. Raises SheetProblem when it can't be read.
    """
    book = read_book(content)
    sheet, table = _likeliest(book)
    reading = proposed(cycle.program_id, table, sheet)[0]
    place = files.write(book.packed())
    with transaction():
        run = importing.begin(by, cycle, name=name, place=place, sha256=hashlib.sha256(content).hexdigest())
        return importing.choose_reading(by, run.id, table, reading)


def proposed(program_id: int, table: Table, sheet: str) -> tuple[Reading, ImportRun | None]:
    """How the sheet could be read, and the earlier import that says so (None: its titles and first rows do)."""
    earlier = queries.newest_with(program_id, titles_key(table.header))
    if earlier is None:
        return propose(table, sheet), None
    return again(table, earlier.reading, earlier.columns, sheet), earlier


def _likeliest(book: Book) -> tuple[str, Table]:
    """The sheet in which the most columns are known; of equals the first."""
    read = [(name, book.table(name)) for name in book.sheets]
    return max(read, key=lambda each: len(propose(each[1]).columns))


def begin(by: Any, run_id: int, verb: str) -> ImportRun:
    """Begins the import ("started") or its dry run ("tried"). The worker is asked for: it takes over when whoever
    began is stopped midway.
    """
    with transaction():
        run = importing.ask(by, run_id, verb)
        _later(run, verb)
    return run


def wake(run: ImportRun, verb: str) -> None:
    """Asks for the worker again: for a run whose work was stopped midway."""
    with transaction():
        _later(run, verb)


def _later(run: ImportRun, verb: str) -> None:
    jobs.later(JOBS[verb], run.id, key=f"import:{verb}:{run.public_id}")


def load(run_id: int) -> ImportRun | None:
    """The run with all that its work needs, as it stands now."""
    options = [joinedload(ImportRun.cycle).joinedload(Cycle.program), joinedload(ImportRun.stored_file)]
    return db.session.get(ImportRun, run_id, options=options, populate_existing=True)


def book_of(run: ImportRun) -> Book:
    """The sheets of the upload."""
    assert run.stored_file is not None
    return unpack(run.stored_file.path.read_bytes())


def table_of(run: ImportRun, book: Book | None = None) -> tuple[Table, Reading]:
    """The chosen sheet and how it is to be read."""
    table = (book or book_of(run)).table(str(run.reading.get("sheet", "")))
    titled: list[Sequence[str]] = run.columns
    fields = [field for _title, field in titled]
    if len(fields) != len(table.header):  # begun by an earlier version, which kept the columns it knew
        return table, again(table, run.reading, titled)
    return table, Reading.of({**run.reading, "fields": fields})


def cleaned(run: ImportRun) -> list[CleanRow]:
    """The rows of the upload as they would enter."""
    table, reading = table_of(run)
    return clean_rows(table, reading, queries.vocabulary_of(run.cycle, queries.schools_in(table, reading)))


@jobs.job("nominations.import")
def work_through(run_id: int, progress: Progress | None = None) -> None:
    """Enters all rows that are left; does nothing when the run is done. Safe to run twice, also at once."""
    run = load(run_id)
    if run is None or run.state != "running" or run.stored_file is None:
        return
    rows = cleaned(run)
    _some_at_a_time(run, importing.enter_some, rows, importing.CHUNK, progress)


@jobs.job("nominations.try_import")
def try_through(run_id: int, progress: Progress | None = None) -> None:
    """The dry run: decides about all rows and writes only the report. Safe to run twice, also at once."""
    run = load(run_id)
    if run is None or run.state != "checking" or run.stored_file is None:
        return
    verdicts = decide(run.cycle, cleaned(run))
    db.session.rollback()  # what was decided is plain; the new files in it were never meant to be written
    _some_at_a_time(run, importing.report_some, verdicts, importing.CHUNK * 10, progress)


def _some_at_a_time(
    run: ImportRun, step: Callable[[Any, int, Any], bool], rows: Sequence[Any], each: int, progress: Progress | None
) -> None:
    """Takes the step until there is no row left, and lets others write in between."""
    by = db.session.get(Person, run.by_id) if run.by_id else audit.OPERATOR
    run_id, done, more = run.id, 0, True
    while more:
        with transaction():
            more = step(by, run_id, rows)
        done = min(done + each, len(rows))
        if progress:
            progress(done)
        if more:
            db.session.expunge_all()  # what entered is not needed again: memory does not grow with the rows
            by = db.session.merge(by, load=False) if isinstance(by, Person) else by
            breathe()


WORK: Mapping[str, Callable[..., None]] = {"started": work_through, "tried": try_through}


@jobs.job("nominations.forget_uploads", every=timedelta(hours=24))
def forget() -> None:
    """Throws away uploads that nobody imported, and the cells of rows that were refused long ago."""
    waiting = ImportRun.state.in_(("draft", "checked")), ImportRun.created_at < now() - KEEP_UPLOADS
    for run_id in db.session.scalars(select(ImportRun.id).where(*waiting)).all():
        with transaction():
            importing.discard(audit.SYSTEM, run_id)
    old = select(ImportRun.id).where(ImportRun.done_at < now() - KEEP_REFUSED)
    with transaction() as s:
        kept = ImportRow.run_id.in_(old), ImportRow.cells.is_not(None)
        s.execute(update(ImportRow).where(*kept).values(cells=None).execution_options(synchronize_session=False))
