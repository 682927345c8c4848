"""`portal import nominations FILE --cycle C`: brings an export of a web form in, and says what became of each row."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.core import audit
from portal.core.db import db, transaction
from portal.core.errors import Mistaken
from portal.core.sheets import csv_lines, write_xlsx
from portal.nominations import uploads
from portal.nominations.actions import importing
from portal.nominations.jobs import imports as work
from portal.nominations.models import ImportRun
from portal.nominations.queries import imports as queries
from portal.nominations.remarks import REFUSALS, short_name
from portal.nominations.report import Lines, refused_of, report_of
from portal.nominations.sheet.chosen import chosen
from portal.programs.models import Cycle, Program


class Written(click.Path):
    """A file to be written, in a folder that is there."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"There is no folder {path.parent}.", param, ctx)
        if not os.access(path.parent if not path.exists() else path, os.W_OK):
            self.fail(f"{path} can’t be written.", param, ctx)
        return path


PATH = Written(dir_okay=False, path_type=Path)
READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("nominations")
@click.argument("file", type=READABLE)
@click.option("--cycle", "cycle_name", required=True, help="The cycle's name (such as 2027) or its public id.")
@click.option("--program", "slug", help="The program's address, when several programs have a cycle of that name.")
@click.option("--map", "choices", type=READABLE, help="How the file is read, as TOML: see the README.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each row; nothing enters.")
@click.option("--report", type=PATH, help="Write the report here, row by row (.csv or .xlsx).")
@click.option("--failed", type=PATH, help="Write the refused rows here, to mend and import again (.csv or .xlsx).")
def nominations(
    file: Path, cycle_name: str, slug: str | None, choices: Path | None, dry_run: bool, report: Path | None,
    failed: Path | None,
) -> None:  # fmt: skip
    """Brings nominations in from an export of a web form (CSV or XLSX).

    Running it twice adds nothing. No mail is sent.
    """
    run = uploads.take(audit.OPERATOR, find_cycle(cycle_name, slug), file.read_bytes(), file.name)
    try:
        if choices is not None:
            _choose(run, choices)
        _read(run, "tried" if dry_run else "started")
        _summary(run.id, dry_run)
        for path, told in ((report, report_of(queries.all_rows(run.id))), (failed, _refused(run))):
            if path is not None:
                _write(path, *told)
                click.echo(f"Written: {path}")
    finally:
        _throw_away(run.id)


def _read(run: ImportRun, verb: str) -> None:
    work.begin(audit.OPERATOR, run.id, verb)
    with click.progressbar(length=run.row_count, label="Reading rows") as bar:
        work.WORK[verb](run.id, lambda done: bar.update(done - bar.pos))


def _refused(run: ImportRun) -> tuple[Sequence[str], Lines]:
    return refused_of(run, queries.refused_rows(run.id))


def _throw_away(run_id: int) -> None:
    """What did not begin to enter leaves nothing behind: a dry run, a file that could not be read as was said."""
    db.session.rollback()
    run = uploads.load(run_id)
    if run is not None and run.is_open:
        with transaction():
            importing.discard(audit.OPERATOR, run_id)


def _write(path: Path, titles: Sequence[str], lines: Lines) -> None:
    """The lines as the kind of sheet that the file's name says."""
    if path.suffix.lower() == ".xlsx":
        with path.open("wb") as out:
            write_xlsx(out, titles, lines, path.stem)
    else:  # the lines end as CSV's do already; the mark for spreadsheets comes with the first one
        path.write_text("".join(csv_lines(titles, lines)), encoding="utf-8", newline="")


def _choose(run: ImportRun, path: Path) -> None:
    """Reads the file as the TOML says; what it does not say stays as guessed."""
    book, guessed = uploads.book_of(run), uploads.table_of(run)[1]
    questions = queries.own_questions(run.program)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Mistaken(f"{path.name} is not a text in UTF-8. Save it as UTF-8.") from None
    table, reading = chosen(book, guessed, text, path.name, questions)
    with transaction():
        importing.choose_reading(audit.OPERATOR, run.id, table, reading)


def find_cycle(name: str, slug: str | None = None) -> Cycle:
    """The one cycle of that name or public id. Raises Mistaken with a sentence that names the choices."""
    query = select(Cycle).join(Cycle.program).options(joinedload(Cycle.program))
    if slug:
        query = query.where(Program.slug == slug)
    found = list(db.session.scalars(query.where(or_(Cycle.name == name.strip(), Cycle.public_id == name.strip()))))
    if len(found) == 1:
        return found[0]
    if found:
        raise Mistaken(f"{len(found)} programs have a cycle “{name}”. Add --program with one of: {_slugs(found)}.")
    names = ", ".join(sorted(set(db.session.scalars(select(Cycle.name))))) or "none yet"
    raise Mistaken(f"There is no cycle “{name}”. The cycles are: {names}.")


def _slugs(cycles: list[Cycle]) -> str:
    return ", ".join(sorted(cycle.program.slug for cycle in cycles))


def _summary(run_id: int, dry_run: bool) -> None:
    counts = queries.counts_of(run_id)
    if dry_run:
        click.echo("A dry run, nothing entered. It would be:")
    click.echo(
        f"{counts['entered']} entered ({counts['remarks']} with remarks), "
        f"{counts['already in']} already in, {counts['refused']} refused."
    )
    for code, count in queries.remark_counts(run_id).items():
        click.echo(f"  {count:>6}  {short_name(code)}{' (refused)' if code in REFUSALS else ''}")
