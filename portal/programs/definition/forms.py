"""The questions of a form in a program's file: read by the editor's own rules, and written for people to read.

    [[forms.nomination]]
    key = "story"                       # one of Laurel's: only its place here, and what is worded in another way

    [[forms.nomination]]
    key = "q_lesson"                    # one of the organizers' own
    step = "story"
    kind = "line"
    question.en = "Their best lesson"

A form that is not there is left as it is; one that is there is told whole, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.core.forms import tidy_line, tidy_text
from portal.programs.definition.reader import Table
from portal.questions import purposes, rules
from portal.questions.purposes import Purpose
from portal.questions.rows import Row
from portal.questions.shape import OWN, Question, read

NAMES = {
    "group": "step", "label": "question", "audience": "visible_to", "options": "choices", "low": "least",
    "high": "most", "first": "lowest", "last": "highest",
}  # fmt: skip
_OWN = re.compile(OWN + r"[a-z0-9_]{1,40}")
_OPTION = re.compile(r"[a-z][a-z0-9_]{0,40}")


def read_forms(top: Table) -> dict[str, list[Row]]:
    """The forms that the file tells, by purpose."""
    if not top.has("forms"):
        top.asked.add("forms")
        return {}
    table, found = top.table("forms"), {}
    for purpose in purposes.every():
        if table.has(purpose.key):
            found[purpose.key] = _form(table.tables(purpose.key), purpose)
    table.asked |= {purpose.key for purpose in purposes.every()}
    table.finish()
    return found


def _form(tables: Sequence[Table], purpose: Purpose) -> list[Row]:
    fixed, own = {q.key: q for q in purpose.fixed}, 0
    rows: list[Row] = []
    for table in tables:
        key = table.string("key")
        if key in (row["key"] for row in rows):
            table.complain("key", _("“%(key)s” is already used above. Each key is used once.", key=key))
        elif key in fixed:
            rows.append(_fixed(table, fixed[key], purpose))
        elif _OWN.fullmatch(key):
            own += 1
            if own > rules.MOST_OWN:
                table.complain("key", _("a form holds at most %(most)s questions of your own.", most=rules.MOST_OWN))
                break  # once is enough, whatever else stands there
            rows.append(_own(table, purpose))
        elif key:
            table.complain("key", _("this is no question of Laurel’s. The key of a question of your own begins with "
                                    "%(own)s, and has small letters, digits and underscores.", own=OWN))  # fmt: skip
    return rows


def _fixed(table: Table, plain: Question, purpose: Purpose) -> Row:
    """One of the product's: its words where they are the organizers', and whether it must be answered."""
    row: Row = {"key": plain.key}
    for part in ("label", "help"):
        if table.has(NAMES.get(part, part)):
            row[part] = _words(table, part)
            home = purpose.homes.get(plain.key, {}).get(part)
            if home and all(row[part].get(language) for language in table.book.languages):
                sentence = _("write this in [nominations], as %(home)s.", home=home)
                table.complain(NAMES.get(part, part), sentence)
    if "required" in rules.parts(plain) and table.has("required"):
        row["required"] = table.flag("required")
    table.asked |= {"key", "question", "help"}
    _finish(table, read(row, plain))
    return row


def _own(table: Table, purpose: Purpose) -> Row:
    kind, group = table.choice("kind", list(rules.KINDS)), table.choice("step", list(purpose.groups))
    audience = table.choice("visible_to", list(rules.AUDIENCES)) if table.has("visible_to") else "staff"
    blank = Question(table.string("key"), group, kind or "line", "")
    known = rules.parts(blank)
    row: Row = {"key": blank.key, "group": group, "kind": kind, "label": _words(table, "label")}
    row |= {"help": _words(table, "help"), "required": table.flag("required", default=False), "audience": audience}
    row["options"] = _options(table) if "options" in known else []
    row |= {part: _number(table, part) if part in known else None for part in ("low", "high")}
    row["ends"] = [_words(table, part) if part in known else _both({}) for part in ("first", "last")]
    table.asked.add("visible_to")
    _finish(table, read(row, None))
    return row


def _finish(table: Table, question: Question) -> None:
    """What the editor would say of it, at the field where the file says it; but one complaint a field is enough."""
    said = {problem.path[len(table.path)] for problem in table.book.problems if _is_within(problem.path, table.path)}
    for part, sentence in rules.mistakes(question):
        name, _dot, language = part.partition(".")
        field = NAMES.get(name, name)
        if field not in said:
            said.add(field)
            sentence = str(sentence)
            at = f"{field}.{language}" if language and table.has(field) and field != "choices" else field
            table.complain(at, sentence[:1].lower() + sentence[1:])
    table.finish()


def _is_within(path: tuple[str | int, ...], table: tuple[str | int, ...]) -> bool:
    return path[: len(table)] == table and len(path) > len(table)


def _both(given: Mapping[str, str]) -> dict[str, str]:
    return {language: given.get(language, "") for language in rules.LANGUAGES}


def _words(table: Table, part: str) -> dict[str, str]:
    tidy = tidy_line if part in ("first", "last") else tidy_text
    return _both({language: tidy(said) for language, said in table.words(NAMES.get(part, part)).items()})


def _number(table: Table, part: str) -> int | None:
    name = NAMES[part]
    table.asked.add(name)
    return table.integer(name, *rules.NUMBERS) if table.has(name) else None


def _options(table: Table) -> list[list[Any]]:
    found: list[list[Any]] = []
    for one in table.tables("choices", needed=False)[: rules.MOST_OPTIONS + 1]:  # one more, and the rules refuse them
        key = one.string("key")
        if key and not _OPTION.fullmatch(key):
            one.complain("key", _("a key has small letters, digits and underscores, and begins with a letter."))
        if key in (before for before, _name in found):
            one.complain("key", _("“%(key)s” is already used above. Each key is used once.", key=key))
        words = {language: tidy_line(one.string(language, needed=False)) for language in rules.LANGUAGES}
        found.append([key, words])
        one.finish()
    return found


def told_form(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as the file writes them."""
    return [_told(row) for row in rows]


def _told(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {"key": row["key"]}
    if "kind" in row:
        found |= {"step": row["group"], "kind": row["kind"], "visible_to": row["audience"]}
    if "required" in row:
        found["required"] = row["required"]
    if "label" in row:
        found["question"] = _said(row["label"])
    if "help" in row and ("kind" not in row or any(row["help"].values())):
        found["help"] = _said(row["help"]) or {"en": ""}  # Laurel's help may be left out on purpose
    if row.get("options"):
        found["choices"] = [{"key": key, **_said(name)} for key, name in row["options"]]
    found |= {NAMES[part]: row[part] for part in ("low", "high") if row.get(part) is not None}
    found |= {
        NAMES[part]: _said(end) for part, end in zip(("first", "last"), row.get("ends", ()), strict=False) if _said(end)
    }
    return found


def _said(text: Mapping[str, str]) -> dict[str, str]:
    return {language: said for language, said in text.items() if said}
