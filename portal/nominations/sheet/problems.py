"""What keeps a file as a whole from being read, in sentences; the limits of a sheet."""

from flask_babel import lazy_gettext as _l

from portal.core.errors import Mistaken

MOST_ROWS = 50_000
MOST_COLUMNS = 200


class SheetProblem(Mistaken):
    """The file as a whole can't be read; the sentence says why and what to do."""


def too_large() -> SheetProblem:
    """The sheet has more rows or columns than one import takes."""
    return SheetProblem(
        _l(
            "The file has more than 50,000 rows or 200 columns, or too much in them. Split it and import the parts "
            "one after the other."
        )
    )
