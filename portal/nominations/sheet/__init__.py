"""An export of a web form read into cleaned rows with their remarks and refusals. Knows no database and no web.

table = titled(read_book(content))               # bytes -> cells, or SheetProblem
reading = propose(table)                         # which column answers what, in which order dates are, ...
rows = clean_rows(table, reading, vocabulary)    # one CleanRow for each row that is not empty
"""

from portal.nominations.sheet.clean import CleanRow, SchoolEntry, Vocabulary, clean_rows
from portal.nominations.sheet.columns import FIELD_NAMES, FIELDS, missing
from portal.nominations.sheet.own import answerable, label_of, names_of
from portal.nominations.sheet.problems import SheetProblem
from portal.nominations.sheet.reading import (
    WORDED,
    Reading,
    Word,
    again,
    dates_of,
    propose,
    samples,
    titled,
    titles_key,
    written_words,
)
from portal.nominations.sheet.table import OURS, Book, Table, read_book, unpack
from portal.nominations.sheet.words import day_comes_first, zone_named

__all__ = [
    "FIELDS",
    "FIELD_NAMES",
    "OURS",
    "WORDED",
    "Book",
    "CleanRow",
    "Reading",
    "SchoolEntry",
    "SheetProblem",
    "Table",
    "Vocabulary",
    "Word",
    "again",
    "answerable",
    "clean_rows",
    "dates_of",
    "day_comes_first",
    "label_of",
    "missing",
    "names_of",
    "propose",
    "read_book",
    "samples",
    "titled",
    "titles_key",
    "unpack",
    "written_words",
    "zone_named",
]
