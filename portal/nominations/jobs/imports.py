"""Works an import through, some rows a transaction: the same steps for the page, the command and the worker."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from portal.accounts.models import Person
from portal.core import audit, jobs
from portal.core.clock import now
from portal.core.db import breathe, db, sweep, transaction
from portal.nominations.actions import importing
from portal.nominations.actions.deciding import decide
from portal.nominations.models import ImportRow, ImportRun
from portal.nominations.uploads import cleaned, load

Progress = Callable[[int], None]  # told how many rows are done
KEEP_REFUSED = timedelta(days=90)  # so long the rows that were refused can be downloaded to be mended
KEEP_UPLOADS = timedelta(days=14)  # so long an upload waits to be imported
JOBS = {"started": "nominations.import", "tried": "nominations.try_import"}


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
    with transaction():
        kept = ImportRow.run_id.in_(old), ImportRow.cells.is_not(None)
        sweep(update(ImportRow).where(*kept).values(cells=None))
