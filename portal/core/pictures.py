"""Pictures that people hand in: read as PNG or JPEG only, drawn anew and small, so that nothing else comes along."""

import warnings
from io import BytesIO
from typing import NamedTuple

from flask_babel import gettext as _

from portal.core.errors import Mistaken

MOST_PIXELS = 40_000_000


class Picture(NamedTuple):
    """A picture as it is kept: bytes, media type, width and height in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def small(content: bytes, width: int, height: int, longest: int) -> Picture:
    """The picture within a box of this many pixels. Raises Mistaken for anything but a PNG or JPEG of usual size."""
    from PIL import Image, ImageOps

    if len(content) > longest:
        raise Mistaken(_("This picture is too large. Choose one of at most %(most)s MB.", most=longest // 1_000_000))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            found = Image.open(BytesIO(content), formats=("PNG", "JPEG"))
            if found.width * found.height > MOST_PIXELS:
                raise ValueError("more pixels than any logo needs")
            drawn = ImageOps.exif_transpose(found).convert("RGBA" if found.format == "PNG" else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Mistaken(_("This can’t be read as a picture. Choose a PNG or JPEG file.")) from None
    drawn.thumbnail((width, height))
    clean = Image.new(drawn.mode, drawn.size)  # without the file's own notes (place, camera, colors' profile)
    clean.paste(drawn)
    kind, media_type = ("PNG", "image/png") if drawn.mode == "RGBA" else ("JPEG", "image/jpeg")
    out = BytesIO()
    clean.save(out, kind, optimize=True)
    return Picture(out.getvalue(), media_type, *clean.size)
