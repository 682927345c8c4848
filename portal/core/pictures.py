"""Pictures that people hand in: drawn anew and small, so that nothing else comes along (place, camera, comments)."""

from collections.abc import Collection
from io import BytesIO
from typing import NamedTuple


class Picture(NamedTuple):
    """A picture as it is kept: bytes, media type, width and height in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


class Unreadable(Exception):
    """The bytes can't be drawn as a picture of the asked formats."""


class TooLarge(Unreadable):
    """It has more pixels than it may have."""


def redraw(
    content: bytes, box: tuple[int, int], *, formats: Collection[str], most_pixels: int, lossless: Collection[str] = ()
) -> Picture:
    """The picture turned upright, within a box of this many pixels: as PNG when one can see through it or its format
    is one of `lossless`, else as JPEG. `formats` are Pillow's names. Raises Unreadable.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(content), formats=sorted(formats)) as found:
            if found.width * found.height > most_pixels:
                raise TooLarge
            as_png = found.has_transparency_data or found.format in lossless
            mode = "RGBA" if as_png else "RGB"
            drawn = ImageOps.exif_transpose(found)
        if drawn.mode == "P":  # of a palette's numbers nothing between two of them can be computed
            drawn = drawn.convert(mode)
        drawn.thumbnail(box)
        drawn = drawn.convert(mode)
    except (TooLarge, Image.DecompressionBombError):
        raise TooLarge from None
    except Exception as error:  # a broken file trips its reader in more ways than Pillow's documents name
        raise Unreadable from error
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    out = BytesIO()
    if as_png:
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "JPEG", quality=88, optimize=True)
    return Picture(out.getvalue(), "image/png" if as_png else "image/jpeg", *clean.size)
