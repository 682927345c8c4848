"""What organizers do with one nomination: confirm it, set it aside, choose its story for the panel, split it off."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import audit, hx, web
from portal.core import files as stored_files
from portal.core.db import db, transaction
from portal.core.errors import NotThere
from portal.nominations.actions import files as actions
from portal.nominations.actions import likely, nominate
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import voices
from portal.nominations.rules.files import terms_of
from portal.nominations.views.organizer.base import bp, file_url, find_nomination
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
