"""Noticing that somebody is nominated who had asked us to erase everything about them: staff look first."""

from collections.abc import Sequence

from sqlalchemy import update

from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.nominations.queries.erased import erased_before


def look_at(files: Sequence[NomineeFile]) -> None:
    """Marks files, or takes the mark away, after their name, school or address changed. One query for all of them."""
    db.session.flush()
    held = {file.id for file in erased_before(files)}
    for file in files:
        if file.erased_before != (file.id in held):
            file.erased_before = file.id in held


def hold_back(files: Sequence[NomineeFile]) -> list[NomineeFile]:
    """Before a letter goes out: marks those who were erased before and whom nobody has screened; the others."""
    unscreened = [file for file in files if file.screening == "unscreened"]
    held = {file.id for file in erased_before(unscreened)}
    if held:
        statement = update(NomineeFile).where(NomineeFile.id.in_(held)).values(erased_before=True)
        db.session.execute(statement.execution_options(synchronize_session="fetch"))
    return [file for file in files if file.id not in held]
