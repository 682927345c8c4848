"""An upload on its way in: its sheet, its columns, what free words mean, the first rows as they will be, then a dry run
or the import itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, wraps
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, web
from portal.core.db import transaction
from portal.core.i18n import pick
from portal.nominations import uploads
from portal.nominations.actions import importing
from portal.nominations.forms import imports as forms
from portal.nominations.models import ImportRun
from portal.nominations.queries import imports as queries
from portal.nominations.remarks import sentences
from portal.nominations.sheet import (
    FIELD_NAMES,
    WORDED,
    CleanRow,
    Reading,
    Table,
    Vocabulary,
    Word,
    clean_rows,
    dates_of,
    day_comes_first,
    missing,
    propose,
    samples,
    titled,
    written_words,
)
from portal.nominations.views.imports import find_run, report_url, work_on
from portal.questions.answers import spoken
from portal.questions.shape import Question, named

bp = Blueprint("nominations_import_steps", __name__)
FIRST_ROWS = 8  # rows of the preview


def _url(step: str, run: ImportRun, **values: Any) -> str:
    return url_for(f"nominations_import_steps.{step}", public_id=run.public_id, **values)


def while_open(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Once an upload is being read or is in, its report is the page to see, whatever another window still shows."""

    @wraps(view)
    def entered(run: ImportRun) -> ResponseReturnValue:
        return view(run) if run.is_open else hx.go(report_url(run))

    return entered


def _choose(run: ImportRun, table: Table, reading: Reading) -> None:
    with transaction():
        importing.choose_reading(web.current_person(), run.id, table, reading)


def _columns_page(run: ImportRun, form: Any, book: Any, questions: Any, status: int = 200) -> ResponseReturnValue:
    table, reading = uploads.table_of(run, book)
    dates = dates_of(table, reading.fields)
    return hx.page(
        "nominations/imports/columns.html",
        status=status,
        run=run,
        cycle=run.cycle,
        form=form,
        sheets=list(book.sheets),
        sheet=reading.sheet,
        tops=[(number, _in_short(cells)) for number, cells in book.top(reading.sheet)],
        line=table.line,
        samples=samples(table),
        rows=len(table.rows),
        guess=propose(table, reading.sheet, questions).fields,
        names=form.names,
        order_is_told=day_comes_first(dates) is not None,
        date=next((date for date in dates if date.strip()), ""),
        earlier=queries.newest_with(run.program_id, run.titles_key),
    )


def _in_short(cells: Sequence[str]) -> str:
    """A row of a sheet, enough of it to be told from others."""
    told = ", ".join(" ".join(cell.split()) for cell in cells if cell.strip())
    return told if len(told) <= 70 else f"{told[:69]}…"


@bp.get("/imports/<public_id>/columns")
@web.requires("nominations.import", find_run)
@while_open
def columns(run: ImportRun) -> ResponseReturnValue:
    """Which column is what, with samples; the zone and the order of dates."""
    book, questions = uploads.book_of(run), queries.own_questions(run.program)
    table, reading = uploads.table_of(run, book)
    return _columns_page(run, forms.columns_form(table, reading, run.program, questions, posted=False), book, questions)


@bp.post("/imports/<public_id>/columns")
@web.requires("nominations.import", find_run)
@while_open
def save_columns(run: ImportRun) -> ResponseReturnValue:
    """Keeps the choices, and goes on to words that nobody knows, or to the preview."""
    book, questions = uploads.book_of(run), queries.own_questions(run.program)
    table, reading = uploads.table_of(run, book)
    form = forms.columns_form(table, reading, run.program, questions, posted=True)
    if not form.validate():
        return _columns_page(run, form, book, questions, 422)
    reading = form.reading(reading)
    _choose(run, table, reading)
    unknown = _words(queries.vocabulary_of(run.cycle), table, reading, everything=False)
    return hx.go(_url("words" if unknown else "preview", run))


@bp.post("/imports/<public_id>/sheet")
@web.requires("nominations.import", find_run)
@while_open
def choose_sheet(run: ImportRun) -> ResponseReturnValue:
    """Reads another sheet of the workbook, or another row as its titles."""
    book = uploads.book_of(run)
    present = uploads.table_of(run, book)[1]
    name = request.form.get("sheet", present.sheet)
    if name in book.sheets:
        questions = queries.own_questions(run.program)
        line, lines = request.form.get("line", ""), [str(number) for number, _cells in book.top(name)]
        same = name == present.sheet and line in lines  # the rows to choose from are those of the sheet that was shown
        table = book.table(name, int(line)) if same else titled(book, name, questions)
        _choose(run, table, uploads.proposed(run.program_id, table, name, questions))
    return hx.go(_url("columns", run))


def _words(vocabulary: Vocabulary, table: Table, reading: Reading, *, everything: bool) -> dict[str, list[Word]]:
    """The words to ask about: those that nobody knows, or all; at most so many of each answer."""
    worded = [what for what in WORDED if len(vocabulary.keys(what)) <= forms.MOST_CHOICES]
    found = {what: written_words(table, reading, what, vocabulary.meaning) for what in worded}
    asked = {what: [word for word in words if everything or word.meant is None] for what, words in found.items()}
    return {what: words[: forms.MOST_WORDS] for what, words in asked.items() if words}


def _words_form(run: ImportRun, *, posted: bool) -> tuple[Any, dict[str, list[Word]], Table, Reading]:
    table, reading = uploads.table_of(run)
    vocabulary = queries.vocabulary_of(run.cycle)
    words = _words(vocabulary, table, reading, everything="all" in request.args)
    choices = forms.word_choices(vocabulary)
    return forms.words_form(words, choices, reading, posted=posted), words, table, reading


@bp.get("/imports/<public_id>/words")
@web.requires("nominations.import", find_run)
@while_open
def words(run: ImportRun) -> ResponseReturnValue:
    """What people's own words for a relation, position, district or yes mean."""
    form, found, _table, _reading = _words_form(run, posted=False)
    return hx.page(
        "nominations/imports/words.html",
        run=run,
        cycle=run.cycle,
        form=form,
        words=found,
        names=FIELD_NAMES,
        word_name=forms.word_name,
        everything="all" in request.args,
    )


@bp.post("/imports/<public_id>/words")
@web.requires("nominations.import", find_run)
@while_open
def save_words(run: ImportRun) -> ResponseReturnValue:
    """Keeps what the words mean; a choice that is not among the program's own is left as it was."""
    form, found, table, reading = _words_form(run, posted=True)
    if form.validate():
        _choose(run, table, replace(reading, words=forms.chosen_words(form, found, reading)))
        return hx.go(_url("preview", run))
    flash(_("The program’s own words changed meanwhile. Please choose again."))
    return hx.go(_url("words", run))


@bp.get("/imports/<public_id>/preview")
@web.requires("nominations.import", find_run)
@while_open
def preview(run: ImportRun) -> ResponseReturnValue:
    """The first rows exactly as they will be, and the two ways on."""
    if missing([field for _title, field in run.columns]):
        return hx.go(_url("columns", run))
    table, reading = uploads.table_of(run)
    some = Table(table.header, table.rows[:FIRST_ROWS])
    questions = queries.own_questions(run.program)
    vocabulary = queries.vocabulary_of(run.cycle, queries.schools_in(some, reading), questions)
    return hx.page(
        "nominations/imports/preview.html",
        run=run,
        cycle=run.cycle,
        rows=clean_rows(some, reading, vocabulary),
        count=len(table.rows),
        named={what: dict(choices) for what, choices in forms.word_choices(vocabulary).items()},
        districts={number: names[1] for number, names in vocabulary.districts.items()},
        schools={school.id: school.name for school in vocabulary.schools},
        sentences=sentences,
        own=partial(_own, questions),
        left_out=[title for title, field in run.columns if not field and title],
    )


def _own(questions: Sequence[Question], row: CleanRow) -> list[tuple[str, str]]:
    """(question, answer) of what a row answers to the organizers' own questions, as its file will tell them."""
    name = row.educator or _("this educator")
    return [(named(pick(q.label), name), spoken(q, row.said[q.key]["a"])) for q in questions if q.key in row.said]


@bp.post("/imports/<public_id>/try")
@web.requires("nominations.import", find_run)
def try_it(run: ImportRun) -> ResponseReturnValue:
    """The dry run: the whole report, and nothing enters."""
    return work_on(run, "tried")


@bp.post("/imports/<public_id>/start")
@web.requires("nominations.import", find_run)
def start(run: ImportRun) -> ResponseReturnValue:
    """The import itself."""
    return work_on(run, "started")


@bp.post("/imports/<public_id>/discard")
@web.requires("nominations.import", find_run)
def discard(run: ImportRun) -> ResponseReturnValue:
    """Throws the upload away."""
    cycle = run.cycle.public_id
    with transaction():
        importing.discard(web.current_person(), run.id)
    flash(_("The upload is thrown away. Nothing was imported."))
    return hx.go(url_for("nominations_imports.imports", public_id=cycle))
