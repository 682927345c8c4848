"""What organizers do with one nomination: confirm it or its address, set it aside, choose its story, split it off."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import audit, hx, marks, web
from portal.core import files as stored_files
from portal.core.db import db, transaction
from portal.core.errors import NotThere, Overtaken
from portal.nominations.actions import correcting, likely, nominate
from portal.nominations.actions import files as actions
from portal.nominations.actions.drafts import locked
from portal.nominations.forms.consent import NominatorForm
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import voices
from portal.nominations.rules.files import terms_of
from portal.nominations.rules.nominate import CORRECTIONS
from portal.nominations.views.organizer.base import NOMINATOR, bp, file_url, find_nomination
from portal.nominations.views.organizer.page import shared
from portal.questions import queries


def _file_of(nomination: Nomination) -> NomineeFile:
    return db.session.get_one(NomineeFile, nomination.file_id)


def _back(nomination: Nomination) -> ResponseReturnValue:
    """Back to the file at the nomination's group; htmx gets the group alone."""
    file = _file_of(nomination)
    if not hx.wants_partial():
        return hx.go(file_url(file, _anchor=f"voices-{nomination.relation_group}"))
    most_words = terms_of(file.cycle.program.settings).story_words[1]
    group = voices.group_of(file, nomination.relation_group, most_words)
    return hx.page("nominations/files/_group.html", "nominations/files/_group.html", **shared(file), group=group)


@bp.post("/nominations/<public_id>/confirm")
@web.requires("nominations.confirm_by_staff", find_nomination)
def confirm(nomination: Nomination) -> ResponseReturnValue:
    """An organizer vouches for who wrote."""
    with transaction():
        nominate.confirm_by_staff(nomination, web.current_person())
    flash(_("Confirmed. This nomination counts now."))
    return hx.go(file_url(_file_of(nomination), _anchor=f"voices-{nomination.relation_group}"))


@bp.post("/nominations/<public_id>/address")
@web.requires("nominations.correct_nominator", find_nomination)
def correct_nominator(nomination: Nomination) -> ResponseReturnValue:
    """A nominator's mistyped address is put right: from the file or from the list of letters that did not arrive."""
    form = NominatorForm()
    if not form.validate():
        return hx.page(
            "nominations/files/address.html",
            status=422,
            file=_file_of(nomination),
            n=nomination,
            tried=form,
            next=_whence(nomination),
            corrections=CORRECTIONS,
        )
    whence = _whence(nomination)  # asked after the change, the file would be read anew for its address
    with transaction():
        sent = locked(nomination)
        _demand_shown(sent, form.email.data or "")
        correcting.correct_nominator(web.current_person(), sent, form.email.data or "")
    given = {"address": sent.nominator_email}
    if sent.state == "submitted":
        said = _("A letter is on its way to %(address)s. The nomination counts once it is confirmed there.", **given)
    else:
        said = _("Letters go to %(address)s from now on. The nomination counts as before.", **given)
    flash(said)
    return hx.go(whence)


def _demand_shown(sent: Nomination, typed: str) -> None:
    """Stops an address that was typed over another one, or over one that its owner has just confirmed."""
    try:
        marks.demand_same(sent, NOMINATOR, request.form.get(marks.FIELD, ""))
    except marks.Stale:
        now_is = _("confirmed by its owner") if sent.state == "confirmed" else sent.nominator_email
        said = _(
            "Something has changed since you opened the page. The address is now: %(now)s. You typed %(typed)s, which"
            " was not kept. Load the page again to see whether anything is left to correct.",
            now=now_is,
            typed=typed,
        )
        raise Overtaken(said) from None


def _whence(nomination: Nomination) -> str:
    target = request.form.get("next", "")
    here = file_url(_file_of(nomination), _anchor=f"n-{nomination.public_id}")
    return target if target and web.safe_next(target) == target else here


@bp.post("/nominations/<public_id>/spam")
@web.requires("nominations.manage_files", find_nomination)
def mark_spam(nomination: Nomination) -> ResponseReturnValue:
    with transaction():
        actions.mark_spam(web.current_person(), nomination)
    flash(_("Set aside as spam. It counts for nothing, and you can take this back below."))
    return hx.go(file_url(_file_of(nomination)))


@bp.post("/nominations/<public_id>/not-spam")
@web.requires("nominations.manage_files", find_nomination)
def unmark_spam(nomination: Nomination) -> ResponseReturnValue:
    with transaction():
        actions.unmark_spam(web.current_person(), nomination)
    flash(_("The nomination stands again."))
    return hx.go(file_url(_file_of(nomination), _anchor=f"voices-{nomination.relation_group}"))


@bp.post("/nominations/<public_id>/show")
@web.requires("nominations.manage_files", find_nomination)
def choose_story(nomination: Nomination) -> ResponseReturnValue:
    """This is the story of its group that scorers read."""
    with transaction():
        actions.choose_story(web.current_person(), nomination)
    return _back(nomination)


@bp.post("/nominations/<public_id>/show/undo")
@web.requires("nominations.manage_files", find_nomination)
def clear_story(nomination: Nomination) -> ResponseReturnValue:
    with transaction():
        actions.clear_story(web.current_person(), nomination)
    return _back(nomination)


@bp.get("/nominations/<public_id>/answer-files/<upload>")
@web.requires("nominations.see_files", find_nomination)
def answer_file(nomination: Nomination, upload: str) -> ResponseReturnValue:
    """A file that the nominator sent as an answer."""
    given = queries.upload(audit.name_of(nomination), upload)
    if given is None or all(said.get("a") != upload for said in nomination.said.values()):
        raise NotThere()
    return stored_files.send(given.stored_file)


@bp.post("/nominations/<public_id>/split")
@web.requires("nominations.manage_files", find_nomination)
def split(nomination: Nomination) -> ResponseReturnValue:
    """The nomination means somebody else: it gets a file of its own."""
    with transaction():
        own = likely.split(web.current_person(), nomination)
    flash(_("This nomination has a file of its own now. To take it back, join the two."))
    return hx.go(file_url(own))
