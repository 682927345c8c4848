"""The demo's mailbox: every message as its reader would see it, links working. Outside a demo there is no such page."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from portal.core import hx, identity, outbox, paging, web
from portal.core.documents import SANDBOX, letter_document
from portal.core.errors import NotThere
from portal.core.outbox import Message
from portal.desk.queries import mail as queries
from portal.programs.queries import all_programs

bp = Blueprint("mailbox", __name__)


def _only_in_a_demo() -> None:
    if not current_app.config["PORTAL"].demo:
        raise NotThere()


def find_message(public_id: str) -> Message | None:
    """Any message, in a demo; none elsewhere."""
    return queries.any_message(public_id) if current_app.config["PORTAL"].demo else None


@bp.get("/mailbox")
@web.public()
def mailbox() -> ResponseReturnValue:
    _only_in_a_demo()
    programs = all_programs()
    if len(programs) == 1:
        web.show_program(programs[0])
    asked = request.args.get("q", "")
    page = paging.page_of(queries.mailbox(asked), paging.asked_page())
    rows = [(message, outbox.subject_of(message)) for message in page.items]
    return hx.page("desk/mailbox.html", page=page, rows=rows, asked=asked)


@bp.get("/mailbox/<public_id>")
@web.public(find_message)
def letter(message: Message) -> ResponseReturnValue:
    rendered = outbox.read(message)
    web.show_program(identity.by_id(message.program_id))
    return hx.page("desk/letter.html", message=message, rendered=rendered, sandbox=SANDBOX)


@bp.get("/mailbox/<public_id>/body")
@web.public(find_message)
def body(message: Message) -> ResponseReturnValue:
    """The letter's own document."""
    return letter_document(outbox.read(message).html)
