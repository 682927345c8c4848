"""Uploaded and made files: bytes under a random name in the data folder, a row that knows what they are."""

import hashlib
from pathlib import Path

from flask import Response, current_app, send_file
from flask_babel import gettext as _
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identified, db
from portal.core.errors import Mistaken, NotThere
from portal.core.tokens import new_public_id

LARGEST = 20 * 1024 * 1024  # bytes


class StoredFile(Identified, Base):
    """One file. `place` is its path below the data folder; `name` only what people called it."""

    __tablename__ = "stored_files"

    program_id: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(120))

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return folder() / self.place


def folder() -> Path:
    """The folder of all stored files."""
    return Path(current_app.config["PORTAL"].data) / "files"


def write(content: bytes, *, limited: bool = True) -> str:
    """Writes the bytes under a new random name (before the transaction: disks are slow); returns the place.

    What an operator brings on the command line is not limited.
    """
    if limited and len(content) > LARGEST:
        raise Mistaken(_("The file is larger than 20 MB."))
    name = new_public_id()
    place = f"{name[:2].lower()}/{name}"
    target = folder() / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return place


def keep(place: str, *, name: str, media_type: str, program_id: int | None = None) -> StoredFile:
    """Adds the row for bytes that `write` put there; call inside an action."""
    content = (folder() / place).read_bytes()
    stored = StoredFile(
        program_id=program_id,
        name=name[-200:] or "file",
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        place=place,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def send(stored: StoredFile) -> Response:
    """Answers with the file as a download, never shown inside the page."""
    if not stored.path.exists():
        raise NotThere()
    response = send_file(stored.path, mimetype=stored.media_type, as_attachment=True, download_name=stored.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
