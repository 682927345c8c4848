"""CSV as spreadsheets write it: bytes as text, the delimiter found, rows of cells. What it holds, its readers know."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

LARGEST_CELL = 1_000_000  # characters
FIRST_LINES = 10  # so many lines are asked for the sign that parts their cells
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how XLSX and ODS begin, and the older XLS
_TOLD = re.compile(r"sep=(.)\r?\n")  # how some spreadsheets are told the delimiter


class NoTable(ValueError):
    """The bytes are no table that a person typed: a picture, a PDF, a cell without an end."""


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as a workbook's do."""
    return content.startswith(WORKBOOKS)


def decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 (also without), else the Western encoding of older spreadsheets."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").removeprefix("\ufeff")
    start = content[:4000]
    # Half of the bytes of UTF-16 are NUL in most languages; on which side they stand tells the order.
    if start and start.count(0) * 3 > len(start):
        high = "be" if start[0::2].count(0) > start[1::2].count(0) else "le"
        return _plain(content.decode(f"utf-16-{high}", errors="replace"))
    try:
        return _plain(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _plain(content.decode("cp1252", errors="replace"))


def _plain(text: str) -> str:
    """The text, unless it is a picture, a PDF or something else that no person typed."""
    start = text[:20_000]
    strange = sum(sign < " " and sign not in "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f" for sign in start)
    if text.startswith(("%PDF", "{\\rtf", "GIF8")) or strange > len(start) / 100 + 1:
        raise NoTable
    return text


def rows_of(text: str) -> Iterator[list[str]]:
    """The rows of a text that says something, one by one, empty ones too, so that each keeps its number; a first line
    that only tells the delimiter is an empty one. Raises NoTable, at whatever row, when they can't be read on.
    """
    return (cells for _line, cells in rows_by_line(text))


def rows_by_line(text: str) -> Iterator[tuple[int, list[str]]]:
    """The same, each with the line of the text that it begins on (from 1): a cell may hold several lines."""
    csv.field_size_limit(LARGEST_CELL)
    told = _TOLD.match(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=told[1] if told else _sign(text))
    line = 1
    try:
        for cells in reader:
            yield line, [] if told and line == 1 else cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise NoTable from error


def _sign(text: str) -> str:
    """The sign that parts the most cells of the first line: comma, semicolon, tab or bar. A first line that may be a
    mere title, because it has one or two cells, is asked only when none of the next ones has more.
    """
    first, *more = [line for line in text.lstrip("\r\n")[:LARGEST_CELL].splitlines() if line.strip()][:FIRST_LINES]
    sign, cells = _best(first)
    for line in more if cells <= 2 else ():
        other, count = _best(line)
        if _parts(line, sign) == cells == 2:
            break  # a table of two columns
        if count > 2:
            return other
    return sign


def _best(line: str) -> tuple[str, int]:
    """(the sign that parts the most cells, how many)."""
    return max(((sign, _parts(line, sign)) for sign in ",;\t|"), key=lambda each: each[1])


def _parts(line: str, sign: str) -> int:
    return len(next(csv.reader([line], delimiter=sign), []))
