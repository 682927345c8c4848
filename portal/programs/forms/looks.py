"""The looks of a program: its accents, with the contrast computed, and its logo."""

from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms.validators import InputRequired, Optional

from portal.programs import colors
from portal.programs.forms.section import Section


def _is_color(_form: Any, field: Any) -> None:
    if not colors.is_color(field.data or ""):
        raise wtforms.ValidationError(_("Write a color like #1f4a36."))


class Looks(Section):
    """Accents; the logo is stored beside them (see `actions.looks`)."""

    name = "looks"
    title = _l("Colors and logo")
    lede = _l("One accent makes the whole theme, by day and after dark. Whatever can’t be read well is refused.")
    places = {"accent": ("colors", "accent"), "accent_dark": ("colors", "accent_dark")}

    accent = wtforms.StringField(
        _l("Accent"), filters=[lambda value: (value or "").strip().lower()],
        validators=[InputRequired(_l("Choose a color.")), _is_color], description=_l("Written like #1f4a36."),
    )  # fmt: skip
    accent_dark = wtforms.StringField(
        _l("Accent on a dark screen"), filters=[lambda value: (value or "").strip().lower()],
        validators=[Optional(), _is_color], description=_l("Empty: computed from the accent."),
    )  # fmt: skip
    logo = FileField(
        _l("Picture"), description=_l("A PNG or JPEG picture, at most 2 MB. It is shown small, beside the name.")
    )
    no_logo = wtforms.BooleanField(_l("Take the logo away"))


def verdict(accent: str, accent_dark: str | None) -> list[tuple[Any, str, float, bool]] | None:
    """Every pair that must be read, as (what it meets, which accent, ratio, good enough); None when it is no color."""
    if not colors.is_color(accent) or (accent_dark and not colors.is_color(accent_dark)):
        return None
    return [
        (against, which, ratio, ratio >= colors.READABLE)
        for which, against, ratio in colors.ratios(accent, accent_dark or None)
    ]
