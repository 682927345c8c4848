"""An organizer words a question: English and Spanish side by side, and what its kind needs beside."""

from dataclasses import replace
from itertools import count
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional

from portal.core.forms import Form, line, text
from portal.core.i18n import LANGUAGES
from portal.core.names import are_alike
from portal.questions import rules
from portal.questions.purposes import Purpose
from portal.questions.shape import Option, Question
from portal.questions.words import both


def _number(label: Any) -> IntegerField:
    return IntegerField(label, validators=[Optional(), NumberRange(*rules.NUMBERS)])


def _text(part: str, label: Any, required: Any = None) -> Any:
    return text(label, required=required, longest=rules.LONGEST[part])


def _line(part: str, label: Any) -> Any:
    return line(label, longest=rules.LONGEST[part])


class WordingForm(Form):
    """The fields of a question; `fit` takes away those that its kind does not know."""

    label_en = _text("label", _l("Question in English"), _l("Write the question in English."))
    label_es = _text("label", _l("Question in Spanish"))
    help_en = _text("help", _l("Help in English"))
    help_es = _text("help", _l("Help in Spanish"))
    options_en = _text("options", _l("Answers in English"))
    options_es = _text("options", _l("Answers in Spanish"))
    low = _number(_l("Least"))
    high = _number(_l("Most"))
    first_en = _line("first", _l("What the lowest step means, in English"))
    first_es = _line("first", _l("What the lowest step means, in Spanish"))
    last_en = _line("last", _l("What the highest step means, in English"))
    last_es = _line("last", _l("What the highest step means, in Spanish"))
    required = BooleanField(_l("It must be answered"))
    audience = SelectField(_l("Who may see the answers"))
    group = SelectField(_l("Where it is asked"))
    seen = HiddenField()
    question: Question

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fits: bool = super().validate(*args, **kwargs)
        if "options_en" in self and len(_lines(self.options_es.data)) > len(_lines(self.options_en.data)):
            self.options_es.errors = [_("Write one line in Spanish for each answer, in the same order.")]
        unread = "low" in self and (self.low.errors or self.high.errors)
        for part, sentence in rules.mistakes(self.wanted()):
            field = self._fields.get(part.replace(".", "_"))
            if field is not None and not field.errors and not (unread and part in ("low", "high")):
                field.errors = [sentence]
        return fits and not self.errors

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
    """The answers as typed; one that keeps its English words, or else its place with words much like them, keeps its
    key. A new one's key names the version it came after: the key of an answer that was taken out never comes back.
    """
    names, said = _lines(english), _lines(spanish)
    before = {both(o.name)["en"]: o.key for o in held.options}
    named = {before[name] for name in names if name in before}
    places = list(before.items()) if len(before) == len(names) else []
    taken = set(before.values())
    begins = "o" if held.version == 1 else f"o{held.version}_"
    fresh = (key for n in count(1) if (key := f"{begins}{n}") not in taken)
    keys: list[str] = []
    for at, name in enumerate(names):
        was, here = places[at] if places else ("", "")
        mended = here if here not in named and are_alike(was, name) else ""
        key = before.get(name) or mended
        keys.append(key if key and key not in keys else next(fresh))
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
    known = rules.parts(question)
    pairs = [f"{part}_{language}" for part in rules.LONGEST if part not in known for language in LANGUAGES]
    return pairs + [part for part in ("low", "high", "required", "audience", "group") if part not in known]
