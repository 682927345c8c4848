"""A reviewer's own files: what is left, until when, and how far each one is."""

from flask.typing import ResponseReturnValue

from portal.core import hx, web
from portal.core.clock import now
from portal.core.paging import asked_page
from portal.review.queries import queue
from portal.review.views.blueprint import bp


@bp.get("/my-files")
@web.requires("review.own_queue")
def my_files() -> ResponseReturnValue:
    person = web.current_person()
    desks = queue.desks(person)
    if desks:
        web.show_program(desks[0].panel.program)
    page = queue.page_of_queue(person, [desk.panel.id for desk in desks], asked_page())
    return hx.page("review/my_files.html", desks=desks, page=page, moment=now())
