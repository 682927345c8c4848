"""The outbox: what was written to whom, its state, why it did not arrive; read, hold, release, send again, cancel."""

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.core import hx, paging, web
from portal.core.db import transaction
from portal.core.documents import letter_document
from portal.core.outbox import MESSAGE, Message, subject_of
from portal.desk import actions, letters, mending, rules, words
from portal.desk.find import program_for, programs_of
from portal.desk.queries import mail as queries
from portal.nominations.rules.nominate import CORRECTIONS
from portal.programs.models import Program

bp = Blueprint("mail", __name__)


def find_program(person: Person) -> Program | None:
    """The program whose mail is shown."""
    return program_for(person, rules.SEE_MAIL)


def find_message(person: Person, public_id: str) -> Message | None:
    """A message of a program in which this person has a role, if staff may read it."""
    for program in programs_of(person):
        message = queries.message(program, public_id)
        if message is not None:
            web.show_program(program)
            return message
    return None


@bp.get("/mail")
@web.requires("desk.see_mail", find_program)
def outbox(program: Program) -> ResponseReturnValue:
    state, asked = request.args.get("state", ""), request.args.get("to", "")
    counts = queries.counts_by_state(program)
    total = None if asked else counts.get(state, sum(counts.values()))
    page = paging.page_of(queries.messages(program, state, asked), paging.asked_page(), total=total)
    rows = [(message, subject_of(message)) for message in page.items]
    return hx.page(
        "desk/mail.html",
        page=page,
        rows=rows,
        counts=counts,
        state=state,
        asked=asked,
        states=words.MAIL_STATES,
        state_of=words.mail_state,
        problem_words=words.problem_words,
        undelivered=counts["failed"] + counts["bounced"],
        slug=program.slug,
    )


@bp.get("/mail/undelivered")
@web.requires("desk.see_mail", find_program)
def undelivered(program: Program) -> ResponseReturnValue:
    """Every letter that did not arrive: why, and what to do about each."""
    page = paging.page_of(queries.undelivered(program.id), paging.asked_page())
    behind = queries.behind(page.items)
    rows = [(each, subject_of(each), behind.get(each.about, queries.NOTHING)) for each in page.items]
    return hx.page(
        "desk/undelivered.html",
        page=page,
        rows=[(*row, mending.of(row[0], row[2], program)) for row in rows],
        corrections=CORRECTIONS,
        states=words.MAIL_STATES,
        problem_words=words.problem_words,
        verb_words=words.verb_words,
        slug=program.slug,
    )


@bp.get("/mail/<public_id>")
@web.requires("desk.see_mail", find_message)
def message(message: Message) -> ResponseReturnValue:
    verbs = [verb for verb in rules.MAIL_VERBS if MESSAGE.may(message.state, verb)]
    lost = message.state in rules.UNDELIVERED
    found = queries.behind([message]).get(message.about, queries.NOTHING) if lost else queries.NOTHING
    return hx.page(
        "desk/message.html",
        message=message,
        subject=subject_of(message),
        verbs=verbs,
        state_of=words.mail_state,
        verb_words=words.verb_words(message),
        problem=words.problem_words(message),
        file=found.file,
        mend=mending.of(message, found, g.program) if lost else None,
    )


@bp.get("/mail/<public_id>/body")
@web.requires("desk.see_mail", find_message)
def body(message: Message) -> ResponseReturnValue:
    """The letter's own document, its personal links hidden."""
    return letter_document(letters.as_staff_reads(message).html)


@bp.post("/mail/<public_id>/<any(hold, release, resend, cancel):verb>")
@web.requires("desk.manage_mail", find_message)
def change(message: Message, verb: str) -> ResponseReturnValue:
    with transaction():
        actions.change_message(web.current_person(), message, verb)
    flash(_("Done. The letter is now: %(state)s.", state=words.MAIL_STATES[message.state][1]))
    target = request.form.get("next", "")
    here = url_for("mail.message", public_id=message.public_id)
    return hx.go(target if target and web.safe_next(target) == target else here)
