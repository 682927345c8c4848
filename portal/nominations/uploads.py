"""A file that was uploaded to be imported: taken in, opened again, and its rows read as was chosen."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import joinedload

from portal.core import files
from portal.core.db import db, transaction
from portal.nominations.actions import importing
from portal.nominations.models import ImportRun
from portal.nominations.queries import imports as queries
from portal.nominations.sheet import (
    Book,
    CleanRow,
    Reading,
    Table,
    again,
    clean_rows,
    propose,
    read_book,
    titled,
    titles_key,
    unpack,
)
from portal.programs.models import Cycle
from portal.questions.shape import Question


def take(by: Any, cycle: Cycle, content: bytes, name: str) -> ImportRun:
    """Takes a file in: reads it, keeps it and makes its run, with the reading that its titles (or an earlier file with
    the same ones) suggest. Raises SheetProblem when it can't be read.
    """
    book = read_book(content)
    questions = queries.own_questions(cycle.program)
    sheet, table = _likeliest(book, questions)
    reading = proposed(cycle.program_id, table, sheet, questions)
    place = files.write(book.packed())
    with transaction():
        run = importing.begin(by, cycle, name=name, place=place, sha256=hashlib.sha256(content).hexdigest())
        return importing.choose_reading(by, run.id, table, reading)


def proposed(program_id: int, table: Table, sheet: str, questions: Sequence[Question]) -> Reading:
    """How the sheet could be read: as an earlier one of the same titles was, else by its titles and first rows."""
    earlier = queries.newest_with(program_id, titles_key(table.header))
    if earlier is None:
        return propose(table, sheet, questions)
    return again(table, earlier.reading, earlier.columns, sheet, questions)


def _likeliest(book: Book, questions: Sequence[Question]) -> tuple[str, Table]:
    """The sheet in which the most columns are known; of equals the first."""
    read = [(name, titled(book, name, questions)) for name in book.sheets]
    return max(read, key=lambda each: len(propose(each[1], questions=questions).columns))


def load(run_id: int) -> ImportRun | None:
    """The run with all that its work needs, as it stands now."""
    options = [joinedload(ImportRun.cycle).joinedload(Cycle.program), joinedload(ImportRun.stored_file)]
    return db.session.get(ImportRun, run_id, options=options, populate_existing=True)


def book_of(run: ImportRun) -> Book:
    """The sheets of the upload."""
    assert run.stored_file is not None
    return unpack(run.stored_file.path.read_bytes())


def table_of(run: ImportRun, book: Book | None = None) -> tuple[Table, Reading]:
    """The chosen sheet and how it is to be read."""
    table = (book or book_of(run)).table(str(run.reading.get("sheet", "")), int(run.reading.get("line", 0)))
    titled: list[Sequence[str]] = run.columns
    fields = [field for _title, field in titled]
    if len(fields) != len(table.header):  # begun by an earlier version, which kept the columns it knew
        return table, again(table, run.reading, titled)
    return table, Reading.of({**run.reading, "fields": fields})


def cleaned(run: ImportRun) -> list[CleanRow]:
    """The rows of the upload as they would enter."""
    table, reading = table_of(run)
    schools, questions = queries.schools_in(table, reading), queries.own_questions(run.cycle.program)
    return clean_rows(table, reading, queries.vocabulary_of(run.cycle, schools, questions))
