"""What a hostile text has done to an answer: a script in a page, a formula in a sheet. Nothing is a sentence."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser

from tests.endurance.nasty import MARK, SUMS

ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "data", "srcset", "poster")
LIVELY = ("=", "+", "-", "@", "\t", "\r")
# No page of ours has any of these but by somebody's text.
NEVER = ("object", "embed", "applet", "style")


class _Reader(HTMLParser):
    """Notes each element that would run something or lead away."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = (self.get_starttag_text() or "")[:160]
        given = {name: value or "" for name, value in attrs}
        if tag in NEVER or (tag == "base" and "href" in given):
            self.found.append(said)
        # We write every attribute in quotes: a mark outside of them is a tag of somebody else's.
        if MARK in re.sub(r"\"[^\"]*\"|'[^']*'", "", self.get_starttag_text() or ""):
            self.found.append(said)
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.found.append(said)
        for name, value in given.items():
            address = re.sub(r"[\x00-\x20]", "", value).lower()
            if (
                (name.startswith("on") and name != "on")
                or MARK in name
                or (name in ADDRESSES and address.startswith(("javascript:", "vbscript:", "data:text")))
                or (name in ("style", "http-equiv") and MARK in "".join(given.values()))
            ):
                self.found.append(said)


def in_page(text: str) -> list[str]:
    """The elements of a page (or a letter, or a drawing) that a hostile text has made."""
    reader = _Reader()
    # Letters carry one style of ours; nobody's text is in it.
    reader.feed(re.sub(r"<style>(?:(?!</style>|" + MARK + r").)*</style>", "", text, flags=re.S))
    reader.close()
    return reader.found + ([f"a template ran: {SUMS}{MARK}"] if SUMS + MARK in text else [])


def in_csv(text: str) -> list[str]:
    """The cells that a spreadsheet would run."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [cell[:80] for row in rows for cell in row if MARK in cell and cell.startswith(LIVELY)]


def in_book(content: bytes) -> list[str]:
    """The formulas and outward links of an XLSX file."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            part = book.read(name).decode("utf-8", "replace")
            if name.startswith("xl/worksheets/") and ("<f>" in part or "<f " in part or "<hyperlink" in part):
                found.append(f"{name} holds a formula or a link")
    return found


def in_answer(mimetype: str, content: bytes) -> list[str]:
    """What a hostile text has done to an answer of this type."""
    if mimetype in ("text/html", "image/svg+xml"):
        return in_page(content.decode("utf-8", "replace"))
    if mimetype == "text/csv":
        return in_csv(content.decode("utf-8", "replace"))
    if mimetype.endswith("spreadsheetml.sheet"):
        return in_book(content)
    return []
