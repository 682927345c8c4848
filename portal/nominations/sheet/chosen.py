"""How a file is to be read, written down as TOML: what the pages let one choose, for the command. Pure.

sheet = "Answers"
titles = 3                     # the row that holds the titles; rows above it are left out
zone = "America/Chicago"
order = "day"                  # 3/4/2027 is April 3; "month": March 4

[columns]
"Who are you nominating?" = "educator"
"Internal note" = ""           # left out
"Class size" = "How many students do they teach?"  # a question of the program's own, by its wording or its key

[words.relation]
"my aunt" = "relative"         # a key of the program
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.core.names import fold
from portal.nominations.sheet.columns import FIELD_NAMES
from portal.nominations.sheet.own import label_of, phrases_of
from portal.nominations.sheet.problems import SheetProblem
from portal.nominations.sheet.reading import WORDED, Reading, propose, titled
from portal.nominations.sheet.table import Book, Table
from portal.nominations.sheet.words import zone_named
from portal.questions.shape import Question

KEYS = ("sheet", "titles", "zone", "order", "columns", "words")


def chosen(
    book: Book, guessed: Reading, text: str, name: str, questions: Sequence[Question] = ()
) -> tuple[Table, Reading]:
    """The sheet and its reading as the TOML says; `guessed` is what it is where nothing is said. `questions` are the
    organizers' own.

    Raises SheetProblem, naming every mistake at once.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SheetProblem(f"{name} is not TOML: {error}.") from error
    wrong = [f"“{key}” is not known" for key in said if key not in KEYS]
    sheet = str(said.get("sheet", guessed.sheet))
    if sheet not in book.sheets and "sheet" in said:
        wrong.append(f"there is no sheet “{sheet}”; there are: {', '.join(book.sheets)}")
        sheet = guessed.sheet
    table = _table(book, sheet, guessed, said.get("titles"), questions, wrong)
    reading = guessed if (sheet, table.line) == (guessed.sheet, guessed.line) else propose(table, sheet, questions)
    reading = replace(
        reading,
        fields=_columns(table, reading, said.get("columns", {}), questions, wrong),
        zone=_zone(said.get("zone", reading.zone), wrong),
        day_first=_order(said.get("order"), reading, wrong),
        words=_words(said.get("words", {}), reading, wrong),
    )
    if wrong:
        raise SheetProblem(f"{name}: {'; '.join(wrong)}.")
    return table, reading


def _table(
    book: Book, sheet: str, guessed: Reading, line: Any, questions: Sequence[Question], wrong: list[str]
) -> Table:
    """The sheet below the row of titles that is said, else below the one that was guessed."""
    numbers = [number for number, _cells in book.top(sheet)]
    if line in numbers:
        return book.table(sheet, line)
    if line is not None:
        wrong.append(f"“titles” is one of the rows {', '.join(map(str, numbers))}")
    return book.table(sheet, guessed.line) if sheet == guessed.sheet else titled(book, sheet, questions)


def _called(questions: Sequence[Question]) -> dict[str, str]:
    """What a column may be said to be, and the field that it is then: fields and own questions by their key, and these
    by their wording too.
    """
    found = {fold(phrase): key for key, phrases in phrases_of(questions).items() for phrase in phrases}
    return found | {fold(key): key for key in (*FIELD_NAMES, *(q.key for q in questions))}


def _columns(
    table: Table, reading: Reading, said: Mapping[str, Any], questions: Sequence[Question], wrong: list[str]
) -> tuple[str, ...]:
    fields = list(reading.fields)
    places = {fold(title): at for at, title in reversed(list(enumerate(table.header)))}
    called = _called(questions)
    for title, name in said.items():
        field = called.get(fold(str(name)), "")
        at = places.get(fold(title))
        if at is None:
            wrong.append(f"there is no column “{title}”")
        elif name and not field:
            known = (*FIELD_NAMES, *(f"{q.key} ({label_of(q)})" for q in questions))
            wrong.append(f"“{name}” is no answer; there are: {', '.join(known)}")
        else:  # a field that was guessed for another column is this one's now
            fields = ["" if field and other == field else other for other in fields]
            fields[at] = field
    return tuple(fields)


def _zone(name: Any, wrong: list[str]) -> str:
    if name and zone_named(str(name)) is None:
        wrong.append(f"“{name}” is not a time zone; write it like “America/New_York”")
    return str(name or "")


def _order(said: Any, reading: Reading, wrong: list[str]) -> bool:
    if said not in (None, "day", "month"):
        wrong.append('“order” is "day" or "month"')
    return reading.day_first if said is None else bool(said == "day")


def _words(said: Mapping[str, Any], reading: Reading, wrong: list[str]) -> dict[str, dict[str, str]]:
    words = {what: dict(some) for what, some in reading.words.items()}
    for what, some in said.items():
        if what not in WORDED or not isinstance(some, Mapping):
            wrong.append(f"“words.{what}” is not known; there are: {', '.join(WORDED)}")
            continue
        words.setdefault(what, {}).update({fold(str(word)): str(key) for word, key in some.items()})
    return words
