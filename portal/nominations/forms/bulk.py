"""What an act on many files asks for before it is done: nothing, a reason for all of them, or a district."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from portal.core.forms import Form, text
from portal.core.i18n import pick
from portal.programs import queries as programs
from portal.programs.models import Cycle


class NothingForm(Form):
    """Nothing more to say."""

    def given(self) -> dict[str, Any]:
        """What the act needs to know."""
        return {}


class ReasonForm(Form):
    """Which rules are not met, and why, for all of these files."""

    rules = SelectMultipleField(_l("Which rule is not met"), choices=[])
    reason = text(_l("Reason"), longest=2000)

    def validate(self, extra_validators: Any = None) -> bool:
        """A rule or a reason has to be named: somebody may ask later."""
        good = super().validate(extra_validators)
        if good and not (self.reason.data or self.rules.data):
            self.reason.errors = [_l("Write the reason in a sentence, or choose the rule that is not met.")]
            return False
        return bool(good)

    def given(self) -> dict[str, Any]:
        """What the act needs to know."""
        return {"reason": self.reason.data or "", "rules": self.rules.data or []}


class DistrictForm(Form):
    """The district that all of these files get."""

    district = SelectField(_l("District"), choices=[], validators=[InputRequired(_l("Choose the district."))])

    def given(self) -> dict[str, Any]:
        """What the act needs to know."""
        return {"district": int(self.district.data)}


def form_for(asks: str, cycle: Cycle) -> Any:
    """The form of what an act asks for ("reason", "district" or ""), filled from what was posted."""
    if asks == "reason":
        form: Any = ReasonForm()
        form.rules.choices = [
            SelectChoice(value=rule.key, label=pick(rule.text).replace("**", "")) for rule in cycle.eligibility
        ]
        return form
    if asks == "district":
        form = DistrictForm()
        form.district.choices = [
            SelectChoice(value="", label=_l("Choose a district")),
            *(SelectChoice(value=str(d.id), label=d.name) for d in programs.every_district_of(cycle.program_id)),
        ]
        return form
    return NothingForm()
