"""The report of an import as a sheet: one line for each row of the file. Pure but for reading the rows it is given."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _

from portal.core.sheets import csv_lines
from portal.nominations.remarks import sentences


def outcome_name(outcome: str) -> str:
    """ "entered" and its like, as people read it."""
    return {"entered": _("Entered"), "already in": _("Already in"), "refused": _("Refused")}[outcome]


def report_lines(rows: Iterable[Any]) -> Iterator[str]:
    """The report's CSV, line by line; cells are inert."""
    header = (_("Row"), _("Outcome"), _("Educator"), _("Remarks"))
    cells = ((row.line, outcome_name(row.outcome), row.educator, " ".join(sentences(row.remarks))) for row in rows)
    return csv_lines(header, cells)
