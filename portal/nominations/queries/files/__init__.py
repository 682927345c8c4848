"""The desk's list of nominee files: what it is asked for, where each file stands, the page, its rows."""

from portal.nominations.queries.files.asked import CHIPS, SORTS, Asked
from portal.nominations.queries.files.listing import PAGE, Page, ids_as_asked, listed
from portal.nominations.queries.files.one import end_of_joins, file_by_id, file_by_public_id
from portal.nominations.queries.files.rows import Row, all_rows, answer_due
from portal.nominations.queries.files.standing import step_of, voices_by_file, voices_in

__all__ = [
    "CHIPS",
    "PAGE",
    "SORTS",
    "Asked",
    "Page",
    "Row",
    "all_rows",
    "answer_due",
    "end_of_joins",
    "file_by_id",
    "file_by_public_id",
    "ids_as_asked",
    "listed",
    "step_of",
    "voices_by_file",
    "voices_in",
]
