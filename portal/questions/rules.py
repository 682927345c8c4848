"""The kinds of questions, who may see answers, who may edit a form, and what is checked before it goes out. Pure."""

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_auditor, is_organizer
from portal.core.access import permission
from portal.questions.shape import NAME, OWN, Asked, Question

KINDS: dict[str, Any] = {
    "line": _l("Short text"),
    "text": _l("Long text"),
    "choice": _l("One choice of several"),
    "choices": _l("Several choices"),
    "scale": _l("Scale"),
    "number": _l("Number"),
    "date": _l("Date"),
    "school": _l("School"),
    "link": _l("Web address"),
    "file": _l("File"),
    "statement": _l("Statement to read, or to confirm"),
}
HINTS: dict[str, Any] = {
    "line": _l("A few words on one line."),
    "text": _l("Several lines, with a count of words if you set limits."),
    "choice": _l("One answer out of a list."),
    "choices": _l("As many answers as fit."),
    "scale": _l("A step between two ends, such as 1 to 5."),
    "number": _l("A whole or decimal number."),
    "date": _l("A day of the calendar."),
    "school": _l("A school, suggested from the directory as one types."),
    "link": _l("The address of a page on the web."),
    "file": _l("A picture, a PDF or a text document, up to 10 MB."),
    "statement": _l("Words of yours between the questions. Required means that it must be confirmed."),
}
WITH_OPTIONS = ("choice", "choices")
WITH_LIMITS = ("line", "text", "number", "scale")
AUDIENCES: dict[str, Any] = {
    "staff": _l("Staff only"),
    "scorers": _l("Staff and the panel"),
    "nominee": _l("Staff, the panel, and the educator once they have accepted"),
}
MOST_OWN = 30  # questions of one's own in a form
SENSITIVE = ("grade", "gpa", "diagnos", "disab", "health", "medic", "disciplin", "suspen", "social security",
             "calificaci", "salud", "enfermedad", "discapacidad", "disciplina")  # fmt: skip

SEE = permission("questions.see", is_organizer | is_auditor)
EDIT = permission("questions.edit", is_organizer)


def is_own(key: str) -> bool:
    """Whether a field's name is that of an organizer's own question."""
    return key.startswith(OWN)


def may_see(audience: str, reader: str) -> bool:
    """Whether a reader ("staff", "scorers", "nominee") may see answers to questions for this audience."""
    order = list(AUDIENCES)
    return order.index(audience) >= order.index(reader)


def narrower(one: str, other: str) -> str:
    """The audience that both allow: what was promised when it was asked, and what holds now."""
    return min(one, other, key=list(AUDIENCES).index)


def text_in(text: Any, language: str) -> str:
    """A stored text in exactly this language, "" when it has none; the product's own wording counts as whole."""
    if isinstance(text, dict):
        return str(text.get(language, ""))
    return str(text)


Check = Callable[[Question, Iterable[str]], Iterable[Any]]


def _languages(question: Question, languages: Iterable[str]) -> Iterable[Any]:
    texts = [question.label, *(o.name for o in question.options)]
    texts += [t for t in (question.help, *question.ends) if t and any(dict(t).values() if isinstance(t, dict) else t)]
    for language in languages:
        if any(not text_in(text, language).strip() for text in texts):
            spanish, english = _l("The Spanish wording is not complete."), _l("The English wording is missing.")
            yield spanish if language == "es" else english


def _options(question: Question, _languages_: Iterable[str]) -> Iterable[Any]:
    if question.kind in WITH_OPTIONS and not question.fixed and len(question.options) < 2:
        yield _l("A choice needs at least two answers.")


def _sensitive(question: Question, languages: Iterable[str]) -> Iterable[Any]:
    asked = " ".join(text_in(question.label, language) for language in languages).lower()
    if not question.fixed and any(word in asked for word in SENSITIVE):
        yield _l("It may ask for grades, health or discipline. People should not write that about children here.")


def _braces(question: Question, languages: Iterable[str]) -> Iterable[Any]:
    asked = " ".join(text_in(t, lang) for lang in languages for t in (question.label, question.help))
    if "{" in asked.replace(NAME, ""):
        yield _l("Only {educator} can stand for something else. Other words in braces are shown as they are.")


CHECKS: tuple[Check, ...] = (_languages, _options, _sensitive, _braces)


def look_over(asked: Asked, languages: Iterable[str]) -> list[tuple[Question, Any]]:
    """What to mend or to think over before people fill in the form: (question, sentence), in the form's order."""
    languages = list(languages)
    return [
        (question, sentence)
        for question in asked.questions
        if not question.retired
        for check in CHECKS
        for sentence in check(question, languages)
    ]


def minutes(asked: Asked) -> int:
    """About how long the form takes: four minutes as it comes, and what the organizers' own questions add."""
    seconds = {"text": 90, "file": 60, "line": 20, "link": 30, "school": 20, "statement": 15}
    return round(4 + sum(seconds.get(q.kind, 10) for q in asked.own()) / 60)
