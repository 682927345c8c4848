"""Letters to a school's contact: the page behind "no more letters", and the same from the directory by staff."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, links, web
from portal.core.db import db, transaction
from portal.programs.actions import contacts as actions
from portal.programs.models import Program, School
from portal.programs.rules import EDIT_SCHOOLS
from portal.programs.views.schools import find_school

bp = Blueprint("school_contacts", __name__)


def _program_of(link: links.Link) -> Program | None:
    return db.session.get(Program, link.subject_id)


@bp.get("/schools/no-letters/<token>")
@web.by_link(actions.PURPOSE, _program_of)
def no_letters(program: Program, link: links.Link) -> ResponseReturnValue:
    """Says what the button does; it looks the same whether or not it was pressed before."""
    return hx.page("programs/schools/no_letters.html", address=link.email, done=False)


@bp.post("/schools/no-letters/<token>")
@web.by_link(actions.PURPOSE, _program_of)
def stop(program: Program, link: links.Link) -> ResponseReturnValue:
    """Keeps the wish. The link works for as long as the letter is kept, and answers alike each time."""
    with transaction():
        actions.asked_by_link(link, program)
    return hx.page("programs/schools/no_letters.html", address=link.email, done=True)


@bp.post("/schools/<public_id>/contact/stop")
@web.requires(EDIT_SCHOOLS, find_school)
def stop_for(school: School) -> ResponseReturnValue:
    """Staff were told: no more letters to this contact."""
    with transaction():
        actions.stop_writing(web.current_person(), school)
    flash(_("No more letters go to this address."))
    return hx.go(url_for("schools.school", public_id=school.public_id))


@bp.post("/schools/<public_id>/contact/allow")
@web.requires(EDIT_SCHOOLS, find_school)
def allow(school: School) -> ResponseReturnValue:
    """Staff were told: letters are welcome again."""
    with transaction():
        actions.write_again(web.current_person(), school)
    flash(_("This contact may be written to again."))
    return hx.go(url_for("schools.school", public_id=school.public_id))
