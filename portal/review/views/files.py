"""The files of a panel with their readers; one reader more; recusals and undoing them with a second person."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import asked, hx, web
from portal.core.db import db, transaction
from portal.core.errors import NotThere
from portal.core.paging import asked_page
from portal.nominations.models import NomineeFile
from portal.review import queries
from portal.review.actions import plans, recusal
from portal.review.models import Assignment, Panel
from portal.review.queries import files, panels
from portal.review.rules import CONFLICT_REASONS
from portal.review.views.blueprint import bp

SHOWN = ("all", "short", "waiting")


@bp.get("/panels/<public_id>/files")
@web.requires("review.see_panel", panels.panel_by_id)
def panel_files(panel: Panel) -> ResponseReturnValue:
    show = asked.one_of(request.args, "show", SHOWN, "all")
    page = files.page_of_files(panel, panel.round.readers, show, asked_page())
    return hx.page(
        "review/files.html",
        panel=panel,
        show=show,
        page=page,
        readers=files.readers_of(panel, [file.id for file, _have, _scored in page.items]),
        recusals=files.recusals(panel),
        reasons=CONFLICT_REASONS,
        out=queries.conflicted_files(web.current_person(), panel.cycle_id),
    )


@bp.post("/panels/<public_id>/files/<file_id>/reader")
@web.requires("review.lead_panel", panels.panel_by_id)
def add_reader(panel: Panel, file_id: str) -> ResponseReturnValue:
    """One reader more for one file: the lightest who may; everything else stays as it is."""
    query = select(NomineeFile).where(NomineeFile.public_id == file_id, NomineeFile.cycle_id == panel.cycle_id)
    file = db.session.scalar(query.where(*files.STANDS))
    if file is None:
        raise NotThere()
    with transaction():
        plans.add_reader(web.current_person(), panel, file)
    flash(_("Another reader was found and is told by mail now."))
    show = request.form.get("show", "all")
    return hx.go(url_for("review.panel_files", public_id=panel.public_id, show=show if show in SHOWN else "all"))


def _of_panel(person: Any, public_id: str) -> Assignment | None:
    query = select(Assignment).where(Assignment.public_id == public_id)
    query = query.options(joinedload(Assignment.panel), joinedload(Assignment.program))
    found = db.session.scalar(query)
    return found if found and person.holds(panels.STAFF, found) else None


@bp.post("/assignments/<public_id>/reinstate")
@web.requires("review.reinstate", _of_panel)
def ask_to_reinstate(assignment: Assignment) -> ResponseReturnValue:
    with transaction():
        recusal.ask_to_reinstate(web.current_person(), assignment)
    flash(_("Noted. A second person has to agree: an organizer, or the chair."))
    return hx.go(url_for("review.panel_files", public_id=assignment.panel.public_id))


@bp.post("/assignments/<public_id>/reinstate/confirm")
@web.requires("review.confirm_reinstate", _of_panel)
def confirm_reinstate(assignment: Assignment) -> ResponseReturnValue:
    with transaction():
        recusal.confirm_reinstate(web.current_person(), assignment)
    flash(_("The recusal is undone. The file is open to its reader again."))
    return hx.go(url_for("review.panel_files", public_id=assignment.panel.public_id))
