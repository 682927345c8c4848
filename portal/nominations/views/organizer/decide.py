"""Screening: the rules with what the file says to each, and the decision with its reason."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, marks, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.nominations.actions import files as actions
from portal.nominations.forms.files import ScreenForm, screen_form
from portal.nominations.models import NomineeFile
from portal.nominations.queries import consent, voices
from portal.nominations.queries import files as queries
from portal.nominations.queries.eligibility import known_of
from portal.nominations.rules.eligibility import HELD, Hint, hints
from portal.nominations.rules.files import doubt, terms_in_words, terms_of
from portal.nominations.views.organizer.base import bp, file_url, find_file, position
from portal.nominations.views.organizer.page import shared

DECISION = ("screening", "screening_reason")  # what this form is filled from


@bp.get("/files/<public_id>/screen")
@web.requires("nominations.manage_files", find_file)
def screen_page(file: NomineeFile) -> ResponseReturnValue:
    """The rules, each with what we know, and the decision."""
    return _page(file, posted=False)


@bp.post("/files/<public_id>/screen")
@web.requires("nominations.manage_files", find_file)
def screen(file: NomineeFile) -> ResponseReturnValue:
    return _page(file, posted=True)


@bp.post("/files/<public_id>/screen/take-back")
@web.requires("nominations.manage_files", find_file)
def take_screening_back(file: NomineeFile) -> ResponseReturnValue:
    """Nobody has decided after all: the file waits for screening again."""
    with transaction():
        taken = actions.take_back_screenings(web.current_person(), [file])
    if taken or file.screening == "unscreened":  # sent twice, or somebody was faster
        flash(_("Taken back. The file waits for screening again."))
    elif file.joined_into_id is not None:
        flash(_("This file was joined into another one. Screen that one."), "error")
    else:
        flash(_("The panel has this file. Find it not eligible, with the reason, if it should leave."), "error")
    return hx.go(file_url(file))


def _page(file: NomineeFile, *, posted: bool) -> ResponseReturnValue:
    rules = file.cycle.eligibility
    form = screen_form(rules, file, posted=posted)
    status = 422 if posted else 200
    try:
        decided = posted and form.validate() and _decided(file, form)
    except marks.Stale:
        decided, status = False, 409
    if decided:
        said = _("Found eligible.") if form.is_eligible else _("Found not eligible. The reason is kept with the file.")
        flash(said)
        return hx.go(file_url(file))
    terms = terms_of(file.cycle.program.settings)
    living = voices.living_in([file.id])[file.id]
    return hx.page(
        "nominations/files/screen.html",
        status=status,
        **shared(file),
        newer=status == 409,
        shown=marks.to_carry(file, DECISION, newer=status == 409),
        form=form,
        rules=_hints(file),
        held=HELD["erased"][1] if file.erased_before else "",
        doubt=doubt(queries.voices_in(living, terms), terms),
        asked_of_voices=terms_in_words(terms),
        back=file_url(file),
    )


def _decided(file: NomineeFile, form: ScreenForm) -> bool:
    """Records the decision; a reason that is missing is said at its field. Raises Stale over somebody else's."""
    try:
        with transaction():
            marks.demand_unchanged(file, DECISION, request.form.get(marks.FIELD, ""))
            reason = form.reason.data or ""
            actions.screen(
                web.current_person(), file, eligible=form.is_eligible, reason=reason, rules=form.rules.data or []
            )
    except Mistaken as mistake:
        form.reason.errors = [str(mistake)]
        return False
    return True


def _hints(file: NomineeFile) -> list[tuple[Any, Hint]]:
    """Each rule with what we know about it."""
    return hints(
        file.cycle.eligibility,
        file,
        closed_positions=terms_of(file.cycle.program.settings).closed_positions,
        called=position(file),
        known=known_of(file.cycle),
        attested=consent.attested(file),
    )
