"""The announcement of a cycle: letters, the rehearsal's list, and the one button."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core import documents, hx, outbox, web
from portal.core.db import db, transaction
from portal.core.errors import Mistaken, NotThere, Overtaken
from portal.core.forms import PlainForm
from portal.core.i18n import LANGUAGES, ngettext
from portal.core.paging import PAGE_SIZE, Page, asked_page
from portal.programs.models import Cycle
from portal.review import queries as review
from portal.selection import actions, mail, queries
from portal.selection.forms import LetterForm
from portal.selection.models import Announcement, LetterText
from portal.selection.views.blueprint import bp


def closed_to(person: Person, cycle: Cycle) -> bool:
    """Whether who gets what must not be told to this person yet: a conflict of interest, or own reviews to hand in.

    After the announcement everybody may know.
    """
    if cycle.announced_at is not None:
        return False
    if review.conflicted_files(person, cycle.id):
        return True
    return not review.own_reviews_are_in(person, cycle.id)


def find_cycle(person: Person, public_id: str) -> Cycle | None:
    """A cycle of a program in which the person leads or audits; what they may do there is the permissions' answer."""
    query = select(Cycle).where(Cycle.public_id == public_id).options(joinedload(Cycle.program))
    cycle = db.session.scalar(query)
    return cycle if cycle is not None and person.holds(("organizer", "chair", "auditor"), cycle) else None


def find_announcement(person: Person, public_id: str) -> Announcement | None:
    """The announcement of such a cycle, once its letters are prepared."""
    cycle = find_cycle(person, public_id)
    return queries.announcement(cycle.id) if cycle is not None else None


@bp.get("/cycles/<public_id>/announcement")
@web.requires("selection.see_announcement", find_cycle)
def announcement(cycle: Cycle) -> ResponseReturnValue:
    found = queries.announcement(cycle.id)
    hidden = closed_to(web.current_person(), cycle)
    page = _recipients(found, asked_page()) if found is not None and not hidden else Page.of([], 1)
    deciding = cycle.rounds[0] if cycle.rounds else None
    return hx.page(
        "selection/announcement.html",
        cycle=cycle,
        found=found,
        deciding=deciding,
        held=queries.held_letters(cycle.id) if cycle.announced_at else 0,
        counts={} if hidden else queries.counts(cycle.id),
        hidden=hidden,
        page=page,
        kinds=kind_names(),
        languages=LANGUAGES,
        form=PlainForm(),
    )


def _recipients(found: Announcement, number: int) -> Page[outbox.Letter]:
    """A page of the rehearsal: who gets what."""
    total = sum(queries.count_letters(found.cycle_id))
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    some = actions.announcing.letters(found, first=(number - 1) * PAGE_SIZE, most=PAGE_SIZE)
    return Page(list(some), number, total)


def kind_names() -> dict[str, str]:
    """What the three letters are called."""
    return {
        "winner": _("To winners"),
        "rest": _("To everybody else who was considered"),
        "nominator": _("To those who nominated"),
    }


def _back(cycle: Any) -> ResponseReturnValue:
    return hx.go(url_for("selection.announcement", public_id=cycle.public_id))


@bp.post("/cycles/<public_id>/announcement")
@web.requires("selection.see_announcement", find_cycle)
def prepare(cycle: Cycle) -> ResponseReturnValue:
    with transaction():
        actions.draft(web.current_person(), cycle)
    return _back(cycle)


def _text(found: Announcement, kind: str, locale: str) -> LetterText:
    text = next((t for t in found.texts if t.kind == kind and t.locale == locale), None)
    if text is None:
        raise NotThere()
    return text


@bp.get("/cycles/<public_id>/announcement/letters/<kind>/<locale>")
@web.requires("selection.see_announcement", find_announcement)
def letter(found: Announcement, kind: str, locale: str) -> ResponseReturnValue:
    text = _text(found, kind, locale)
    form = LetterForm(data={"subject": text.subject, "body": text.body, "revision": text.revision})
    return _letter_page(found, text, form)


def _letter_page(found: Announcement, text: LetterText, form: LetterForm, status: int = 200) -> ResponseReturnValue:
    return hx.page(
        "selection/letter.html",
        status=status,
        found=found,
        cycle=found.cycle,
        text=text,
        form=form,
        placeholders=mail.PLACEHOLDERS[text.kind],
        kinds=kind_names(),
        languages=LANGUAGES,
        overtaken=status == 409,
    )


@bp.post("/cycles/<public_id>/announcement/letters/<kind>/<locale>")
@web.requires("selection.edit_letters", find_announcement)
def edit_letter(found: Announcement, kind: str, locale: str) -> ResponseReturnValue:
    text, form = _text(found, kind, locale), LetterForm()
    if form.validate():
        try:
            with transaction():
                actions.edit_text(
                    web.current_person(),
                    found,
                    text,
                    form.subject.data or "",
                    form.body.data or "",
                    form.revision.data or 0,
                )
        except Mistaken as mistake:
            form.body.errors = [mistake.reason]
            return _letter_page(found, text, form, status=422)
        except Overtaken:
            return _overtaken(found, text, form)
        flash(_("The letter is saved."))
        return hx.go(request.path)
    return _letter_page(found, text, form, status=422)


def _overtaken(found: Announcement, text: LetterText, form: LetterForm) -> ResponseReturnValue:
    """The page as it was typed, beside what the letter says by now."""
    form.revision.raw_data = [str(text.revision)]  # what a number field shows once it was posted
    form.body.errors = [
        _(
            "Somebody else changed this letter while you were writing. Their words stand below yours. Save again to "
            "put yours in their place."
        )
    ]
    return _letter_page(found, text, form, status=409)


@bp.get("/cycles/<public_id>/announcement/letters/<kind>/<locale>/preview")
@web.requires("selection.see_announcement", find_announcement)
def preview(found: Announcement, kind: str, locale: str) -> ResponseReturnValue:
    """The letter as its reader gets it, with the first of its readers' names."""
    text = _text(found, kind, locale)
    real = None if closed_to(web.current_person(), found.cycle) else actions.announcing.first_letter(found, text)
    wanted = real or mail.sample(text, found)
    return documents.letter_document(outbox.render(wanted.template, wanted.locale, wanted.context).html)


@bp.post("/cycles/<public_id>/announcement/hold")
@web.requires("selection.edit_letters", find_announcement)
def hold(found: Announcement) -> ResponseReturnValue:
    with transaction():
        actions.hold(web.current_person(), found, request.form.get("hold") == "1")
    return _back(found.cycle)


@bp.post("/cycles/<public_id>/announcement/announce")
@web.requires("selection.announce", find_announcement)
def announce(found: Announcement) -> ResponseReturnValue:
    with transaction():
        count = actions.announce(web.current_person(), found)
    flash(
        _("The winners are announced.")
        + " "
        + ngettext("One letter is on its way.", "%(num)s letters are on their way.", count)
    )
    return _back(found.cycle)


@bp.post("/cycles/<public_id>/announcement/release")
@web.requires("selection.release_letters", find_announcement)
def release_letters(found: Announcement) -> ResponseReturnValue:
    with transaction():
        count = actions.release_letters(web.current_person(), found)
    flash(ngettext("One letter is on its way.", "%(num)s letters are on their way.", count))
    return _back(found.cycle)
