"""The logo of a program: handed in, shown to everybody."""

from typing import Any

from flask import Response, flash, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict

from portal.core import files, pictures, web
from portal.core.db import db, transaction
from portal.core.errors import Mistaken, NotThere
from portal.programs import actions
from portal.programs.forms.looks import Looks
from portal.programs.models import Cycle, Program
from portal.programs.queries import program_by_slug
from portal.programs.views.base import bp

WIDTH, HEIGHT, LARGEST = 480, 160, 2_000_000  # pixels: twice what is shown; bytes


def typed_files() -> Any:
    """The request's fields and files in one."""
    return CombinedMultiDict((request.files, request.form))


def save_logo(cycle: Cycle, form: Looks) -> None:
    """Stores a picture that was handed in, or takes the old one away; a picture that can't be read is told."""
    upload, program = form.logo.data, cycle.program
    if upload:
        try:
            picture = pictures.small(upload.read(LARGEST + 1), WIDTH, HEIGHT, LARGEST)
        except Mistaken as mistake:
            flash(str(mistake), "warning")
            return
        place = files.write(picture.content)
        with transaction():
            actions.set_logo(program, picture, place, web.current_person())
    elif form.no_logo.data and program.logo:
        with transaction():
            actions.set_logo(program, None, "", web.current_person())


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
