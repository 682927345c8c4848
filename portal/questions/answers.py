"""Stored answers: what a form's fields give, and how people read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _

from portal.core.asked import whole
from portal.core.i18n import language, pick
from portal.questions import rules
from portal.questions.fields import read_date
from portal.questions.queries import Wordings
from portal.questions.shape import Asked, Question, named

# By key {"v": the version it was asked in, "a": the answer, "n": a file's name}; without "a" only the version.
Stored = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """One answer as a page shows it: the question as it was asked, and the text or the file."""

    question: Question
    label: str
    text: str
    upload: str = ""  # the public id of a file

    @property
    def is_link(self) -> bool:
        """Whether the text is the address of a page on the web."""
        return self.question.kind == "link" and self.text.startswith(("http://", "https://"))


def spoken(question: Question, value: Any, file_name: str = "") -> str:
    """An answer as people read it, in the reader's language; of a file its name."""
    if value in (None, "", []):
        return ""
    if question.kind in ("choice", "choices"):
        names = {o.key: pick(o.name) for o in question.options}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(names.get(str(key), str(key)) for key in chosen if key)
    if question.kind == "scale":
        return _("%(step)s of %(most)s", step=value, most=question.high or 5)
    if question.kind == "date":
        day = read_date(str(value))
        return format_date(day, "long", locale=language()) if day else str(value)
    if question.kind == "statement":
        return _("Confirmed")
    if question.kind == "file":
        return file_name or _("A file")
    return str(value)


def stored(asked: Asked, answers: Mapping[str, Any], versions: Mapping[str, int], files: Mapping[str, str]) -> Stored:
    """What is kept of the answers when they are sent: the organizers' own with the version each was asked in; of the
    product's questions, whose answers have columns, only a version other than the first. `files` names the uploads.
    """
    found: Stored = {}
    for question in asked.questions:
        version = int(versions.get(question.key, 1))
        value = answers.get(question.key)
        if question.fixed:
            if version > 1:
                found[question.key] = {"v": version}
        elif not question.retired and question.has_answer and value:
            found[question.key] = {"v": version, "a": value}
            if question.kind == "file":
                found[question.key]["n"] = files.get(str(value), "")
    return found


def told(wordings: Wordings, kept: Stored, reader: str, name: str = "") -> list[Answer]:
    """The answers to the organizers' own questions that this reader ("staff", "scorers", "nominee") may see.

    In the form's order and under the wording they were asked with. Who may see an answer is what was said when it was
    asked, or less, when the question's audience was narrowed since.
    """
    found = []
    for now in wordings.asked.questions:
        given = kept.get(now.key)
        if now.fixed or not given or "a" not in given:
            continue
        question = wordings.of(now.key, given["v"]) or now
        if rules.may_see(rules.narrower(question.audience, now.audience), reader):
            label = named(pick(question.label), name)
            upload = str(given["a"]) if question.kind == "file" else ""
            found.append(Answer(question, label, spoken(question, given["a"], given.get("n", "")), upload))
    return found


def versions_text(questions: Iterable[Question]) -> str:
    """The versions a page asks its questions in, for a hidden field: "story.2 q_k3.1"."""
    return " ".join(f"{q.key}.{q.version}" for q in questions)


def read_versions(text: str | None, asked: Asked) -> dict[str, int]:
    """The versions that a page asked in; a number that never was counts as the present one."""
    found: dict[str, int] = {}
    for part in (text or "")[:4000].split():
        key, _dot, number = part.partition(".")
        question, version = asked.get(key), whole(number)
        if question is not None and version and version <= question.version:
            found[key] = version
    return found
