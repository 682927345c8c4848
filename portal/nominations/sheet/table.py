"""The bytes of an export as a header and rows of cells: UTF-8 or what spreadsheets write, three delimiters. Pure."""

import csv
from dataclasses import dataclass
from io import StringIO

from flask_babel import lazy_gettext as _l

from portal.core.errors import Mistaken

MOST_ROWS = 50_000
LARGEST_CELL = 1_000_000  # characters


class SheetProblem(Mistaken):
    """The file as a whole can't be read; the sentence says why and what to do."""


@dataclass(frozen=True)
class Table:
    """`rows` are (number, cells); the number is what a spreadsheet shows beside the row (the header is row 1)."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(content: bytes) -> Table:
    """The header and every row that is not empty. Raises SheetProblem with a sentence."""
    text = _decoded(content)
    if not text.strip():
        raise SheetProblem(_l("The file is empty. Export the answers again and choose the new file."))
    delimiter = _delimiter(text)
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise SheetProblem(_l("The file can't be read as a table. Save it as CSV and choose it again.")) from error
    if len(lines) > MOST_ROWS:
        raise SheetProblem(_l("The file has more than 50,000 rows. Split it and import the parts one after the other."))
    rows = [(number, cells) for number, cells in enumerate(lines[1:], 2) if any(cell.strip() for cell in cells)]
    return Table(lines[0], rows)


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else the Western encoding that older spreadsheets write."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SheetProblem(_l("This is a workbook. Open it, save the sheet as CSV (UTF-8), and choose that file."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The sign that parts the most cells of the first line: comma, semicolon or tab."""
    first = text.lstrip("\r\n").splitlines()[0]
    return max(",;\t", key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
