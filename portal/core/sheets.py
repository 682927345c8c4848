"""Sheets for people's spreadsheets: CSV that no spreadsheet takes for a formula. Pure."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so may be run as a formula (OWASP, CSV injection)


def inert(value: Any) -> str:
    """The value as a cell's text; what a spreadsheet would run as a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \n").startswith(_ACTIVE) or text.startswith(_ACTIVE) else text


def csv_lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The sheet line by line as CSV (with the mark that makes spreadsheets read UTF-8), every cell inert."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for row in _with_header(header, rows):
        writer.writerow([inert(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _with_header(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield header
    yield from rows
