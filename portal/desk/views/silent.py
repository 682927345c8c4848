"""The schools of which nobody has written, and the letter to their contacts: previewed, then sent once a year."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import asked, clock, hx, outbox, paging, web
from portal.core.db import transaction
from portal.core.i18n import LANGUAGES, ngettext
from portal.desk import actions, rules
from portal.desk.mail import closes
from portal.desk.queries import silent as queries
from portal.desk.views.desk import find_cycle
from portal.desk.words import STANDINGS
from portal.nominations.rules.bulk import HOLD_MINUTES
from portal.nominations.rules.nominate import nominations_are_open
from portal.programs import mail
from portal.programs.directory.districts import by_district
from portal.programs.models import Cycle

bp = Blueprint("silent", __name__)
LETTER = "silent_school"


@bp.get("/cycles/<public_id>/silent-schools")
@web.requires(rules.SEE_FIGURES, find_cycle)
def schools(cycle: Cycle) -> ResponseReturnValue:
    """Which schools are silent, and whether somebody there was written to."""
    narrowed = by_district(cycle.program_id, asked.text(request.args, "district"))
    standing = asked.one_of(request.args, "letter", STANDINGS)
    page = paging.page_of(queries.silent_schools(cycle, narrowed.ids, standing), paging.asked_page())
    stands, leave_at = queries.standings(cycle, page.items)
    return hx.page(
        "desk/silent.html",
        cycle=cycle,
        page=page,
        by_district=narrowed,
        standing=standing,
        words=STANDINGS,
        stands=stands,
        leave_at=leave_at,
        narrowed=narrowed.ids is not None or bool(standing),
    )


@bp.get("/cycles/<public_id>/silent-schools/letter")
@web.requires(rules.WRITE_TO_SCHOOLS, find_cycle)
def letter(cycle: Cycle) -> ResponseReturnValue:
    """How the letter reads in each language, whom it would go to, and whom not."""
    program = cycle.program
    own = program.settings.get("letters", {}).get(LETTER, {})
    shown = {
        locale: outbox.render(example.template, locale, {**example.context, "closes": closes(cycle, locale)})
        for locale in program.settings.get("languages", tuple(LANGUAGES))
        for example in (mail.example(program, LETTER, locale, own),)
    }
    return hx.page(
        "desk/silent_letter.html",
        cycle=cycle,
        shown=shown,
        names=LANGUAGES,
        words=STANDINGS,
        counts=queries.standing_counts(cycle),
        hold=HOLD_MINUTES,
        taken=nominations_are_open(cycle, clock.now()),
        editor=url_for("programs.wording", public_id=cycle.public_id, letter=LETTER),
    )


@bp.post("/cycles/<public_id>/silent-schools/letter")
@web.requires(rules.SEND_TO_SCHOOLS, find_cycle)
def send(cycle: Cycle) -> ResponseReturnValue:
    """Writes to the contacts, in ten minutes; pressed twice, each gets one letter."""
    with transaction():
        made = actions.write_to_silent_schools(web.current_person(), cycle)
    if made:
        flash(ngettext("One letter waits to leave.", "%(num)s letters wait to leave.", made))
    else:
        flash(_("Nobody is left to write to. Each school’s contact gets one letter a year."))
    return hx.go(url_for("silent.schools", public_id=cycle.public_id))


@bp.post("/cycles/<public_id>/silent-schools/letter/undo")
@web.requires(rules.WRITE_TO_SCHOOLS, find_cycle)
def undo(cycle: Cycle) -> ResponseReturnValue:
    """Calls back what has not left: those schools count as not written to."""
    with transaction():
        called = actions.call_back_from_silent_schools(web.current_person(), cycle)
    if called:
        flash(
            ngettext(
                "One letter was called back. Nobody got it.",
                "%(num)s letters were called back. Nobody got one.",
                called,
            )
        )
    else:
        flash(_("No letter waits any more: they have left, or were called back before."), "warning")
    return hx.go(url_for("silent.schools", public_id=cycle.public_id))
