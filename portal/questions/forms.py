"""An organizer words a question: English and Spanish side by side, and what its kind needs beside."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional

from portal.core.forms import Form, line, text
from portal.questions import rules
from portal.questions.purposes import Purpose
from portal.questions.shape import Option, Question
from portal.questions.words import both

LANGUAGES = ("en", "es")
MOST_OPTIONS = 100
SCALE = (0, 10)
MOST_WORDS = 2000


def _number(label: Any) -> IntegerField:
    return IntegerField(label, validators=[Optional(), NumberRange(-1_000_000, 1_000_000_000)])


class WordingForm(Form):
    """The fields of a question; `fit` takes away those that its kind does not know."""

    label_en = text(_l("Question in English"), required=_l("Write the question in English."), longest=600)
    label_es = text(_l("Question in Spanish"), longest=600)
    help_en = text(_l("Help in English"), longest=600)
    help_es = text(_l("Help in Spanish"), longest=600)
    options_en = text(_l("Answers in English"), longest=8000)
    options_es = text(_l("Answers in Spanish"), longest=8000)
    low = _number(_l("Least"))
    high = _number(_l("Most"))
    first_en = line(_l("What the lowest step means, in English"), longest=60)
    first_es = line(_l("What the lowest step means, in Spanish"), longest=60)
    last_en = line(_l("What the highest step means, in English"), longest=60)
    last_es = line(_l("What the highest step means, in Spanish"), longest=60)
    required = BooleanField(_l("It must be answered"))
    audience = SelectField(_l("Who may see the answers"))
    group = SelectField(_l("Where it is asked"))
    seen = HiddenField()
    question: Question

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fits: bool = super().validate(*args, **kwargs)
        for check in (self._options_fit, self._limits_fit):
            fits = check() and fits
        return fits

    def _options_fit(self) -> bool:
        if "options_en" not in self:
            return True
        english, spanish = _lines(self.options_en.data), _lines(self.options_es.data)
        if not 2 <= len(english) <= MOST_OPTIONS or len(set(english)) != len(english):
            self.options_en.errors = [_("Write at least two different answers, each on a line of its own.")]
            return False
        if spanish and len(spanish) != len(english):
            self.options_es.errors = [_("Write one line in Spanish for each answer, in the same order.")]
            return False
        return True

    def _limits_fit(self) -> bool:
        if "low" not in self or self.low.errors or self.high.errors:
            return True
        low, high, kind = self.low.data, self.high.data, self.question.kind
        if kind == "text" and (low is None) != (high is None):
            self.high.errors = [_("Write both limits, or none.")]
        elif low is not None and high is not None and low >= high:
            self.high.errors = [_("The most must be more than the least.")]
        elif kind == "text" and low is not None and low < 1:
            self.low.errors = [_("Write 1 or more.")]
        elif kind == "text" and high is not None and high > MOST_WORDS:
            self.high.errors = [_("Write %(high)s or less.", high=MOST_WORDS)]
        elif kind == "scale" and (low is None or high is None or low < SCALE[0] or high > SCALE[1]):
            self.high.errors = [_("A scale goes from 0 or more to 10 or less.")]
        return not (self.low.errors or self.high.errors)

    def wanted(self) -> Question:
        """The question as it was typed."""
        held = self.question
        found = replace(held, label=self._pair("label"), help=self._pair("help"))
        if "required" in self:
            found = replace(found, required=bool(self.required.data))
        if "audience" in self:
            found = replace(found, audience=self.audience.data, group=self.group.data)
        if "options_en" in self:
            found = replace(found, options=_options(held, self.options_en.data, self.options_es.data))
        if "low" in self:
            found = replace(found, low=self.low.data, high=self.high.data)
        if "first_en" in self:
            found = replace(found, ends=(self._pair("first"), self._pair("last")))
        return found

    def _pair(self, name: str) -> dict[str, str]:
        return {language: self[f"{name}_{language}"].data or "" for language in LANGUAGES}


def _lines(typed: str | None) -> list[str]:
    return [found for each in (typed or "").splitlines() if (found := " ".join(each.split()))]


def _options(held: Question, english: str | None, spanish: str | None) -> tuple[Option, ...]:
    """The answers as typed; one that keeps its English words, or else its place, keeps its key."""
    names, said = _lines(english), _lines(spanish)
    before = {both(o.name)["en"]: o.key for o in held.options}
    by_place = [o.key for o in held.options] if len(held.options) == len(names) else []
    keys: list[str] = []
    numbers = iter(range(1, 2 * MOST_OPTIONS + len(held.options) + 2))
    taken = {o.key for o in held.options}
    for at, name in enumerate(names):
        key = before.get(name) or (by_place[at] if by_place and by_place[at] not in (*before.values(), *keys) else "")
        while not key or key in keys:
            new = f"o{next(numbers)}"
            key = new if new not in taken else ""
        keys.append(key)
    return tuple(
        Option(key, {"en": name, "es": said[at] if at < len(said) else ""})
        for at, (key, name) in enumerate(zip(keys, names, strict=True))
    )


def wording_form(question: Question, purpose: Purpose, *, posted: bool) -> WordingForm:
    """The form of this question, filled with how it is worded now."""
    given = {"seen": str(question.seen), "required": question.required, "audience": question.audience}
    given |= {"group": question.group, "low": question.low, "high": question.high}
    for name, value in (("label", question.label), ("help", question.help),
                        ("first", question.ends[0]), ("last", question.ends[1])):  # fmt: skip
        given |= {f"{name}_{language}": said for language, said in both(value).items()}
    for language in LANGUAGES:
        given[f"options_{language}"] = "\n".join(both(o.name)[language] for o in question.options)
    form = WordingForm(data=given) if posted else WordingForm(formdata=None, data=given)
    form.question = question
    form.audience.choices = [SelectChoice(key, str(name)) for key, name in rules.AUDIENCES.items()]
    form.group.choices = [SelectChoice(key, str(name)) for key, name in purpose.groups.items()]
    for name in _unknown(question):
        del form[name]
    return form


def _unknown(question: Question) -> list[str]:
    """The fields that this question does not have."""
    found = []
    if question.fixed or question.kind not in rules.WITH_OPTIONS:
        found += ["options_en", "options_es"]
    if (question.kind not in ("text", "number", "scale")) or (question.fixed and not question.limits):
        found += ["low", "high"]
    if question.kind != "scale":
        found += [f"{end}_{language}" for end in ("first", "last") for language in LANGUAGES]
    if question.always:
        found.append("required")
    if question.fixed:
        found += ["audience", "group"]
    return found
