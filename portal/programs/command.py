"""The command line of programs: `portal program load FILE --opens DATE --cycle NAME`, `portal program write SLUG`."""

from datetime import date, datetime
from pathlib import Path

import click

from portal.accounts import queries as accounts
from portal.accounts.actions import grant
from portal.accounts.rules import EVERYWHERE
from portal.core.audit import OPERATOR
from portal.core.db import transaction
from portal.core.forms import is_in_reach
from portal.programs import files, queries
from portal.programs.actions import LoadReport, load_definition
from portal.programs.definition import DefinitionErrors

LONGEST_NAME = 40  # letters of a cycle's name


class Day(click.ParamType):
    """A date on which a year may open, written like 2026-08-31."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = datetime.strptime(str(value), "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"“{value}” is not a date. Write it like 2026-08-31.", param, ctx)
        if not is_in_reach(day):
            self.fail(f"“{value}” is not a day of this century.", param, ctx)
        return day


@click.group("program")
def program() -> None:
    """Programs: what an award is, as a file."""


@program.command("load")
@click.argument("file")
@click.option("--opens", type=Day(), required=True, help="The day on which nominations open, like 2026-08-31.")
@click.option("--cycle", "cycle_name", required=True, help="How people call this year's award, like 2027.")
@click.option("--draft", is_flag=True, help="Load without publishing: the public page does not show the cycle yet.")
def load(file: str, opens: date, cycle_name: str, draft: bool) -> None:
    """Load a program's FILE, or a shipped one by name (teach-on). A mistake is named and changes nothing."""
    cycle_name = cycle_named(cycle_name)
    read = program_in(file)
    with transaction():
        report = load_definition(
            read.definition,
            OPERATOR,
            cycle_name=cycle_name,
            opening_day=opens,
            schools=read.schools,
            publish=not draft,
        )
    tell(report)


def cycle_named(name: str) -> str:
    """The cycle's name as it is kept; one that can't be ends the command with a sentence."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise click.BadParameter(
            f"give the cycle a name of at most {LONGEST_NAME} letters, like 2027.", param_hint="--cycle"
        )
    return name


def program_in(file: str) -> files.ProgramFile:
    """The program in this file, or the shipped one of that name; its mistakes end the command, each in a sentence."""
    try:
        path = files.find(file)
    except FileNotFoundError:
        shipped = ", ".join(files.default_names())
        raise click.ClickException(f"There is no file {file}. Programs that come with Laurel: {shipped}.") from None
    try:
        return files.read(path)
    except DefinitionErrors as errors:
        count = len(errors.problems)
        click.echo(f"{path.name} has {count} {'mistake' if count == 1 else 'mistakes'}. Nothing was changed.", err=True)
        for problem in errors.problems:
            click.echo(f"  {problem}", err=True)
        raise SystemExit(1) from None


@program.command("write")
@click.argument("slug")
@click.option("--cycle", "cycle_name", default=None, help="Which year to write; without it, the newest.")
@click.option("--to", "folder", type=click.Path(file_okay=False), default=None, help="A folder for the two files.")
def write(slug: str, cycle_name: str | None, folder: str | None) -> None:
    """Print the program at /awards/SLUG/ as a file that can be loaded again; or write it with its schools."""
    found = queries.program_by_slug(slug)
    cycles = queries.cycles_of(found) if found else []
    cycle = next((each for each in cycles if cycle_name in (None, each.name)), None)
    if found is None or cycle is None:
        raise click.ClickException(f"There is no program {slug}{f' with a year {cycle_name}' if cycle_name else ''}.")
    if folder is None:
        click.echo(files.as_text(cycle), nl=False)
        return
    for path in files.write(Path(folder), cycle):
        click.echo(f"Wrote {path}.")


@program.command("founder")
@click.argument("address")
def founder(address: str) -> None:
    """Let the person with this e-mail ADDRESS found programs on the web. They see nothing of the others'."""
    person = accounts.person_by_email(address)
    if person is None:
        raise click.ClickException(f"Nobody has an account with the address {address}.")
    with transaction():
        grant(OPERATOR, person, "organizer", EVERYWHERE)
    click.echo(f"{person.name} may found programs now, at /programs/new.")


def tell(report: LoadReport) -> None:
    """Prints what came of a load."""
    if report.is_quiet:
        click.echo("Nothing to change: the database already says what the file says.")
    for heading, sentences in (
        ("Made", report.made),
        ("Changed", report.changed),
        ("Not changed, because people already rely on it", report.refused),
    ):
        if sentences:
            click.echo(f"{heading}:")
            for sentence in sentences:
                click.echo(f"  {sentence}")
