"""Whether what the database keeps at the files is true: nothing should ever be found."""

from sqlalchemy import text

from portal.core.db import db
from portal.nominations.models.standing import STANDING
from portal.nominations.models.tally import COLUMNS, counted


def miscounted() -> list[str]:
    """The public ids of the files whose voices, counted anew, are others than those that stand there, or whose standing
    is another than theirs: one query.
    """
    stored, recounted = ", ".join(COLUMNS), counted(db.engine.dialect.name)
    wrong = f"({stored}) <> ({recounted}) OR standing <> ({STANDING})"
    return list(db.session.scalars(text(f"SELECT public_id FROM nominee_files WHERE {wrong}")))
