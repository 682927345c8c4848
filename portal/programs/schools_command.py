"""`portal import schools FILE --program SLUG [--dry-run]`: the directory from a file of the Common Core of Data."""

from pathlib import Path

import click

from portal.core import audit
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.programs import queries
from portal.programs.directory.compare import Changes
from portal.programs.directory.read import REFUSALS, read_schools
from portal.programs.jobs import schools as work
from portal.programs.models import Program, SchoolImport

SHOWN = 20


@click.command("schools")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--program", "slug", help="The program's address, when there are several programs.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--only-our-districts", "known_only", is_flag=True, help="Leave out districts that are not there yet.")
def schools(file: Path, slug: str | None, dry_run: bool, known_only: bool) -> None:
    """Bring schools in from a CSV FILE in the columns of the NCES Common Core of Data.

    The same id is the same school: renamed ones are renamed, missing ones of the districts in the file are closed.
    """
    program = find_program(slug)
    content = file.read_bytes()
    if dry_run:
        tell(work.changes_of(program, read_schools(content), known_districts_only=known_only))
        click.echo("Nothing was changed. Leave out --dry-run to do it.")
        return
    run_id = work.start(audit.OPERATOR, program, content, file.name, known_districts_only=known_only)
    run = db.session.get_one(SchoolImport, run_id, populate_existing=True)
    if run.state == "failed":
        raise Mistaken(run.plan["problem"])
    with click.progressbar(length=1, label="Writing schools") as bar:

        def progress(done: int, every: int) -> None:
            bar.length = every
            bar.update(done - bar.pos)

        work.ask_for(audit.OPERATOR, run, progress=progress)
    run = db.session.get_one(SchoolImport, run_id, populate_existing=True)
    say(run.plan["counts"])
    refused(run.plan["refused"])
    if run.state != "applied":
        click.echo("The worker took it over, and is writing the rest.")


def find_program(slug: str | None) -> Program:
    """The one program, or the one of that address. Raises Mistaken with a sentence that names the choices."""
    found = queries.all_programs()
    chosen = [program for program in found if not slug or program.slug == slug]
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(program.slug for program in found) or "none yet"
    raise Mistaken(f"Add --program with one of: {names}.")


def tell(changes: Changes) -> None:
    """Prints what a file would change."""
    told = changes.told()
    say(told["counts"])
    lists = (
        ("New districts", list(told["made"])),
        ("Added", [f"{name} ({district})" for name, district, _city in told["added"]]),
        ("Changed", [f"{was} → {name} ({', '.join(what)})" for was, name, _d, what in told["changed"]]),
        ("Closed", [name for (name,) in told["closed"]]),
    )
    for heading, rows in lists:
        if rows:
            click.echo(f"{heading}:")
            for row in rows[:SHOWN]:
                click.echo(f"  {row}")
            if len(rows) > SHOWN:
                click.echo("  and more")
    refused(told["refused"])


def say(counts: dict[str, int]) -> None:
    """The numbers in one line."""
    click.echo(
        f"{counts['added']} added, {counts['changed']} changed, {counts['reopened']} opened again, "
        f"{counts['closed']} closed, {counts['same']} as they were, {counts['skipped']} left out, "
        f"{counts['made']} new districts, {counts['refused']} rows refused."
    )


def refused(rows: list[list[object]]) -> None:
    """The refused rows, each with its reason."""
    for line, code, written in rows[:SHOWN]:
        click.echo(f"  Row {line} ({written}): {REFUSALS[str(code)]}", err=True)
    if len(rows) > SHOWN:
        click.echo(f"  and {len(rows) - SHOWN} more rows", err=True)
