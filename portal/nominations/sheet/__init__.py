"""An export of a web form read into cleaned rows with their remarks and refusals. Knows no database and no web.

    table = read_table(content)                      # bytes -> cells, or SheetProblem
    columns = recognize(table.header)                # which column answers what, or SheetProblem
    rows = clean_rows(table, columns, vocabulary)    # one CleanRow for each row that is not empty
"""

from portal.nominations.sheet.clean import CleanRow, SchoolEntry, Vocabulary, clean_rows
from portal.nominations.sheet.columns import FIELDS, recognize
from portal.nominations.sheet.table import SheetProblem, Table, read_table

__all__ = [
    "FIELDS",
    "CleanRow",
    "SchoolEntry",
    "SheetProblem",
    "Table",
    "Vocabulary",
    "clean_rows",
    "read_table",
    "recognize",
]
