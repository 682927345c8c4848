"""The bytes of an export as sheets of cells: CSV in what spreadsheets write, or a workbook. Pure but for its process.

book = read_book(content)          # once, when it is uploaded; SheetProblem when it can't be read
kept = book.packed()               # what is kept until it has been imported
table = unpack(kept).table("")     # the header and the rows of one sheet
"""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from flask_babel import lazy_gettext as _l

from portal.core import sheets_in
from portal.core.formulas import lively
from portal.nominations.sheet.problems import MOST_COLUMNS, MOST_ROWS, SheetProblem, too_large
from portal.nominations.sheet.workbook import Rows, read_workbook

TOP = 10  # rows among which the titles may stand
OURS = "(Laurel)"  # ends the title of a column that we added to a file of refused rows


@dataclass(frozen=True)
class Table:
    """`rows` are (number, cells); the number is what a spreadsheet shows beside the row."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    line: int = 0  # the number of the row that holds the titles


@dataclass(frozen=True)
class Book:
    """The sheets of a file by name, in their order; a CSV file has one, called ""."""

    sheets: dict[str, Rows]

    def packed(self) -> bytes:
        """As bytes to keep."""
        return gzip.compress(json.dumps(list(self.sheets.items()), ensure_ascii=False).encode(), 1)

    def _told(self, name: str, most: int | None = None) -> list[tuple[int, list[str]]]:
        """The rows of a sheet that say something (of the first sheet, when there is none of that name)."""
        rows = self.sheets.get(name) or next(iter(self.sheets.values()))
        told = ((number, cells) for number, cells in enumerate(rows, 1) if any(cell.strip() for cell in cells))
        return list(islice(told, most))

    def top(self, name: str = "") -> list[tuple[int, list[str]]]:
        """The first rows of a sheet that say something: among them are the titles."""
        return self._told(name, TOP)

    def table(self, name: str = "", line: int = 0) -> Table:
        """One sheet with the titles in that row, or in its first one that says something; what stands above is none
        of it.
        """
        told = self._told(name)
        if not told:
            raise _empty()
        at = next((at for at, (number, _cells) in enumerate(told[:TOP]) if number == line), 0)
        (line, header), below = told[at], told[at + 1 :]
        mine = [at for at, title in enumerate(header) if title.strip().endswith(OURS)]
        if not mine:
            return Table(header, below, line)
        return Table(_without(header, mine), [(number, _without(cells, mine)) for number, cells in below], line)


def _without(cells: Sequence[str], columns: Sequence[int]) -> list[str]:
    return [cell for at, cell in enumerate(cells) if at not in columns]


def unpack(kept: bytes) -> Book:
    """What `Book.packed` made; also the bytes of a file, which earlier versions kept."""
    if not kept.startswith(b"\x1f\x8b"):
        return read_book(kept)
    return Book(dict(json.loads(gzip.decompress(kept))))


def read_book(content: bytes) -> Book:
    """Every sheet of the file. Raises SheetProblem with a sentence."""
    if sheets_in.is_workbook(content):
        sheets = read_workbook(content)
        if not sheets:
            raise _empty()
        return Book(sheets)
    try:
        text = sheets_in.decoded(content)
        if not text.strip():
            raise _empty()
        return Book({"": _rows_of(text)})
    except sheets_in.NoTable as error:
        raise _no_table() from error


def _empty() -> SheetProblem:
    return SheetProblem(_l("The file is empty. Export the answers again and choose the new file."))


def _no_table() -> SheetProblem:
    return SheetProblem(_l("The file can't be read as a table. Save it as CSV or XLSX and choose it again."))


def _rows_of(text: str) -> Rows:
    rows = list(sheets_in.rows_of(text))
    if len(rows) > MOST_ROWS + 1 or max(map(len, rows)) > MOST_COLUMNS:
        raise too_large()
    header = next(cells for cells in rows if any(cell.strip() for cell in cells))
    if any(title.strip().endswith(OURS) for title in header):
        return [[lively(cell) for cell in cells] for cells in rows]  # a file of ours: its cells were made inert
    return rows
