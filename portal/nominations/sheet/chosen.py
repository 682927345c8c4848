"""How a file is to be read, written down as TOML: what the pages let one choose, for the command. Pure.

sheet = "Answers"
zone = "America/Chicago"
order = "day"                  # 3/4/2027 is April 3; "month": March 4

[columns]
"Who are you nominating?" = "educator"
"Internal note" = ""           # left out

[words.relation]
"my aunt" = "relative"         # a key of the program
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.core.names import fold
from portal.nominations.sheet.columns import FIELD_NAMES
from portal.nominations.sheet.problems import SheetProblem
from portal.nominations.sheet.reading import WORDED, Reading, propose
from portal.nominations.sheet.table import Book, Table
from portal.nominations.sheet.words import zone_named

KEYS = ("sheet", "zone", "order", "columns", "words")


def chosen(book: Book, guessed: Reading, text: str, name: str) -> tuple[Table, Reading]:
    """The sheet and its reading as the TOML says; `guessed` is what it is where nothing is said.

    Raises SheetProblem, naming every mistake at once.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SheetProblem(f"{name} is not TOML: {error}.") from error
    wrong: list[str] = [
        f"“{key}” is not known" for key in said if key not in ("sheet", "zone", "order", "columns", "words")
    ]
    sheet = str(said.get("sheet", guessed.sheet))
    if sheet not in book.sheets and "sheet" in said:
        wrong.append(f"there is no sheet “{sheet}”; there are: {', '.join(book.sheets)}")
        sheet = guessed.sheet
    table = book.table(sheet)
    reading = guessed if sheet == guessed.sheet else propose(table, sheet)
    reading = replace(
        reading,
        fields=_columns(table, reading, said.get("columns", {}), wrong),
        zone=_zone(said.get("zone", reading.zone), wrong),
        day_first=_order(said.get("order"), reading, wrong),
        words=_words(said.get("words", {}), reading, wrong),
    )
    if wrong:
        raise SheetProblem(f"{name}: {'; '.join(wrong)}.")
    return table, reading


def _columns(table: Table, reading: Reading, said: Mapping[str, Any], wrong: list[str]) -> tuple[str, ...]:
    fields = list(reading.fields)
    places = {fold(title): at for at, title in reversed(list(enumerate(table.header)))}
    for title, field in said.items():
        at = places.get(fold(title))
        if at is None:
            wrong.append(f"there is no column “{title}”")
        elif field and field not in FIELD_NAMES:
            wrong.append(f"“{field}” is no answer; there are: {', '.join(FIELD_NAMES)}")
        else:  # a field that was guessed for another column is this one's now
            fields = ["" if field and other == field else other for other in fields]
            fields[at] = str(field)
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
