"""Schools that were "not listed": one list for staff, one button each to say which school is meant."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, paging, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.i18n import ngettext
from portal.nominations.actions import unlisted as actions
from portal.nominations.models import NomineeFile
from portal.nominations.queries import unlisted as queries
from portal.nominations.views.organizer.base import bp, find_cycle, find_file
from portal.programs import queries as programs
from portal.programs.actions import schools as directory
from portal.programs.directory import districts
from portal.programs.models import Cycle


@bp.get("/cycles/<public_id>/unlisted-schools")
@web.requires("nominations.see_files", find_cycle)
def unlisted(cycle: Cycle) -> ResponseReturnValue:
    """The schools that wait, or those that were found to be outside."""
    outside = request.args.get("show") == "outside"
    number = paging.asked_page()
    asked = request.args.get("at", "")[:40], request.args.get("q", "")[:200]
    rows, counts = queries.listed(cycle, number, outside=outside, asked=asked)
    if not rows and number > 1:  # the last one of the last page was settled
        return hx.go(url_for("nominations_organizer.unlisted", public_id=cycle.public_id))
    choices = districts.labels(programs.every_district_of(cycle.program_id))
    return hx.page(
        "nominations/files/unlisted.html",
        cycle=cycle,
        page=paging.Page(rows, number, counts[outside], queries.PAGE),
        counts=counts,
        outside=outside,
        asked=asked,
        districts=choices,
        many=len(choices) > programs.MOST_IN_EACH_ROW,
    )


def _back(file: NomineeFile) -> ResponseReturnValue:
    show = "outside" if request.form.get("show") == "outside" else None
    return hx.go(url_for("nominations_organizer.unlisted", public_id=file.cycle.public_id, show=show))


def _tell(settled: actions.Settled, school: str) -> None:
    said = ngettext(
        "One file is at %(school)s now.", "%(num)s files are at %(school)s now.", settled.files, school=school
    )
    if settled.joined:
        said += " " + ngettext(
            "It was joined with the educator’s file there.",
            "%(num)s of them were joined with the educators’ files there.",
            settled.joined,
        )
    flash(said)


@bp.post("/files/<public_id>/school")
@web.requires("nominations.manage_files", find_file)
def choose_school(file: NomineeFile) -> ResponseReturnValue:
    """It is this school of the directory."""
    school = programs.school_by_public_id(file.program_id, request.form.get("school", ""))
    if school is None:
        raise Mistaken(_("Choose one of the schools."))
    with transaction():
        settled = actions.choose_school(web.current_person(), file, school)
    _tell(settled, school.name)
    return _back(file)


@bp.post("/files/<public_id>/school/new")
@web.requires("nominations.manage_files", find_file)
def add_school(file: NomineeFile) -> ResponseReturnValue:
    """It is a school that the directory lacks: added under the name that was written, or the one typed now."""
    by, program = web.current_person(), file.cycle.program
    name = " ".join(request.form.get("name", "").split())[:200]
    chosen = districts.find(program.id, request.form.get("district", "")[:300])
    if not name or chosen is None:
        raise Mistaken(_("Write the name of the school and choose its district."))
    with transaction():
        district = directory.district_of(by, program, chosen, "")
        school = directory.add_school(by, program, district, name=name, city="", level="", charter=False)
        settled = actions.choose_school(by, file, school)
    _tell(settled, name)
    return _back(file)


@bp.post("/files/<public_id>/school/outside")
@web.requires("nominations.manage_files", find_file)
def say_outside(file: NomineeFile) -> ResponseReturnValue:
    """It is not one of our districts' schools."""
    with transaction():
        n = actions.say_outside(web.current_person(), file)
    flash(
        ngettext(
            "One file is marked as outside our districts.", "%(num)s files are marked as outside our districts.", n
        )
    )
    return _back(file)


@bp.post("/files/<public_id>/school/outside/undo")
@web.requires("nominations.manage_files", find_file)
def take_back_outside(file: NomineeFile) -> ResponseReturnValue:
    with transaction():
        actions.take_back_outside(web.current_person(), file)
    flash(_("The school waits in the list again."))
    return _back(file)
