"""Imports of nominations: upload an export, read what became of each row, download that, see earlier imports.

How an upload is read before it enters is chosen on the pages of `import_steps`.
"""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.core import asked, hx, paging, sheets, web
from portal.core.access import may
from portal.core.clock import now
from portal.nominations import uploads
from portal.nominations.asking import form_for
from portal.nominations.forms.imports import UploadForm
from portal.nominations.jobs import imports as work
from portal.nominations.models import ImportRun
from portal.nominations.queries import imports as queries
from portal.nominations.remarks import REFUSALS, sentences, short_name
from portal.nominations.report import outcome_name, refused_of, report_of
from portal.nominations.sheet import SheetProblem, names_of
from portal.nominations.views.organizer.base import SEEING, find_cycle
from portal.programs.models import Cycle

bp = Blueprint("nominations_imports", __name__)
AT_ONCE = 600  # so many rows are read while one waits; longer files are the worker's


def find_run(person: Person, public_id: str) -> ImportRun | None:
    """An import of a program that this person organizes or audits."""
    run = queries.run_by_public_id(public_id)
    return run if run is not None and person.holds(SEEING, run) else None


def report_url(run: ImportRun) -> str:
    """The address of an import's report."""
    return url_for("nominations_imports.report", public_id=run.public_id)


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
    """Takes a file, and goes on to its columns: nothing enters yet."""
    form = UploadForm()
    if not form.validate():
        return _index(cycle, form, 422)
    content, name = form.content()
    try:
        run = uploads.take(web.current_person(), cycle, content, name)
    except SheetProblem as problem:
        form.sheet.errors = [str(problem)]
        return _index(cycle, form, 422)
    return hx.go(url_for("nominations_import_steps.columns", public_id=run.public_id))


@bp.get("/imports/<public_id>")
@web.requires("nominations.see_files", find_run)
def report(run: ImportRun) -> ResponseReturnValue:
    """What became of each row (after a dry run: what would); while the rows are read, how far it is."""
    if run.state == "draft" and may(web.current_person(), "nominations.import", run):
        return hx.go(url_for("nominations_import_steps.columns", public_id=run.public_id))
    kind = asked.one_of(request.args, "show", queries.KINDS)
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
        "field_names": names_of(q for q in form_for(run.program).questions if not q.fixed),
        "can_mend": run.done_at is None or run.done_at > now() - work.KEEP_REFUSED,
        "remarks": [
            (short_name(code), count, code in REFUSALS)
            for code, count in sorted(run.remarks.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
    response = hx.page("nominations/imports/report.html", "nominations/imports/_progress.html", **context)
    if not run.is_reading and hx.wants_partial():
        response.headers["HX-Refresh"] = "true"  # the page that counted shows the report now
    return response


def work_on(run: ImportRun, verb: str) -> ResponseReturnValue:
    """Begins an import or its dry run: a short file is read at once, a long one by the worker while the page counts."""
    work.begin(web.current_person(), run.id, verb)
    if run.row_count <= AT_ONCE:
        work.WORK[verb](run.id)
    return hx.go(report_url(run))


@bp.post("/imports/<public_id>/go-on")
@web.requires("nominations.import", find_run)
def go_on(run: ImportRun) -> ResponseReturnValue:
    """Takes up what was stopped midway; what is in stays in once."""
    if run.is_reading:
        verb = "started" if run.state == "running" else "tried"
        if run.row_count <= AT_ONCE:
            work.WORK[verb](run.id)
        else:
            work.wake(run, verb)
            flash(_("We asked for it again. The count below goes on in a moment."))
    return hx.go(report_url(run))


@bp.get("/imports/<public_id>/report.<any(csv, xlsx):ending>")
@web.requires("nominations.see_files", find_run)
def download(run: ImportRun, ending: str) -> ResponseReturnValue:
    """The report as a sheet, every row; cells are inert in spreadsheets."""
    return sheets.download(ending, f"import-{run.public_id[:8]}", *report_of(queries.all_rows(run.id)))


@bp.get("/imports/<public_id>/refused.<any(csv, xlsx):ending>")
@web.requires("nominations.see_files", find_run)
def refused(run: ImportRun, ending: str) -> ResponseReturnValue:
    """The refused rows in the file's own columns, and why in one more: to mend and import again."""
    return sheets.download(ending, f"refused-{run.public_id[:8]}", *refused_of(run, queries.refused_rows(run.id)))
