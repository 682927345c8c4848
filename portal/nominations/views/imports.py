"""Importing nominations: upload an export, read what became of each row, download the report, see earlier imports."""

from typing import Any

from flask import Blueprint, Response, flash, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.core import hx, paging, web
from portal.core.db import db
from portal.nominations.forms.files import UploadForm
from portal.nominations.jobs import imports as work
from portal.nominations.models import ImportRun
from portal.nominations.queries import imports as queries
from portal.nominations.remarks import REFUSALS, sentences, short_name
from portal.nominations.report import outcome_name, report_lines
from portal.nominations.sheet import SheetProblem
from portal.nominations.views.organizer.base import SEEING, find_cycle
from portal.programs.models import Cycle

bp = Blueprint("nominations_imports", __name__)
AT_ONCE = 600  # so many rows are read while one waits; longer files are the worker's


def find_run(person: Person, public_id: str) -> ImportRun | None:
    """An import of a program that this person organizes or audits."""
    run = queries.run_by_public_id(public_id)
    return run if run is not None and person.holds(SEEING, run) else None


def _index(cycle: Cycle, form: UploadForm, status: int = 200) -> ResponseReturnValue:
    runs = queries.runs_of(cycle.id)
    return hx.page("nominations/imports/index.html", status=status, cycle=cycle, form=form, runs=runs)


@bp.get("/cycles/<public_id>/imports")
@web.requires("nominations.see_files", find_cycle)
def imports(cycle: Cycle) -> ResponseReturnValue:
    """The upload, what it reads, and earlier imports."""
    return _index(cycle, UploadForm())


@bp.post("/cycles/<public_id>/imports")
@web.requires("nominations.import", find_cycle)
def upload(cycle: Cycle) -> ResponseReturnValue:
    """Takes a file: a short one is read at once, a long one by the worker while the page counts."""
    form = UploadForm()
    if not form.validate():
        return _index(cycle, form, 422)
    content, name = form.content()
    try:
        run_id = work.start(web.current_person(), cycle, content, name)
    except SheetProblem as problem:
        form.sheet.errors = [str(problem)]
        return _index(cycle, form, 422)
    run = db.session.get_one(ImportRun, run_id)
    if run.row_count <= AT_ONCE:
        work.work_through(run_id)
    return hx.go(url_for("nominations_imports.report", public_id=run.public_id))


@bp.get("/imports/<public_id>")
@web.requires("nominations.see_files", find_run)
def report(run: ImportRun) -> ResponseReturnValue:
    """What became of each row; while the import runs, how far it is."""
    kind = request.args.get("show", "")
    kind = kind if kind in queries.KINDS else ""
    counts = queries.counts_of(run.id)
    done = sum(counts[outcome] for outcome in queries.OUTCOMES)
    number = paging.asked_page()
    page = paging.Page(queries.report_page(run.id, kind, number), number, counts.get(kind, done))
    context: dict[str, Any] = {
        "run": run,
        "cycle": run.cycle,
        "counts": counts,
        "done": done,
        "kind": kind,
        "page": page,
        "sentences": sentences,
        "outcome_name": outcome_name,
        "remarks": [
            (short_name(code), count, code in REFUSALS)
            for code, count in sorted(run.remarks.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
    response = hx.page("nominations/imports/report.html", "nominations/imports/_progress.html", **context)
    if run.done_at is not None and hx.wants_partial():
        response.headers["HX-Refresh"] = "true"  # the page that counted shows the report now
    return response


@bp.post("/imports/<public_id>/go-on")
@web.requires("nominations.import", find_run)
def go_on(run: ImportRun) -> ResponseReturnValue:
    """Takes up an import that was stopped midway; what is in stays in once."""
    work.work_through(run.id)
    flash(_("The import is done."))
    return hx.go(url_for("nominations_imports.report", public_id=run.public_id))


@bp.get("/imports/<public_id>/report.csv")
@web.requires("nominations.see_files", find_run)
def download(run: ImportRun) -> ResponseReturnValue:
    """The report as a sheet, every row; cells are inert in spreadsheets."""
    lines = stream_with_context(report_lines(queries.all_rows(run.id)))
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{run.public_id[:8]}.csv"'
    return response
