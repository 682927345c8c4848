"""Beginning another year, and founding another program."""

import re
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice
from wtforms.validators import InputRequired

from portal.core.forms import Day, Form, email, line


class YearForm(Form):
    """A name and an opening day."""

    cycle_name = line(
        _l("Name of the year"), required=_l("Write how people will call it, such as 2028."), longest=40,
        description=_l("How people call this year’s award, such as 2028."),
    )  # fmt: skip
    opening_day = Day(_l("Nominations open on"), validators=[InputRequired(_l("Choose a day."))])


class FoundForm(YearForm):
    """A program's name and address, and what it begins as."""

    name = line(_l("Name of the program"), required=_l("Write the program’s name."), longest=120)
    slug = line(
        _l("Its address"), required=_l("Write the last part of its address."), longest=60,
        description=_l("Small letters, digits and hyphens. It can’t change later: people write it down."),
    )  # fmt: skip
    contact = email(_l("Address for questions"), required=_l("Write the address where questions go."))
    like = wtforms.SelectField(
        _l("Begin like"), description=_l("Texts, rounds and rubrics are copied; change them before you publish.")
    )

    def offer(self, choices: list[tuple[str, str]]) -> "FoundForm":
        """Sets what a program may begin as: (key, name)."""
        self.like.choices = [SelectChoice(value=key, label=name) for key, name in choices]
        return self

    def validate_slug(self, field: Any) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", field.data or ""):
            raise wtforms.ValidationError(_("Use small letters, digits and single hyphens, such as “teach-on”."))
