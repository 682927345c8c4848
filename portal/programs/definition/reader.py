"""Reads typed values out of a TOML table, remembering every mistake by line and field, not just the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from difflib import get_close_matches
from typing import Any

from flask_babel import gettext as _

from portal.core.i18n import LANGUAGES
from portal.programs.definition.shape import Offset, Problem, Text, offset_from
from portal.programs.definition.source import Lines, Path, line_of

_KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass
class Book:
    """What all tables of one file share: where things stand, which languages are due, the mistakes so far."""

    lines: Lines
    languages: tuple[str, ...] = ("en",)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, path: Path, sentence: str) -> None:
        self.problems.append(Problem(line_of(self.lines, path), spoken(path), sentence, path))


def spoken(path: Path) -> str:
    """The path as a person counts: ("rounds", 0, "name") is "rounds.1.name"."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


class Table:
    """One TOML table being read. Ask for each value once; `finish` names the keys nobody asked for."""

    def __init__(self, book: Book, path: Path, data: Any) -> None:
        self.book, self.path = book, path
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        self.asked: set[str] = set()
        if not isinstance(data, dict):
            book.complain(path, _("this should be a table of fields."))

    def complain(self, key: str, sentence: str) -> None:
        self.book.complain((*self.path, key), sentence)

    def has(self, key: str) -> bool:
        return key in self.data

    def _take(self, key: str, kind: type | tuple[type, ...], what: str, fallback: Any, *, needed: bool = True) -> Any:
        self.asked.add(key)
        if key not in self.data:
            if needed:
                self.complain(key, _("this is missing. Add %(what)s.", what=what))
            return fallback
        value = self.data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.complain(key, _("this should be %(what)s.", what=what))
            return fallback
        return value

    def string(self, key: str, *, needed: bool = True) -> str:
        value = self._take(key, str, _("a text in quotes"), "", needed=needed)
        if not value.strip() and needed and isinstance(self.data.get(key), str):
            self.complain(key, _("this is empty. Write a text."))
        return str(value).strip()

    def key(self, key: str = "key") -> str:
        value = self.string(key)
        if value and not _KEY.fullmatch(value):
            self.complain(key, _("a key has small letters, digits and underscores, and begins with a letter."))
        return value

    def choice(self, key: str, choices: Sequence[str]) -> str:
        value = self.string(key)
        if value and value not in choices:
            there = ", ".join(choices)
            sentence = _("“%(value)s” is not one of %(there)s.", value=value, there=there)
            self.complain(key, sentence + _guess(value, choices))
        return value

    def integer(self, key: str, low: int = 0, high: int = 1_000_000, *, default: int | None = None) -> int:
        """A whole number; with a default it may be left out."""
        otherwise = low if default is None else default
        value = int(self._take(key, int, _("a whole number"), otherwise, needed=default is None))
        if not low <= value <= high:
            self.complain(
                key,
                _(
                    "%(value)s is out of range. Write a whole number from %(low)s to %(high)s.",
                    value=value,
                    low=low,
                    high=high,
                ),
            )
        return value

    def number(self, key: str, low: float, high: float) -> float:
        value = float(self._take(key, (int, float), _("a number"), low))
        if not low <= value <= high:
            self.complain(
                key,
                _(
                    "%(value)s is out of range. Write a number from %(low)s to %(high)s.",
                    value=f"{value:g}",
                    low=f"{low:g}",
                    high=f"{high:g}",
                ),
            )
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        return bool(self._take(key, bool, _("true or false"), default or False, needed=default is None))

    def strings(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        values = self._take(key, list, _("a list of texts"), [], needed=needed)
        for number, value in enumerate(values):
            if not isinstance(value, str):
                self.book.complain((*self.path, key, number), _("this should be a text in quotes."))
        return tuple(value for value in values if isinstance(value, str))

    def text(self, key: str, *, needed: bool = True) -> Text:
        """A public text in every language of the program."""
        self.asked.add(key)
        value = self.data.get(key)
        if value is None:
            if needed:
                wanted = _(" and ").join(f"{key}.{language}" for language in self.book.languages)
                self.complain(key, _("this is missing. Add %(what)s.", what=wanted))
            return {}
        return self._text((*self.path, key), value)

    def words(self, key: str) -> Text:
        """A text in those of the product's languages that it has: what may wait for its translation."""
        value = self._take(key, dict, _("a text by language, like { en = ... }"), {}, needed=False)
        for language, given in value.items():
            if language not in LANGUAGES:
                self.complain(
                    f"{key}.{language}", _("“%(language)s” is not a language Laurel speaks: en, es.", language=language)
                )
            elif not isinstance(given, str):
                self.complain(f"{key}.{language}", _("this should be a text in quotes."))
        return {language: given for language, given in value.items() if isinstance(given, str)}

    def _text(self, path: Path, value: Any) -> Text:
        name = path[-1] if isinstance(path[-1], str) else spoken(path[-2:])
        if not isinstance(value, dict):
            wanted = ", ".join(f"{language} = ..." for language in self.book.languages)
            self.book.complain(path, _("this should be a text by language: %(wanted)s.", wanted=f"{{ {wanted} }}"))
            return {}
        for language in self.book.languages:
            given = value.get(language)
            if not isinstance(given, str) or not given.strip():
                self.book.complain(path, _missing(language, f"{name}.{language}"))
        for language in value:
            if language not in self.book.languages:
                sentence = _("“%(language)s” is not a language of this program.", language=language)
                self.book.complain((*path, language), sentence + _guess(language, self.book.languages))
        return {language: str(given).strip() for language, given in value.items()}

    def texts(self, key: str) -> tuple[Text, ...]:
        values = self._take(key, list, _("a list of texts by language"), [])
        return tuple(self._text((*self.path, key, number), value) for number, value in enumerate(values))

    def offset(self, key: str) -> Offset:
        """A time written like "day 62 at 23:59"."""
        written = self.string(key)
        found = offset_from(written)
        if found is not None:
            return found
        if written:
            self.complain(
                key,
                _(
                    "“%(written)s” cannot be read. Write it like “%(example)s”.",
                    written=written,
                    example="day 62 at 23:59",
                ),
            )
        return Offset(0, time())

    def table(self, key: str) -> Table:
        """A table within; when it is missing, one complaint, and each of its fields stays quiet."""
        self.asked.add(key)
        if key not in self.data:
            self.complain(key, _("this part is missing. Add %(heading)s.", heading=f"[{spoken((*self.path, key))}]"))
            return Table(Book(self.book.lines, self.book.languages), (*self.path, key), {})
        return Table(self.book, (*self.path, key), self.data[key])

    def tables(self, key: str, *, needed: bool = True) -> list[Table]:
        """A list of tables written [[key]]; at least one where needed."""
        self.asked.add(key)
        values, heading = self.data.get(key, []), f"[[{spoken((*self.path, key))}]]"
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            sentence = _("this should be a list of tables, each beginning with %(heading)s.", heading=heading)
            self.complain(key, sentence)
            return []
        if needed and not values:
            self.complain(key, _("this part is missing. Add at least one %(heading)s.", heading=heading))
        return [Table(self.book, (*self.path, key, number), value) for number, value in enumerate(values)]

    def finish(self) -> None:
        """Name each key that means nothing here, with the nearest one that does."""
        for key in self.data:
            if key not in self.asked:
                self.complain(key, _("this field is not known here.") + _guess(key, sorted(self.asked)))


def _guess(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return " " + _("Did you mean “%(near)s”?", near=near[0]) if near else ""


def _missing(language: str, field: str) -> str:
    if language == "en":
        return _("the English text is missing. Add %(field)s.", field=field)
    return _("the Spanish text is missing. Add %(field)s.", field=field)
