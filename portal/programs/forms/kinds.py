"""Kinds of fields that a program's sections are made of: a text in each language, a list of things, a list of words."""

from typing import Any

import wtforms
from flask import g
from flask_babel import lazy_gettext as _l
from wtforms.utils import unset_value

from portal.core.forms import Form, line, text, tidy_line

MOST_ITEMS = 200
MISSING = {"en": _l("Write the English text."), "es": _l("Write the Spanish text.")}


def languages() -> tuple[str, ...]:
    """The languages of the program that is being changed."""
    program = getattr(g, "program", None)
    return tuple((program.settings if program else {}).get("languages", ("en", "es")))


class Part(Form):
    """A form within a form: no token of its own."""

    class Meta(Form.Meta):
        """As every form of ours, but the token is the whole form's."""

        csrf = False


class Group(wtforms.FormField):
    """Several fields under one heading; `fixed` is the reason why nothing in it may change, "" when it may."""

    fixed: Any = ""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        # As the library does, but a thing may have a field called "self" or "data".
        self.object_data = {} if data is unset_value or data is None else data
        prefix = self.name + self.separator
        self.form = self.form_class(formdata=formdata, prefix=prefix, data=self.object_data)


class Pair(Group):
    """A public text in the program's languages, side by side."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        for language in [each for each in self.form._fields if each not in languages()]:
            del self.form[language]


def pair(label: Any, *, rows: int = 0, needed: bool = True, longest: int = 2000, hint: Any = "") -> Pair:
    """A text by language; `rows`: how high its boxes are, 0 for a single line."""

    def one(language: str, name: str) -> Any:
        required = MISSING[language] if needed else None
        if rows:
            return text(name, required=required, longest=longest, render_kw={"rows": rows, "lang": language})
        return line(name, required=required, longest=min(longest, 300), render_kw={"lang": language})

    both = type("Both", (Part,), {"en": one("en", _l("English")), "es": one("es", _l("Spanish"))})
    return Pair(both, label, description=hint)


class Items(wtforms.FieldList):
    """A list of things that can be added, removed and put in order by buttons.

    `one` is what a button calls one of them; `named` the field that names it in the list; `least` how many must stay;
    `ordered` whether their order says something; `kept` the reason why none may come or go, "" when they may;
    `none` what an empty one says; `moved` the button pressed last (add, remove, up) and the place to go on at, or None.
    """

    kept: Any = ""
    fixed: Any = ""
    none: Any = _l("None yet.")
    moved: tuple[str, int] | None = None

    def __init__(
        self, form: type[Part], label: Any, *, one: Any, named: str, least: int = 1, ordered: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(Group(form), label, **kwargs)
        self.one, self.named, self.least, self.ordered = one, named, least, ordered

    def _add_entry(self, formdata: Any = None, data: Any = unset_value, index: Any = None) -> Any:
        # Beyond what is held, what comes after so many is dropped: no page of ours offers it.
        return super()._add_entry(formdata, data, index) if data is not unset_value or not self.full else None

    @property
    def full(self) -> bool:
        """Whether the page has no room for one more."""
        return len(self.entries) >= MOST_ITEMS


class Lines(wtforms.TextAreaField):
    """Short texts, one on each line: a list of strings."""

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = [found for each in valuelist[0].splitlines() if (found := tidy_line(each))]


def value_of(field: Any) -> Any:
    """What a field holds as TOML would say it; None for what a file would leave out."""
    if isinstance(field, wtforms.FieldList):
        return [value_of(entry) for entry in field.entries]
    if isinstance(field, wtforms.FormField):
        values = {each.short_name: value_of(each) for each in field.form if each.type != "CSRFTokenField"}
        kept = {name: value for name, value in values.items() if value is not None}
        return (kept or None) if isinstance(field, Pair) else kept
    return None if field.data in (None, "") else field.data
