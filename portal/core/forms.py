"""The base of every form: CSRF, messages in the reader's language, and fields that take what people really type."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, EmailField, StringField, TextAreaField, validators
from wtforms.i18n import get_translations

from portal.core.i18n import language

# What no text holds: control characters other than tab and line breaks (PostgreSQL refuses NUL outright).
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def tidy_line(value: str | None) -> str:
    """One line: spaces folded, ends cut, letters composed (NFC)."""
    return " ".join(_CONTROL.sub("", unicodedata.normalize("NFC", value or "")).split())


def tidy_text(value: str | None) -> str:
    """Several lines: line breaks as "\\n", ends cut, letters composed (NFC)."""
    text = _CONTROL.sub("", unicodedata.normalize("NFC", value or "").replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip()


def words(text: str | None) -> int:
    """How many words a text has, as a writer counts them."""
    return len((text or "").split())


@lru_cache
def _library_words(lang: str) -> Any:
    """WTForms' own messages in a language, read once a process."""
    return get_translations([lang])


class Form(FlaskForm):
    """A form of the product; `problems()` is what the error summary lists."""

    class Meta:
        """What WTForms asks of every form."""

        def get_translations(self, _form: Any) -> Any:
            """The words of the library's own messages (Flask-WTF would read the catalog anew in every request)."""
            return _library_words(language())

    def problems(self) -> list[tuple[str, str]]:
        """(field id, message) in the order of the page."""
        return [(field.id, str(message)) for field in self for message in field.errors]


class PlainForm(Form):
    """Only a button, with its token."""


def _required(message: Any) -> list[Any]:
    return [validators.InputRequired(message), validators.DataRequired(message)]


def line(label: Any, *, required: Any = None, longest: int = 200, **kwargs: Any) -> StringField:
    """A one-line text; `required` is the sentence shown when it is missing, None when it may be."""
    checks = _required(required) if required else [validators.Optional()]
    too_long = _l("Please shorten this to %(max)d characters at most.")
    return StringField(
        label, filters=[tidy_line], validators=[*checks, validators.Length(max=longest, message=too_long)], **kwargs
    )


def text(label: Any, *, required: Any = None, longest: int = 8000, **kwargs: Any) -> TextAreaField:
    """A text of several lines, with the same rules as `line`."""
    checks = _required(required) if required else [validators.Optional()]
    too_long = _l("Please shorten this to %(max)d characters at most.")
    return TextAreaField(
        label, filters=[tidy_text], validators=[*checks, validators.Length(max=longest, message=too_long)], **kwargs
    )


def email(label: Any, *, required: Any = None, **kwargs: Any) -> EmailField:
    """An e-mail address, read as people write it ("name at example.org") and stored in lower case."""
    checks = _required(required) if required else [validators.Optional()]
    return EmailField(label, filters=[read_address], validators=[*checks, _is_address], **kwargs)


YEARS = range(2000, 2200)  # those in which the award, and whatever is counted from its days, may lie


def is_in_reach(day: date) -> bool:
    """Whether a day lies far enough from the ends of the calendar to count from it."""
    return day.year in YEARS


class _InReach:
    """Of a field for a day: one at an end of the calendar, from which nothing can be counted, is a mistake."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads what was typed; `data` is None when it is no day to work with."""
        super().process_formdata(valuelist)  # type: ignore[misc]
        if self.data is not None and not is_in_reach(self.data):
            self.data = None
            raise ValueError(_("Choose a day of this century."))


class Day(_InReach, DateField):
    """A day, as browsers send it: "2027-08-30"."""


class DayAndTime(_InReach, DateTimeLocalField):
    """A day and a time on the wall, as browsers send them: "2027-08-30T23:59"."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(label, **{"format": formats, **kwargs})


def read_address(value: str | None) -> str:
    """ "Name AT Example.org " -> "name@example.org"; what can't be read stays as typed, for the check to name."""
    text = tidy_line(value).strip("<>;, ")
    text = re.sub(r"\s*[\[(]?\s*\bat\b\s*[\])]?\s*", "@", text, flags=re.I) if "@" not in text else text
    text = re.sub(r"\s*[\[(]\s*dot\s*[\])]\s*|\s+dot\s+", ".", text, flags=re.I)
    return text.replace(" ", "").lower()


def is_address(value: str) -> bool:
    """Whether mail could be sent there, by its form alone (no look-up)."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return len(value) <= 254


def _is_address(_form: Any, field: Any) -> None:
    if field.data and not is_address(field.data):
        raise validators.ValidationError(_("Write the whole address, such as name@example.org."))
