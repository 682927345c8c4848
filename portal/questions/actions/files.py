"""Files given as answers: kept beside the thing they are about, and forgotten with it."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from portal.core import files
from portal.core.db import after_commit, db
from portal.core.errors import Mistaken
from portal.questions.models import Upload

MOST_UPLOADS = 24  # files that somebody may put to one thing, those replaced counted


def keep_file(thing: str, key: str, program_id: int, place: str, name: str, media_type: str) -> str:
    """Keeps a file (written by `files.write`) as the answer to a question; the upload's public id."""
    counted = db.session.scalar(select(func.count(Upload.id)).where(Upload.thing == thing))
    if (counted or 0) >= MOST_UPLOADS:
        raise Mistaken(_("You have sent many files already. Please write to us, and we will help."))
    file = files.keep(place, name=name, media_type=media_type, program_id=program_id)
    upload = Upload(program_id=program_id, thing=thing, key=key, stored_file_id=file.id)
    db.session.add(upload)
    db.session.flush()
    return upload.public_id


def forget_files(things: Sequence[str], keep: Sequence[str] = ()) -> None:
    """Deletes the files given as answers about these things, but those to keep: rows now, bytes once that is sure."""
    query = select(Upload).where(Upload.thing.in_(things), Upload.public_id.not_in(keep))
    gone = list(db.session.scalars(query))
    if not gone:
        return
    paths = [upload.stored_file.path for upload in gone]
    db.session.execute(delete(Upload).where(Upload.id.in_([u.id for u in gone])))
    db.session.execute(delete(files.StoredFile).where(files.StoredFile.id.in_([u.stored_file_id for u in gone])))

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    after_commit(unlink)
