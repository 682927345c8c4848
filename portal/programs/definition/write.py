"""A program's plain values written as a TOML text that people can read, edit and load again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array, InlineTable, Table

HEAD = """The program as it stands in Laurel; loaded again it changes nothing.
Load it with:   portal program load THIS-FILE --opens DATE --cycle NAME
Times are offsets from the opening day of nominations, which is day 0. Two stars make words **bold**."""
HEADINGS = {
    "colors": "One accent; its companions are computed, and a pair under 4.5 to 1 is refused.",
    "criteria": "What the award looks for, as the public reads it.",
    "eligibility": "Who may be nominated; check: position, district, attest, not_winner, not_panel.",
    "districts": "The districts, with other ways people write them.",
    "positions": "Positions on the nomination form; words recognize what people write by hand.",
    "groups": "How a nominator knows the educator: six reporting groups, and the relations that count in them.",
    "nominations": "The nomination form",
    "forms": "The questions of a form in their order: Laurel's where they are worded in another way, and your own.",
    "categories": "Each category has its own places and the positions that belong to it.",
    "windows": "The windows that belong to no round",
    "rounds": "The rounds in order: when nominees work on it (window), when the panel scores (scoring).",
    "levels": "The levels of every rubric, lowest first; every criterion has a text for each.",
    "ties": "What is compared first when files are tied; fixed before scoring opens.",
    "questions": "Questions on the program page",
    "letters": "The program's own words in letters; an absent text leaves Laurel's.",
}
TEXT_LISTS = ("names", "levels", "choices")  # lists of texts by language; other lists of tables are written [[so]]


def as_toml(data: Mapping[str, Any], more: str = "") -> str:
    """The text of a program file; `data` is shaped as `parse_definition` reads it, its parts in the order given.

    `more` is what its head says besides.
    """
    document = tomlkit.document()
    for line in (*HEAD.splitlines(), *more.splitlines()):
        document.add(tomlkit.comment(line))
    for key, value in data.items():
        document.add(tomlkit.nl())
        if key in HEADINGS:
            document.add(tomlkit.comment(HEADINGS[key]))
        if isinstance(value, Mapping):
            document.add(key, _table(value))
        elif value:
            document.add(key, _tables(value))
    return tomlkit.dumps(document)


def _table(values: Mapping[str, Any]) -> Table:
    whole = all(_is_headed(key, value) for key, value in values.items())
    table = tomlkit.table(is_super_table=bool(values) and whole)
    for key, value in values.items():
        if isinstance(value, Mapping) and _is_flat(value):
            for inner, text in value.items():
                table.append(tomlkit.key([key, inner]), text)
        elif isinstance(value, Mapping):
            table.append(key, _table(value))
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            table.append(key, _texts(value) if key in TEXT_LISTS else _tables(value))
        else:
            table.append(key, value)
    return table


def _is_headed(key: str, value: Any) -> bool:
    """Whether the value has a heading of its own: [a.table], or [[tables]]."""
    if isinstance(value, Mapping):
        return not _is_flat(value)
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping) and key not in TEXT_LISTS


def _is_flat(value: Mapping[str, Any]) -> bool:
    """A text by language, or a window's two times: written name.en = "..."."""
    return len(value) <= 2 and all(isinstance(each, str) for each in value.values())


def _tables(values: list[Mapping[str, Any]]) -> AoT:
    tables = tomlkit.aot()
    for each in values:
        tables.append(_table(each))
    return tables


def _texts(values: list[Mapping[str, str]]) -> Array:
    lines = tomlkit.array()
    for each in values:
        inline: InlineTable = tomlkit.inline_table()
        inline.update(each)
        lines.append(inline)
    return lines.multiline(True)
