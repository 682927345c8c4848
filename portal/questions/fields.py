"""From questions to form fields: the organizers' own beside those that a form's class already has."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from flask_babel import gettext as _
from wtforms import BooleanField, Field, Form, RadioField, SelectMultipleField, StringField, validators
from wtforms.fields import SelectChoice
from wtforms.widgets import DateInput, TextInput

from portal.core.forms import line, text, tidy_line
from portal.core.i18n import pick
from portal.questions.shape import Question

F = TypeVar("F", bound=Form)
WEB = re.compile(r"https?://[^\s/?#.]+(\.[^\s/?#.]+)+(:\d+)?([/?#]\S*)?", re.I)
LONGEST = {"line": 300, "school": 200, "link": 500}


class ChoicesField(SelectMultipleField):
    """Several choices as boxes; the empty value that stands for "none of them" is no answer."""

    type = "SelectMultipleField"

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([v for v in valuelist if v])


class UploadedField(Field):
    """A file that is already kept: its data is the upload's public id, never what the form sends."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """A file comes by its own way; what the form says about it counts for nothing."""


def read_date(typed: str) -> date | None:
    """ "2026-05-09", "5/9/2026": the day that is meant, or None."""
    for pattern in ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y"):
        try:
            return datetime.strptime(typed.strip(), pattern).date()
        except ValueError:
            continue
    return None


def read_number(typed: str) -> float | None:
    """ "1,200.5": the number that is meant, or None."""
    plain = typed.replace(",", "").replace(" ", "")
    return float(plain) if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", plain) else None


def in_range(question: Question, number: float) -> bool:
    """Whether a number is within the limits that the question has."""
    low, high = question.low, question.high
    return (low is None or number >= low) and (high is None or number <= high)


def steps(question: Question) -> range:
    """The steps of a scale."""
    low = 1 if question.low is None else question.low
    return range(low, (question.high or 5) + 1)


def read_link(typed: str | None) -> str:
    """ "www.example.org" -> "https://www.example.org"."""
    found = tidy_line(typed)
    return f"https://{found}" if found and "://" not in found else found


def _date(_form: Any, field: Any) -> None:
    if field.data and read_date(field.data) is None:
        raise validators.ValidationError(_("Write a date, for example 5/29/2026."))


def _link(_form: Any, field: Any) -> None:
    if field.data and not WEB.fullmatch(field.data):
        raise validators.ValidationError(_("Write the whole address of the page, such as https://example.org."))


def _number(question: Question) -> Any:
    def check(_form: Any, field: Any) -> None:
        if not field.data:
            return
        found, low, high = read_number(field.data), question.low, question.high
        if found is None:
            raise validators.ValidationError(_("Write a number, in digits."))
        if not in_range(question, found):
            raise validators.ValidationError(_range(low, high))

    return check


def _range(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return _("Write a number from %(low)s to %(high)s.", low=low, high=high)
    return _("Write %(low)s or more.", low=low) if low is not None else _("Write %(high)s or less.", high=high)


def _needs(sentence: str) -> Any:
    def check(_form: Any, field: Any) -> None:
        if not field.data:
            field.errors[:] = []  # nothing chosen is no wrong choice
            raise validators.StopValidation(sentence)

    return check


def missing_sentence(kind: str) -> str:
    """What is said when a required answer of this kind is missing."""
    return {
        "choice": _("Choose one of these."),
        "choices": _("Choose at least one of these."),
        "scale": _("Choose one of these."),
        "file": _("Choose a file."),
        "statement": _("Please confirm this."),
        "date": _("Write a date, for example 5/29/2026."),
    }.get(kind, _("Please answer this question."))


def _plain(question: Question, widget: Any = None, checks: Iterable[Any] = (), filters: Iterable[Any] = ()) -> Any:
    longest = LONGEST.get(question.kind, 60)
    needed = [_needs(missing_sentence(question.kind))] if question.required else []
    too_long = _("Please shorten this to %(max)d characters at most.")
    more = {"widget": widget} if widget else {}
    lengths = [validators.Length(max=longest, message=too_long)]
    return StringField("", filters=list(filters or [tidy_line]), validators=[*needed, *lengths, *checks], **more)


def _choices(question: Question) -> list[SelectChoice]:
    if question.kind == "scale":
        return [SelectChoice(str(step), str(step)) for step in steps(question)]
    return [SelectChoice(o.key, pick(o.name)) for o in question.options]


def field_for(question: Question) -> Any:
    """The unbound field of an organizer's own question, with its checks, in the reader's language."""
    sentence = missing_sentence(question.kind)
    needed = [_needs(sentence)] if question.required else []
    match question.kind:
        case "line":
            return line("", required=sentence if question.required else None, longest=LONGEST["line"])
        case "text":
            return text("", required=sentence if question.required else None)
        case "choice" | "scale":
            optional = [] if question.required else [validators.Optional()]
            return RadioField("", choices=_choices(question), validators=[*needed, *optional], validate_choice=True)
        case "choices":
            return ChoicesField("", choices=_choices(question), validators=needed)
        case "number":
            return _plain(question, checks=[_number(question)])
        case "date":
            return _plain(question, DateInput(), [_date])
        case "link":
            return _plain(question, checks=[_link], filters=[read_link])
        case "file":
            return UploadedField("", validators=needed)
        case "statement":
            return BooleanField("", validators=needed)
    return _plain(question)


def with_questions(base: type[F], questions: Iterable[Question]) -> type[F]:
    """The form's class with a field for each question that is not the product's own."""
    own = {q.key: field_for(q) for q in questions if not q.fixed and q.has_answer}
    return type(base.__name__, (base,), own) if own else base


def arrange(form: F, questions: Iterable[Question]) -> F:
    """The form with its fields in the order of the page, so that its error summary reads in that order."""
    order = [q.key for q in questions if q.key in form._fields]
    rest = [name for name in form._fields if name not in order]
    form._fields = {name: form._fields[name] for name in [*order, *rest]}
    return form


def also_required(form: Form, questions: Iterable[Question]) -> bool:
    """Whether the product's optional questions that the organizers require are answered; marks those that are not."""
    fits = True
    for question in questions:
        if question.fixed and question.required and not question.always:
            field: Any = form._fields.get(question.key)
            if field is not None and not field.data and not field.errors:
                field.errors = [missing_sentence(question.kind)]
                fits = False
    return fits
