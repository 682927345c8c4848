"""The organizers' own questions as columns of an export: what they are called, and how a cell answers one. Pure.

Answers come out as the form stores them; what can't be read so comes back as it was written, to be remarked.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.core.forms import tidy_line, tidy_text
from portal.core.i18n import LANGUAGES, pick
from portal.core.names import fold
from portal.nominations.remarks import Remark, quote
from portal.nominations.sheet.columns import FIELD_NAMES
from portal.nominations.sheet.words import agreed
from portal.questions.fields import LONGEST, WEB, in_range, read_link, read_number, steps
from portal.questions.shape import NAME, Question, named

LONGEST_TEXT = 8000  # characters of a long answer, as on the form
Moment = Callable[[str], datetime | None]  # reads a date as the file's dates are read


def answerable(questions: Iterable[Question]) -> list[Question]:
    """The own questions that a sheet can answer: no file, nothing that is only read."""
    return [q for q in questions if not (q.fixed or q.retired or q.kind == "file") and q.has_answer]


def label_of(question: Question) -> str:
    """What the question is called among the columns, in the reader's language; a long one shortened."""
    label = " ".join(named(pick(question.label), _("this educator")).split())
    return label if len(label) <= 90 else f"{label[:89]}…"


def names_of(questions: Iterable[Question]) -> dict[str, str]:
    """Everything that a column can be read as, by its key."""
    return {key: str(name) for key, name in FIELD_NAMES.items()} | {q.key: label_of(q) for q in questions}


def phrases_of(questions: Iterable[Question]) -> dict[str, tuple[str, ...]]:
    """By which titles a column is known to answer each question: its wording in every language."""
    calls = ("", "this educator", "the educator")
    found = {}
    for question in questions:
        labels = {pick(question.label, language) for language in LANGUAGES}
        said = {fold(label.replace(NAME, call)) for label in labels for call in calls}
        found[question.key] = tuple(sorted(said - {""}))
    return found


class Cells:
    """Reads the cells of one question's column."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.label = {language: quote(pick(question.label, language)) for language in LANGUAGES}
        # The wording wins over a key, and of two options that are worded alike the first is meant.
        self.options: dict[str, str] = {}
        for option in question.options:
            for language in LANGUAGES:
                self.options.setdefault(fold(pick(option.name, language)), option.key)
        for option in question.options:
            self.options.setdefault(fold(option.key), option.key)
        self.options.pop("", None)
        self.commas = max((pick(o.name, each).count(",") for o in question.options for each in LANGUAGES), default=0)

    def read(self, cell: str, moment: Moment) -> tuple[Any, str]:
        """(the answer as the form stores it, what could not be read); an empty cell is ("", "")."""
        kind, written = self.question.kind, tidy_line(cell)
        if kind == "text":
            return tidy_text(cell), ""
        if kind == "choices":
            return self._several(cell)
        found = written and _BY_KIND[kind](self, written, moment)
        if found is None:
            return "", written
        return found, ""

    def longest(self) -> int:
        """How many characters an answer in free words may have."""
        return LONGEST.get(self.question.kind, LONGEST_TEXT)

    def _several(self, cell: str) -> tuple[list[str], str]:
        """The options that a cell names, in the form's order; forms part them by ";", a line break or a comma."""
        keys: set[str] = set()
        unread = []
        for part in re.split(r"[;\r\n]+", cell):
            found, left = self._by_commas([piece for piece in part.split(",") if piece.strip()])
            keys |= found
            unread += left
        return [o.key for o in self.question.options if o.key in keys], ", ".join(unread)

    def _by_commas(self, pieces: list[str]) -> tuple[set[str], list[str]]:
        """An option's own wording may hold commas: the longest run of pieces that is one is it."""
        keys: set[str] = set()
        unread = []
        while pieces:
            for many in range(min(len(pieces), self.commas + 1), 0, -1):
                if key := self.options.get(fold(",".join(pieces[:many]))):
                    keys.add(key)
                    del pieces[:many]
                    break
            else:
                unread.append(tidy_line(pieces.pop(0)))
        return keys, unread

    def _choice(self, written: str, _moment: Moment) -> str | None:
        return self.options.get(fold(written))

    def _scale(self, written: str, _moment: Moment) -> str | None:
        found = read_number(written)
        return str(int(found)) if found is not None and found in steps(self.question) else None

    def _number(self, written: str, _moment: Moment) -> str | None:
        found = read_number(written)
        return written if found is not None and in_range(self.question, found) else None

    def _date(self, written: str, moment: Moment) -> str | None:
        found = moment(written)
        return found.date().isoformat() if found else None

    def _link(self, written: str, _moment: Moment) -> str | None:
        found = read_link(written)
        return found if WEB.fullmatch(found) and len(found) <= LONGEST["link"] else None

    def _statement(self, written: str, _moment: Moment) -> str | None:
        said = agreed(written)
        return None if said is None else "yes" if said else ""

    def _words(self, written: str, _moment: Moment) -> str | None:
        return written


_BY_KIND: Mapping[str, Callable[[Cells, str, Moment], str | None]] = {
    "line": Cells._words,
    "school": Cells._words,
    "choice": Cells._choice,
    "scale": Cells._scale,
    "number": Cells._number,
    "date": Cells._date,
    "link": Cells._link,
    "statement": Cells._statement,
}


def said_in(
    raw: Mapping[str, str], known: Mapping[str, Cells], moment: Moment, remarks: list[Remark]
) -> dict[str, dict[str, Any]]:
    """What a row answers to the own questions that have a column, under the wording that they have now."""
    found: dict[str, dict[str, Any]] = {}
    for key, cells in known.items():
        answer, unread = cells.read(raw.get(key, ""), moment)
        if unread:
            remarks.append(("own_unread", {"question": cells.label, "written": quote(unread)}))
        if isinstance(answer, str) and len(answer) > cells.longest():
            answer = answer[: cells.longest()]
            remarks.append(("cut", {}))
        if answer:
            found[key] = {"v": cells.question.version, "a": answer}
    return found
