"""A form as a program's file tells it: a row for each question in order, of the product's own only what differs. Pure.

A row is what the database keeps of a question (`shape.stored`) without its history: an installation where nobody has
answered yet can begin with it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.questions.purposes import Purpose
from portal.questions.shape import Asked, Question, stored
from portal.questions.words import both

Row = dict[str, Any]
_HISTORY = ("version", "seen", "retired")


def rows_of(asked: Asked, purpose: Purpose) -> list[Row]:
    """The questions that are asked now, step by step; none when the form is as the product words it."""
    plain = purpose.plain(asked.program)
    by_key = {q.key: q for q in plain}
    rows = [_row(q, by_key.get(q.key)) for group in purpose.groups for q in asked.of(group)]
    usual = [q.key for group in purpose.groups for q in plain if q.group == group]
    return [] if [row["key"] for row in rows] == usual and all(len(row) == 1 for row in rows) else rows


def _row(question: Question, plain: Question | None) -> Row:
    found = {name: value for name, value in stored(question, plain).items() if name not in _HISTORY}
    for part in ("label", "help"):
        if part in found:
            found[part] = both(found[part])
    if plain is None:
        found["options"] = [[key, both(name)] for key, name in found["options"]]
        found["ends"] = [both(end) for end in found["ends"]]
    return found


def in_order(questions: Iterable[Question], groups: Mapping[str, Any]) -> list[Question]:
    """The questions step by step, those of a step as they stand."""
    questions = list(questions)
    return [q for group in groups for q in questions if q.group == group]
