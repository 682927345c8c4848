"""The picture beside a program's name."""

from typing import Any

from portal.core import audit, files
from portal.core.pictures import Picture
from portal.programs.actions.cycles import ask_to_edit, change_program
from portal.programs.models import Program


def set_logo(program: Program, picture: Picture | None, place: str, by: Any) -> None:
    """Shows a picture whose bytes `files.write` put at `place`; None takes the one there is away. Raises Refused."""
    ask_to_edit(by, program)
    if picture is None:
        change_program(program, logo=None)
        audit.record(by, "program.logo_taken_away", program)
    else:
        kept = files.keep(place, name="logo", media_type=picture.media_type, program_id=program.id)
        size = {"width": picture.width, "height": picture.height}
        change_program(program, logo={"file": kept.public_id, "sha": kept.sha256[:16], **size})
        audit.record(by, "program.logo_set", program, sha256=kept.sha256)
