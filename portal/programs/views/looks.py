"""The logo of a program: handed in, shown to everybody."""

from typing import Any

from flask import Response, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict

from portal.core import files, pictures, web
from portal.core.db import db, transaction
from portal.core.errors import Mistaken, NotThere
from portal.programs import actions
from portal.programs.actions import LoadReport
from portal.programs.forms.looks import Looks
from portal.programs.models import Cycle, Program
from portal.programs.queries import program_by_slug
from portal.programs.views.base import bp

BOX = (480, 160)  # pixels: twice what is shown
LARGEST = 2_000_000  # bytes
MOST_PIXELS = 40_000_000


def typed_files() -> Any:
    """The request's fields and files in one."""
    return CombinedMultiDict((request.files, request.form))


def save_logo(cycle: Cycle, form: Looks, report: LoadReport) -> None:
    """Stores a picture that was handed in, or takes the old one away; the report says which, or what is wrong."""
    upload, program = form.logo.data, cycle.program
    if upload:
        try:
            picture = _read(upload.read(LARGEST + 1))
        except Mistaken as mistake:
            report.refused.append(str(mistake))
            return
        place = files.write(picture.content)
        with transaction():
            actions.set_logo(program, picture, place, web.current_person())
        report.made.append("The logo.")
    elif form.no_logo.data and program.logo:
        with transaction():
            actions.set_logo(program, None, "", web.current_person())
        report.changed.append("The logo is gone.")


def _read(content: bytes) -> pictures.Picture:
    """The picture as it is shown. Raises Mistaken for anything but a PNG or JPEG of usual size."""
    if len(content) > LARGEST:
        raise Mistaken(_("This picture is too large. Choose one of at most %(most)s MB.", most=LARGEST // 1_000_000))
    try:
        return pictures.redraw(content, BOX, formats=("PNG", "JPEG"), most_pixels=MOST_PIXELS, lossless=("PNG",))
    except pictures.Unreadable:
        raise Mistaken(_("This can’t be read as a picture. Choose a PNG or JPEG file.")) from None


@bp.get("/awards/<slug>/logo/<sha>")
@web.public(program_by_slug)
def logo(program: Program, sha: str) -> ResponseReturnValue:
    """The logo of this hash, to be kept by browsers forever; letters show it, a draft's too."""
    if not program.logo or program.logo["sha"] != sha:
        raise NotThere()
    stored = db.session.scalar(select(files.StoredFile).where(files.StoredFile.public_id == program.logo["file"]))
    if stored is None or not stored.path.exists():
        raise NotThere()
    response: Response = send_file(stored.path, mimetype=stored.media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
