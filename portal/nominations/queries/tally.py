"""Whether the voices that stand at the files are those that were written: nothing should ever be found."""

from sqlalchemy import text

from portal.core.db import db
from portal.nominations.models.tally import COLUMNS, counted


def miscounted() -> list[str]:
    """The public ids of the files whose voices, counted anew, are others than those that stand there: one query."""
    stored, recounted = ", ".join(COLUMNS), counted(db.engine.dialect.name)
    return list(db.session.scalars(text(f"SELECT public_id FROM nominee_files WHERE ({stored}) <> ({recounted})")))
