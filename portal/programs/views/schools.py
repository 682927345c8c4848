"""The directory of schools for organizers: search, filter, add, edit, close."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import asked, hx, marks, paging, web
from portal.core.access import may
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.programs import queries
from portal.programs.actions import schools as actions
from portal.programs.directory import held
from portal.programs.directory.districts import by_district
from portal.programs.directory.search import in_directory
from portal.programs.forms.schools import TYPED, SchoolForm, school_form
from portal.programs.models import Program, School
from portal.programs.rules import EDIT_SCHOOLS, LEVEL_NAMES, SEE_SCHOOLS

bp = Blueprint("schools", __name__)
CORRECTED = (*TYPED, "charter", "district_id")  # what the form of a school is filled from


def find_program(person: Any, slug: str) -> Program | None:
    """A program whose directory this person may see."""
    program = queries.program_by_slug(slug)
    return program if program is not None and may(person, SEE_SCHOOLS, program) else None


def find_school(person: Any, public_id: str) -> School | None:
    """A school of such a program, with its district and program."""
    school = queries.school_anywhere(public_id)
    return school if school is not None and may(person, SEE_SCHOOLS, school) else None


@bp.get("/awards/<slug>/schools")
@web.requires(SEE_SCHOOLS, find_program)
def directory(program: Program) -> ResponseReturnValue:
    """The directory; htmx gets the list alone."""
    narrowed = by_district(program.id, asked.text(request.args, "district"))
    typed, closed = asked.text(request.args, "q"), request.args.get("show") == "closed"
    plain = not typed and narrowed.ids is None
    query = in_directory(program.id, typed, narrowed.ids, closed=closed)
    n_open, n_closed, total = held.counts(program.id, None if plain else query)
    if plain:
        total = n_closed if closed else n_open
    page = paging.page_of(query, paging.asked_page(), total=total)
    here: dict[str, Any] = {"q": typed or None, "district": narrowed.said or None}
    return hx.page(
        "programs/schools/directory.html",
        "programs/schools/_list.html",
        page=page,
        by_district=narrowed,
        levels=LEVEL_NAMES,
        typed=typed,
        closed=closed,
        counts=(n_open, n_closed),
        urls=[url_for("schools.directory", slug=program.slug, show=show, **here) for show in (None, "closed")],
    )


@bp.get("/awards/<slug>/schools/new")
@web.requires(EDIT_SCHOOLS, find_program)
def new(program: Program) -> ResponseReturnValue:
    """A school that no file names."""
    return _form_page(program, None, _form(program, None, posted=False))


@bp.post("/awards/<slug>/schools/new")
@web.requires(EDIT_SCHOOLS, find_program)
def add(program: Program) -> ResponseReturnValue:
    return _take(program, None)


@bp.get("/schools/<public_id>")
@web.requires(EDIT_SCHOOLS, find_school)
def school(school: School) -> ResponseReturnValue:
    """One school, to correct or close."""
    program = school.program
    return _form_page(program, school, _form(program, school, posted=False))


@bp.post("/schools/<public_id>")
@web.requires(EDIT_SCHOOLS, find_school)
def edit(school: School) -> ResponseReturnValue:
    return _take(school.program, school)


def _form(program: Program, school: School | None, *, posted: bool) -> SchoolForm:
    return school_form(queries.districts_of(program.id), school, posted=posted)


def _form_page(program: Program, school: School | None, form: SchoolForm, status: int = 200) -> ResponseReturnValue:
    back = url_for("schools.directory", slug=program.slug)
    quiet = queries.quiet_since(school) if school is not None else None
    return hx.page(
        "programs/schools/school.html",
        status=status,
        school=school,
        form=form,
        back=back,
        quiet=quiet,
        level=LEVEL_NAMES.get(school.level, "") if school is not None else "",
        newer=status == 409,
        shown=marks.to_carry(school, CORRECTED, newer=status == 409) if school is not None else "",
    )


def _take(program: Program, school: School | None) -> ResponseReturnValue:
    """Keeps what was typed of a new school (None) or of this one."""
    form = _form(program, school, posted=True)
    if not form.validate():
        return _form_page(program, school, form, 422)
    by, values = web.current_person(), form.values()
    chosen = int(form.district.data) if form.district.data else None
    try:
        with transaction():
            district = actions.district_of(by, program, chosen, form.district_name.data or "")
            if school is None:
                actions.add_school(by, program, district, **values)
            else:
                marks.demand_unchanged(school, CORRECTED, request.form.get(marks.FIELD, ""))
                actions.edit_school(by, school, district, **values)
    except marks.Stale:
        return _form_page(program, school, form, 409)
    except Mistaken as mistake:
        box = form.district_name if isinstance(mistake, actions.NotSure) else form.name
        box.errors = [str(mistake)]
        return _form_page(program, school, form, 422)
    flash(_("%(school)s is in the directory.", school=values["name"]) if school is None else _("Kept."))
    return hx.go(url_for("schools.directory", slug=program.slug, q=values["name"]))


@bp.post("/schools/<public_id>/close")
@web.requires(EDIT_SCHOOLS, find_school)
def close(school: School) -> ResponseReturnValue:
    with transaction():
        actions.close_school(web.current_person(), school)
    flash(_("%(school)s is closed: nobody can choose it any more. Nominations stay.", school=school.name))
    return hx.go(url_for("schools.school", public_id=school.public_id))


@bp.post("/schools/<public_id>/reopen")
@web.requires(EDIT_SCHOOLS, find_school)
def reopen(school: School) -> ResponseReturnValue:
    with transaction():
        actions.reopen_school(web.current_person(), school)
    flash(_("%(school)s can be chosen again.", school=school.name))
    return hx.go(url_for("schools.school", public_id=school.public_id))
