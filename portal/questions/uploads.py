"""Files that people give as answers: checked by what they hold, pictures made anew without what the camera wrote."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from flask_babel import gettext as _

from portal.core import pictures
from portal.core.errors import Mistaken

LARGEST = 10 * 1024 * 1024  # bytes
WIDEST = 3000  # pixels of a picture's longer side
MOST_PIXELS = 60_000_000
PICTURES = {"jpeg": "JPEG", "jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
DOCUMENTS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
ACCEPT = ",".join(f".{ending}" for ending in (*PICTURES, *DOCUMENTS))


@dataclass(frozen=True)
class Clean:
    """A file that may be kept."""

    content: bytes
    name: str
    media_type: str


def clean(content: bytes, name: str) -> Clean:
    """The file as it is kept. Raises Mistaken, with what to do, for what is no picture, PDF or text document."""
    if not content:
        raise Mistaken(_("The file is empty. Please choose another one."))
    if len(content) > LARGEST:
        raise Mistaken(_("The file is larger than 10 MB. Please choose a smaller one."))
    kind = _kind(content)
    stem = "".join(c for c in PurePath(name.replace("\\", "/")).stem if c.isprintable()).strip()[:120] or _("File")
    if kind in PICTURES:
        return _picture(content, stem)
    if kind in DOCUMENTS and (kind == "pdf" or _is_document(content, kind)):
        return Clean(content, f"{stem}.{kind}", DOCUMENTS[kind])
    raise Mistaken(_("This kind of file can’t be taken. Please send a picture, a PDF or a text document."))


def _kind(content: bytes) -> str:
    """What the bytes themselves say: an ending, or "" when they say nothing we know."""
    import puremagic

    try:
        found = [match.extension.lstrip(".").lower() for match in puremagic.magic_string(content)]
    except (puremagic.PureError, ValueError):
        return ""
    if content.startswith(b"PK\x03\x04"):
        return "odt" if b"opendocument.text" in content[:200] else "docx"
    return next((ending for ending in found if ending in PICTURES or ending in DOCUMENTS), "")


def _is_document(content: bytes, kind: str) -> bool:
    """Whether the archive is a text document without programs in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    if any("vbaproject" in n.lower() or n.startswith("Basic/") for n in names):
        return False
    return ("word/document.xml" if kind == "docx" else "content.xml") in names


def _picture(content: bytes, stem: str) -> Clean:
    """The picture drawn anew: turned upright, at most WIDEST, with no place, camera or comment in it."""
    formats = set(PICTURES.values())
    try:
        drawn = pictures.redraw(content, (WIDEST, WIDEST), formats=formats, most_pixels=MOST_PIXELS)
    except pictures.TooLarge:
        raise Mistaken(_("The picture is too large. Please choose a smaller one.")) from None
    except pictures.Unreadable:
        raise Mistaken(_("The picture can’t be read. Please choose another one.")) from None
    ending = "png" if drawn.media_type == "image/png" else "jpg"
    return Clean(drawn.content, f"{stem}.{ending}", drawn.media_type)
