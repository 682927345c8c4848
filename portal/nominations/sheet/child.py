"""Reads a workbook (XLSX, XLS, ODS) from standard input in a process of its own, and writes its sheets as JSON.

A workbook can be made so that a few kilobytes of it fill any memory (zip bombs, a cell in the last column, one long
text referred to a million times). So this process limits itself, and whoever started it only sees that it failed.
Run as a file by `workbook.py`; it imports nothing of the product.
"""

import contextlib
import io
import json
import sys
from datetime import date, datetime, timedelta
from typing import Any

MEMORY = 1_000_000_000  # bytes
SECONDS = 60
MOST_CELLS = 5_000_000  # of one sheet's rectangle, empty ones too
MOST_TEXT = 60_000_000  # characters of all sheets
PASSWORD, NO_SHEET, TOO_LARGE = 3, 4, 5  # exit codes


def limit() -> None:
    """At most so much memory and time for this process (where the system can say so)."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without ".0", moments as "2027-09-28 20:20:39", a formula's value."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):  # kept as a fraction of a day, so that the last digit may be off
        rounded = cell + timedelta(microseconds=500_000)
        return rounded.replace(microsecond=0).isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def sheets_of(content: bytes, most_rows: int, most_columns: int) -> list[list[Any]]:
    """[[name, rows of texts], ...]: the sheets one sees, in their order; chart sheets and empty ones left out."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(io.BytesIO(content))
    paper = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    names = [s.name for s in paper if s.visible == SheetVisibleEnum.Visible] or [s.name for s in paper]
    found: list[list[Any]] = []
    left = MOST_TEXT
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > most_rows + 1 or sheet.total_width > most_columns:
            sys.exit(TOO_LARGE)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            sys.exit(TOO_LARGE)
        rows = [[text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        left -= sum(len(cell) for row in rows for cell in row)
        if left < 0:
            sys.exit(TOO_LARGE)
        if any(cell for row in rows for cell in row):
            found.append([name, rows])
    return found


def main() -> None:
    """Standard input to standard output; the limits of rows and columns are the arguments."""
    limit()
    from python_calamine import PasswordError

    try:
        found = sheets_of(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))
    except PasswordError:
        sys.exit(PASSWORD)
    except MemoryError:
        sys.exit(TOO_LARGE)
    except Exception:  # whatever the library says of it: it is no workbook that can be read
        sys.exit(NO_SHEET)
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
