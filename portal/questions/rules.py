"""The kinds of questions, who may see answers, who may edit a form, and what is checked before it goes out. Pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_auditor, is_organizer
from portal.core.access import permission
from portal.core.i18n import LANGUAGES
from portal.questions.shape import NAME, OWN, TEXTS, Asked, Question

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
    "line": _l("A few words on one line, with a count of words if you set limits."),
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
WITH_LIMITS = (*TEXTS, "number", "scale")
AUDIENCES: dict[str, Any] = {
    "staff": _l("Staff only"),
    "scorers": _l("Staff and the panel"),
    "nominee": _l("Staff, the panel, and the educator once they have accepted"),
}
MOST_OWN = 30  # questions of one's own in a form
MOST_OPTIONS = 100
MOST_WORDS = {"line": 50, "text": 2000}
SCALE = (0, 10)
NUMBERS = (-1_000_000, 1_000_000_000)
LONGEST = {"label": 600, "help": 600, "options": 8000, "first": 60, "last": 60}  # characters, in each language
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


def parts(question: Question) -> tuple[str, ...]:
    """What organizers may say of a question of this kind; the product keeps some of its own questions to itself."""
    found = ["label", "help"]
    if question.kind in WITH_OPTIONS and not question.fixed:
        found.append("options")
    if question.kind in WITH_LIMITS and (question.limits or not question.fixed):
        found += ["low", "high"]
    if question.kind == "scale":
        found += ["first", "last"]
    if not question.always:
        found.append("required")
    return (*found, "audience", "group") if not question.fixed else tuple(found)


Mistake = tuple[str, Any]  # the part ("label.en", "high") and what to do


def mistakes(question: Question) -> Iterator[Mistake]:
    """What no question may be, whether it is typed in the editor or stands in a program's file."""
    yield from _words_fit(question)
    if "options" in parts(question):
        yield from _options_fit(question)
    if "low" in parts(question):
        yield from _limits_fit(question)


def _words_fit(question: Question) -> Iterator[Mistake]:
    if not text_in(question.label, "en").strip():
        yield "label.en", _l("Write the question in English.")
    texts = {"label": [question.label], "help": [question.help], "options": [o.name for o in question.options],
             "first": question.ends[:1], "last": question.ends[1:]}  # fmt: skip
    for part, longest in LONGEST.items():
        for language in LANGUAGES:
            if sum(len(text_in(text, language)) for text in texts[part]) > longest:
                yield f"{part}.{language}", _l("Please shorten this to %(max)d characters at most.", max=longest)


def _options_fit(question: Question) -> Iterator[Mistake]:
    english, spanish = ([text_in(o.name, language) for o in question.options] for language in ("en", "es"))
    if not 2 <= len(english) <= MOST_OPTIONS or len(set(english)) != len(english) or not all(english):
        yield "options.en", _l("Write at least two different answers in English, and %(most)s at most.",
                               most=MOST_OPTIONS)  # fmt: skip
    elif any(spanish) and not all(spanish):
        yield "options.es", _l("Write each answer in Spanish too, in the same order, or none of them.")


def _limits_fit(question: Question) -> Iterator[Mistake]:
    low, high, kind = question.low, question.high, question.kind
    for part, number in (("low", low), ("high", high)):
        if number is not None and not NUMBERS[0] <= number <= NUMBERS[1]:
            yield part, _l("Write a number from %(low)s to %(high)s.", low=NUMBERS[0], high=NUMBERS[1])
    if kind in TEXTS and (low is None) != (high is None):
        yield "high", _l("Write both limits, or none.")
    elif low is not None and high is not None and low >= high:
        yield "high", _l("The most must be more than the least.")
    elif kind in TEXTS and low is not None and low < 1:
        yield "low", _l("Write 1 or more.")
    elif kind in TEXTS and high is not None and high > MOST_WORDS[kind]:
        yield "high", _l("Write %(high)s or less.", high=MOST_WORDS[kind])
    elif kind == "scale" and (low is None or high is None or low < SCALE[0] or high > SCALE[1]):
        yield "high", _l("A scale goes from 0 or more to 10 or less.")


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
