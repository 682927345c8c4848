"""`portal import nominations FILE --cycle C`: brings an export of a web form in, and says what became of each row."""

from pathlib import Path

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.core import audit
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.nominations.jobs import imports as work
from portal.nominations.models import ImportRun
from portal.nominations.queries import imports as queries
from portal.nominations.remarks import REFUSALS, short_name
from portal.nominations.report import report_lines
from portal.programs.models import Cycle, Program


@click.command("nominations")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cycle", "cycle_name", required=True, help="The cycle's name (such as 2027) or its public id.")
@click.option("--program", "slug", help="The program's address, when several programs have a cycle of that name.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the report here, row by row.")
def nominations(file: Path, cycle_name: str, slug: str | None, report: Path | None) -> None:
    """Brings nominations in from an export of a web form (CSV).

    Running it twice adds nothing. No mail is sent.
    """
    cycle = find_cycle(cycle_name, slug)
    run_id = work.start(audit.OPERATOR, cycle, file.read_bytes(), file.name)
    run = db.session.get_one(ImportRun, run_id)
    with click.progressbar(length=run.row_count, label="Reading rows") as bar:
        work.work_through(run_id, progress=lambda done: bar.update(done - bar.pos))
    _summary(run_id)
    if report is not None:
        # The lines end as CSV's do already; the mark for spreadsheets comes with the first one.
        report.write_text("".join(report_lines(queries.all_rows(run_id))), encoding="utf-8", newline="")
        click.echo(f"What became of each row: {report}")


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


def _summary(run_id: int) -> None:
    counts = queries.counts_of(run_id)
    click.echo(
        f"{counts['entered']} entered ({counts['remarks']} with remarks), "
        f"{counts['already in']} already in, {counts['refused']} refused."
    )
    for code, count in queries.remark_counts(run_id).items():
        click.echo(f"  {count:>6}  {short_name(code)}{' (refused)' if code in REFUSALS else ''}")
