"""Joining two files of one educator: search, look at both, join; and standing apart again."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import asked, hx, web
from portal.core.db import transaction
from portal.core.errors import NotThere
from portal.nominations.actions import joining as actions
from portal.nominations.models import NomineeFile
from portal.nominations.queries import files as queries
from portal.nominations.queries import joining, voices
from portal.nominations.queries.holds import with_panel
from portal.nominations.rules.joining import to_know, why_not_join
from portal.nominations.views.organizer.base import bp, file_url, find_file, heard_in
from portal.nominations.views.organizer.page import shared


@bp.get("/files/<public_id>/join")
@web.requires("nominations.manage_files", find_file)
def join_search(file: NomineeFile) -> ResponseReturnValue:
    """Other files that may be about the same person: proposed by likeness, or searched for."""
    search = asked.text(request.args, "q")
    found = joining.candidates(file, search)
    wrote = joining.how_many_wrote([other.id for other in found])
    return hx.page(
        "nominations/files/join.html",
        "nominations/files/_candidates.html",
        file=file,
        search=search,
        found=found,
        wrote=wrote,
        back=file_url(file),
    )


def _other(file: NomineeFile, other_id: str) -> NomineeFile:
    other = queries.file_by_public_id(other_id)
    if other is None or other.cycle_id != file.cycle_id:
        raise NotThere()
    return other


@bp.get("/files/<public_id>/join/<other_id>")
@web.requires("nominations.manage_files", find_file)
def join_preview(file: NomineeFile, other_id: str) -> ResponseReturnValue:
    """Both files side by side, and what joining would do."""
    other = _other(file, other_id)
    living = voices.living_in([file.id, other.id])
    held = with_panel([file.id, other.id])
    return hx.page(
        "nominations/files/joining.html",
        **shared(file),
        other=other,
        sides=[(side, living[side.id], heard_in(living[side.id])) for side in (file, other)],
        why_not=why_not_join(file, other, held),
        to_know=to_know(file, other, held),
        reverse_fits=why_not_join(other, file, held) is None,
        back=file_url(file),
    )


@bp.post("/files/<public_id>/join/<other_id>")
@web.requires("nominations.manage_files", find_file)
def join(file: NomineeFile, other_id: str) -> ResponseReturnValue:
    """The other file is joined into this one."""
    other = _other(file, other_id)
    with transaction():
        actions.join(web.current_person(), file, other)
    flash(_("Joined. You can take this back on this page, under “Joined files”."))
    return hx.go(file_url(file))


@bp.post("/files/<public_id>/apart")
@web.requires("nominations.manage_files", find_file)
def undo_join(file: NomineeFile) -> ResponseReturnValue:
    """A file that was joined stands alone again."""
    with transaction():
        kept = actions.undo_join(web.current_person(), file)
    flash(_("%(name)s has a file of its own again.", name=file.name))
    return hx.go(file_url(kept))
