"""Importing schools: upload a file, read what it would change, carry it out or put it away, see earlier imports."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, sheets, web
from portal.core.access import may
from portal.core.db import db, transaction
from portal.programs.actions import import_schools as actions
from portal.programs.directory import held
from portal.programs.directory.read import REFUSALS, SchoolFileProblem
from portal.programs.forms.schools import SchoolFileForm
from portal.programs.jobs import schools as work
from portal.programs.models import Program, SchoolImport
from portal.programs.rules import EDIT_SCHOOLS, SEE_SCHOOLS
from portal.programs.views.schools import find_program

bp = Blueprint("school_imports", __name__)


def find_run(person: Any, public_id: str) -> SchoolImport | None:
    """An import into a directory that this person may see."""
    run = held.import_by_public_id(public_id)
    return run if run is not None and may(person, SEE_SCHOOLS, run) else None


def _index(program: Program, form: SchoolFileForm, status: int = 200) -> ResponseReturnValue:
    runs = held.imports_of(program.id)
    return hx.page("programs/schools/imports.html", status=status, form=form, runs=runs)


@bp.get("/awards/<slug>/schools/imports")
@web.requires(SEE_SCHOOLS, find_program)
def imports(program: Program) -> ResponseReturnValue:
    """The upload, how it is read, and earlier imports."""
    return _index(program, SchoolFileForm())


@bp.post("/awards/<slug>/schools/imports")
@web.requires(EDIT_SCHOOLS, find_program)
def upload(program: Program) -> ResponseReturnValue:
    """Takes a file and compares it: a short one at once, a long one by the worker."""
    form = SchoolFileForm()
    if not form.validate():
        return _index(program, form, 422)
    content, name = form.content()
    try:
        only = bool(form.known_only.data)
        run_id = work.start(web.current_person(), program, content, name, known_districts_only=only)
    except SchoolFileProblem as problem:
        form.sheet.errors = [str(problem)]
        return _index(program, form, 422)
    run = db.session.get_one(SchoolImport, run_id)
    return hx.go(url_for("school_imports.report", public_id=run.public_id))


@bp.get("/school-imports/<public_id>")
@web.requires(SEE_SCHOOLS, find_run)
def report(run: SchoolImport) -> ResponseReturnValue:
    """What the file would change, how far it is carried out, or what came of it."""
    counts = run.plan.get("counts", {})
    every = sum(counts.get(name, 0) for name in ("added", "changed", "reopened", "closed"))
    response = hx.page(
        "programs/schools/report.html",
        "programs/schools/_progress.html",
        run=run,
        plan=run.plan,
        counts=counts,
        every=every,
        works=run.state in ("reading", "applying"),
        refusals=REFUSALS,
    )
    if run.state not in ("reading", "applying") and hx.wants_partial():
        response.headers["HX-Refresh"] = "true"  # the page that counted shows the report now
    return response


@bp.post("/school-imports/<public_id>/apply")
@web.requires(EDIT_SCHOOLS, find_run)
def apply(run: SchoolImport) -> ResponseReturnValue:
    """Carries the plan out."""
    work.ask_for(web.current_person(), run)
    return hx.go(url_for("school_imports.report", public_id=run.public_id))


@bp.post("/school-imports/<public_id>/go-on")
@web.requires(EDIT_SCHOOLS, find_run)
def go_on(run: SchoolImport) -> ResponseReturnValue:
    """Takes up an import that was stopped midway; what is written is not written twice."""
    if run.state == "reading":
        work.plan(run.id)
    else:
        work.carry_out(run.id)
    return hx.go(url_for("school_imports.report", public_id=run.public_id))


@bp.post("/school-imports/<public_id>/discard")
@web.requires(EDIT_SCHOOLS, find_run)
def discard(run: SchoolImport) -> ResponseReturnValue:
    """Puts the plan away."""
    with transaction():
        actions.discard(web.current_person(), run)
    flash(_("The file is put away. Nothing was changed."))
    return hx.go(url_for("school_imports.imports", slug=run.program.slug))


@bp.get("/school-imports/<public_id>/refused.csv")
@web.requires(SEE_SCHOOLS, find_run)
def refused(run: SchoolImport) -> ResponseReturnValue:
    """The refused rows as a sheet, each with its reason; cells are inert in spreadsheets."""
    rows = [(line, written, str(REFUSALS[code])) for line, code, written in run.plan.get("refused", [])]
    header = [_("Row"), _("Written"), _("Why it is refused")]
    return sheets.download("csv", f"refused-{run.public_id[:8]}", header, rows)
