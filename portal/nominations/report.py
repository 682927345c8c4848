"""The report of an import as a sheet, and its refused rows as a file to mend and import again. Pure but for reading
the rows it is given.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.nominations.remarks import sentences
from portal.nominations.sheet import OURS

Lines = Iterator[Sequence[Any]]


def outcome_name(outcome: str) -> str:
    """ "entered" and its like, as people read it."""
    return {"entered": _("Entered"), "already in": _("Already in"), "refused": _("Refused")}[outcome]


def report_of(rows: Iterable[Any]) -> tuple[Sequence[str], Lines]:
    """(titles, lines): what became of each row."""
    titles = (_("Row"), _("Outcome"), _("Educator"), _("Remarks"))
    return titles, ((r.line, outcome_name(r.outcome), r.educator, " ".join(sentences(r.remarks))) for r in rows)


def refused_of(run: Any, rows: Iterable[Any]) -> tuple[Sequence[str], Lines]:
    """(titles, lines): the refused rows in the file's own columns, and why in one more, which an import leaves out."""
    titles = [*(title for title, _field in run.columns), f"{_('Why it was refused')} {OURS}"]
    width = len(titles) - 1
    return titles, (
        (*(row.cells[at] if at < len(row.cells) else "" for at in range(width)), " ".join(sentences(row.remarks)))
        for row in rows
    )
