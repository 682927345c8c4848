"""Sheets for people's spreadsheets, as CSV or XLSX, row by row: no cell of them is ever run as a formula.

In CSV a cell that begins like a formula gets an apostrophe before it (OWASP, CSV injection). In XLSX every cell is
text, and such a cell is marked as text for good, so that it stays one when somebody edits it there: what was written
arrives exactly.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Response, send_file, stream_with_context

from portal.core.formulas import inert, is_active

KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
LONGEST = 32_767  # characters of a cell that XLSX holds
_IN_MEMORY = 4_000_000  # bytes of a workbook; a larger one waits on disk to be sent


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


def write_xlsx(out: IO[bytes], header: Sequence[Any], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Writes the sheet as a workbook: numbers as numbers, all else as text; the header stays in sight.

    A text longer than a cell holds is cut and ends in "…". The memory needed does not grow with the rows.
    """
    import xlsxwriter

    off = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"constant_memory": True, **off})
    sheet = book.add_worksheet(_sheet_title(title))
    bold, marked = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(_with_header(header, rows)):
        for at, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(number, at, value)
                continue
            text = _fitting("" if value is None else str(value))
            if text:
                sheet.write_string(number, at, text, bold if number == 0 else marked if is_active(text) else None)
    book.close()


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _sheet_title(title: str) -> str:
    """What a workbook takes as the name of a sheet: 31 characters, a few signs not among them."""
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip(" '")
    return plain[:31].strip(" '") or "Sheet1"


def download(kind: str, name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Response:
    """The sheet as an answer to download: `kind` is "csv" or "xlsx", `name` the file's name without its ending.

    CSV is sent while the rows are read.
    """
    if kind == "csv":
        response = Response(stream_with_context(csv_lines(header, rows)), mimetype=KINDS["csv"])
        response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
        return response
    out: Any = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with the answer
    write_xlsx(out, header, rows, name)
    out.seek(0)
    return send_file(out, mimetype=KINDS["xlsx"], as_attachment=True, download_name=f"{name}.xlsx")


def _with_header(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield header
    yield from rows
