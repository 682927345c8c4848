"""Organizers ask nominees: the queue of missing addresses, a pasted list of them, letters, one reminder an address."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.accounts.rules import ROLE_NAMES
from portal.core import asked, hx, marks, outbox, paging, web
from portal.core.db import transaction
from portal.core.documents import letter_document
from portal.core.errors import Overtaken
from portal.core.i18n import ngettext
from portal.nominations.actions import consent as actions
from portal.nominations.forms.consent import AddressForm, ListForm, match_list
from portal.nominations.mail import nominee as mail
from portal.nominations.models import NomineeFile
from portal.nominations.queries import consent as queries
from portal.nominations.rules import consent as rules
from portal.nominations.rules.nominate import form_settings
from portal.programs.models import Cycle

bp = Blueprint("nominations_letters", __name__)


def find_cycle(person: Person, public_id: str) -> Cycle | None:
    """A cycle of a program in which this person has a role."""
    cycle = queries.cycle_by_public_id(public_id)
    return cycle if cycle is not None and person.holds(tuple(ROLE_NAMES), cycle) else None


def find_file(person: Person, public_id: str) -> NomineeFile | None:
    """A file that still stands for itself, of a program in which this person has a role."""
    file = queries.file_by_public_id(public_id)
    if file is None or file.joined_into_id is not None or not person.holds(tuple(ROLE_NAMES), file):
        return None
    return file


def _queue(cycle: Cycle, status: int = 200, **context: Any) -> ResponseReturnValue:
    known, held = queries.who_waits(cycle)
    counts = queries.consent_counts(cycle, known)
    page = paging.page_of(queries.needing_address(cycle, held), paging.asked_page(), total=counts["need_address"])
    context = {"list_form": ListForm(formdata=None), **context}
    return hx.page(
        "nominations/letters/addresses.html", status=status, cycle=cycle, counts=counts, page=page, **context
    )


@bp.get("/cycles/<public_id>/addresses")
@web.requires("nominations.send_letters", find_cycle)
def addresses(cycle: Cycle) -> ResponseReturnValue:
    return _queue(cycle)


@bp.post("/files/<public_id>/address")
@web.requires("nominations.send_letters", find_file)
def save_address(file: NomineeFile) -> ResponseReturnValue:
    """Types or corrects one address: from the queue in place, from elsewhere back to where one came from."""
    form = AddressForm()
    if not form.validate():
        context = {"problem": form.email.errors[0], "typed": request.form.get("email", "")}
        page, partial = "nominations/files/address.html", "nominations/letters/_address.html"
        return hx.page(page, partial, status=422, file=file, tried=form, next=_back(file), **context)
    with transaction():
        _demand_shown(file, form.email.data or "")
        written = actions.set_address(web.current_person(), file, form.email.data or "")
    if hx.wants_partial():
        return hx.page("nominations/letters/_address.html", file=file, saved=True)
    if written:
        flash(_("A new letter is on its way to %(address)s. The old link no longer works.", address=file.email))
    else:
        flash(_("The address of %(name)s is kept. Next: send the letter.", name=file.name))
    return hx.go(_back(file))


def _demand_shown(file: NomineeFile, typed: str) -> None:
    """Stops an address that was typed over another one than stands there now, and tells both."""
    try:
        marks.demand_unchanged(file, ("email",), request.form.get(marks.FIELD, ""))
    except marks.Stale:
        said = _(
            "Somebody else has changed this address since you opened the page. It now is %(now)s. You typed %(typed)s,"
            " which was not kept.",
            now=file.email or "–",
            typed=typed,
        )
        raise Overtaken(said) from None


@bp.post("/files/<public_id>/address/right")
@web.requires("nominations.send_letters", find_file)
def address_is_right(file: NomineeFile) -> ResponseReturnValue:
    """Mail goes to the nominee's address again although some came back."""
    with transaction():
        actions.confirm_address(web.current_person(), file)
    flash(_("Mail goes to %(address)s again. What had not arrived is on its way.", address=file.email))
    return hx.go(url_for("nominations_organizer.file_page", public_id=file.public_id))


def _back(file: NomineeFile) -> str:
    target = request.form.get("next", "")
    default = url_for("nominations_letters.addresses", public_id=file.cycle.public_id)
    return target if target and web.safe_next(target) == target else default


@bp.post("/cycles/<public_id>/addresses/list")
@web.requires("nominations.send_letters", find_cycle)
def check_list(cycle: Cycle) -> ResponseReturnValue:
    """Shows what a pasted list comes to; nothing is written yet."""
    form = ListForm()
    if not form.validate():
        return _queue(cycle, 422, list_form=form)
    matched = match_list(form.list.data or "", queries.names_in(cycle.id))
    return hx.page("nominations/letters/list.html", cycle=cycle, form=form, matched=matched)


@bp.post("/cycles/<public_id>/addresses/apply")
@web.requires("nominations.send_letters", find_cycle)
def apply_list(cycle: Cycle) -> ResponseReturnValue:
    """Reads the list again and writes the addresses that can be told without a guess."""
    form = ListForm()
    if not form.validate():
        return _queue(cycle, 422, list_form=form)
    with transaction():
        matched = match_list(form.list.data or "", queries.names_in(cycle.id))
        count = actions.set_addresses(web.current_person(), cycle, matched.found)
    flash(ngettext("One address is in.", "%(num)s addresses are in.", count))
    return hx.go(url_for("nominations_letters.letters", public_id=cycle.public_id))


@bp.get("/cycles/<public_id>/letters")
@web.requires("nominations.send_letters", find_cycle)
def letters(cycle: Cycle) -> ResponseReturnValue:
    which = asked.one_of(request.args, "list", queries.LISTS, "ready")
    known, held = queries.who_waits(cycle)
    counts = queries.consent_counts(cycle, known)
    page = paging.page_of(queries.listed(cycle, which, held), paging.asked_page(), total=counts[which])
    open_until = rules.accept_until(cycle.windows)
    return hx.page(
        "nominations/letters/letters.html",
        cycle=cycle,
        counts=counts,
        which=which,
        page=page,
        open_until=open_until,
        days=form_settings(cycle.program).consent_remind_after_days,
        is_open=rules.may_still_ask(cycle),
    )


def preview_of(file: NomineeFile) -> outbox.Rendered:
    """The next letter to this nominee as they will read it, with a link that opens nothing."""
    reminder = file.consent == "asked"
    voices = queries.voices_of([file.id])[file.id]
    nowhere = outbox.address(mail.PAGE, token="preview")
    context = mail.request_context(file, voices, nowhere)
    return outbox.render(mail.REMINDER if reminder else mail.REQUEST, file.locale, context)


@bp.get("/files/<public_id>/letter")
@web.requires("nominations.send_letters", find_file)
def letter(file: NomineeFile) -> ResponseReturnValue:
    """The letter as the nominee will read it, and the button that sends it."""
    is_open = rules.may_still_ask(file.cycle)
    return hx.page(
        "nominations/letters/letter.html", file=file, cycle=file.cycle, rendered=preview_of(file), is_open=is_open
    )


@bp.get("/files/<public_id>/letter/body")
@web.requires("nominations.send_letters", find_file)
def letter_body(file: NomineeFile) -> ResponseReturnValue:
    """The letter itself, for the frame on that page."""
    return letter_document(preview_of(file).html)


@bp.post("/files/<public_id>/letter")
@web.requires("nominations.send_letters", find_file)
def send_letter(file: NomineeFile) -> ResponseReturnValue:
    with transaction():
        sent = actions.send_letters(web.current_person(), file.cycle, [file])
    if sent:
        flash(_("The letter to %(name)s is on its way.", name=file.name))
    else:
        flash(_("No letter went out: %(name)s was asked already, or can't be asked yet.", name=file.name))
    return hx.go(_to_list(file.cycle))


@bp.post("/files/<public_id>/reminder")
@web.requires("nominations.send_letters", find_file)
def remind(file: NomineeFile) -> ResponseReturnValue:
    with transaction():
        sent = actions.remind(web.current_person(), file.cycle, [file])
    if sent:
        flash(_("The reminder to %(name)s is on its way. It was the only one.", name=file.name))
    else:
        flash(_("No reminder went out: %(name)s had one, or has answered.", name=file.name))
    return hx.go(_to_list(file.cycle, "waiting"))


def _to_list(cycle: Cycle, which: str | None = None) -> str:
    return url_for("nominations_letters.letters", public_id=cycle.public_id, list=which)
