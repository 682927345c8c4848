"""Works a file of schools through: the comparison, then some schools a transaction; for page, command and worker."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from portal.accounts.models import Person
from portal.core import audit, files, jobs
from portal.core.db import db, transaction
from portal.core.errors import Overtaken
from portal.programs.actions import import_schools as actions
from portal.programs.directory import held
from portal.programs.directory.compare import Changes, compare
from portal.programs.directory.read import SchoolFile, SchoolFileProblem, read_schools
from portal.programs.models import Program, SchoolImport

Progress = Callable[[int, int], None]  # told how many schools are written, of how many
Row = TypeVar("Row")
AT_ONCE = 1_000_000  # bytes: files up to this are compared (and applied) while one waits


def changes_of(program: Program, file: SchoolFile, *, known_districts_only: bool) -> Changes:
    """What the file would change now: two queries."""
    here = held.places(program.id), held.schools(program.id)
    return compare(file, *here, known_only=known_districts_only)


def start(by: Any, program: Program, content: bytes, name: str, *, known_districts_only: bool = False) -> int:
    """Keeps a file and makes its import; the import's number. A long one is compared by the worker; an operator waits.

    Raises SchoolFileProblem when the first lines show that it is no table of schools.
    """
    read_schools(content[:20_000].rsplit(b"\n", 1)[0] if len(content) > 20_000 else content)
    place = files.write(content, limited=by != audit.OPERATOR)
    with transaction():
        run = actions.begin(by, program, name=name, place=place, known_districts_only=known_districts_only)
        jobs.later("programs.plan_schools", run.id, key=f"plan-schools:{run.public_id}")
    if len(content) <= AT_ONCE or by == audit.OPERATOR:
        plan(run.id)
    return run.id


def _by(run: SchoolImport) -> Any:
    return db.session.get(Person, run.by_id) if run.by_id else audit.OPERATOR


def _read(run: SchoolImport) -> SchoolFile:
    assert run.stored_file is not None
    return read_schools(run.stored_file.path.read_bytes())


@jobs.job("programs.plan_schools")
def plan(run_id: int) -> None:
    """Compares the file with the directory. Safe to run twice, also at once: the first one's plan stands."""
    run = db.session.get(SchoolImport, run_id, populate_existing=True)
    if run is None or run.state != "reading" or run.stored_file is None:
        return
    by = _by(run)
    with suppress(Overtaken):  # another one was faster, and it may be carried out by now
        try:
            changes = changes_of(run.program, _read(run), known_districts_only=run.known_districts_only)
        except SchoolFileProblem as problem:
            with transaction():
                actions.fail(by, run, str(problem))
            return
        with transaction():
            actions.plan(by, db.session.get_one(SchoolImport, run_id), changes)


def ask_for(by: Any, run: SchoolImport, progress: Progress | None = None) -> None:
    """Has the plan carried out: at once when the file is short or an operator waits, else by the worker."""
    stored = run.stored_file
    short = by == audit.OPERATOR or (stored is not None and stored.size <= AT_ONCE)
    with transaction():
        actions.start(by, run)
        jobs.later("programs.apply_schools", run.id, key=f"apply-schools:{run.public_id}")
    if short:
        carry_out(run.id, progress)


@jobs.job("programs.apply_schools")
def carry_out(run_id: int, progress: Progress | None = None) -> None:
    """Writes everything that is left; does nothing when the import is done. Safe to run twice, also at once.

    What would no longer do what its reader was shown waits for them again; an operator asked for whatever it does.
    """
    run = db.session.get(SchoolImport, run_id, populate_existing=True)
    if run is None or run.state != "applying" or run.stored_file is None:
        return
    program, by, done = run.program, _by(run), run.done_rows
    changes = changes_of(program, _read(run), known_districts_only=run.known_districts_only)
    every = done + changes.size
    try:
        if not done and by != audit.OPERATOR and not actions.is_as_planned(run, changes):
            with transaction():
                actions.plan_again(by, actions.go_on(run_id, done), changes)
            return
        with transaction():
            actions.go_on(run_id, done)
            districts = actions.write_districts(program.id, changes)
        for write, rows in _pieces(program.id, changes, districts):
            with transaction():
                run = actions.go_on(run_id, done)
                write(rows)
                run.done_rows = done = done + len(rows)
            if progress:
                progress(done, every)
        with transaction():
            actions.finish(by, actions.go_on(run_id, done))
    except Overtaken:  # another worker has it
        return


def _pieces(program_id: int, changes: Changes, districts: dict[str, int]) -> Iterator[tuple[Callable[..., None], Any]]:
    """(how to write them, some schools) until all is written."""
    kinds: list[tuple[Callable[..., None], Sequence[Any]]] = [
        (lambda rows: actions.set_open(rows, is_open=True), changes.reopened),
        (lambda rows: actions.change_schools(program_id, rows, districts), changes.changed),
        (lambda rows: actions.add_schools(program_id, rows, districts), changes.added),
        (lambda rows: actions.set_open(rows, is_open=False), changes.closed),
    ]
    for write, rows in kinds:
        for at in range(0, len(rows), actions.CHUNK):
            yield write, rows[at : at + actions.CHUNK]
