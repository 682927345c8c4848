"""What organizers type about a nominee file: the decision of a screening, a correction."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from portal.core.forms import Form, line, text
from portal.core.i18n import pick
from portal.nominations.models import NomineeFile
from portal.programs.models import District, Program, School

ELIGIBLE, INELIGIBLE = "eligible", "ineligible"


class ScreenForm(Form):
    """Eligible or not; which rules are not met; why."""

    decision = RadioField(
        _l("Your decision"),
        choices=[
            SelectChoice(value=ELIGIBLE, label=_l("Eligible")),
            SelectChoice(value=INELIGIBLE, label=_l("Not eligible")),
        ],
        validators=[InputRequired(_l("Choose whether the nominee is eligible."))],
    )
    rules = SelectMultipleField(_l("Which rule is not met"), choices=[])
    reason = text(_l("Reason"), longest=2000)

    @property
    def is_eligible(self) -> bool:
        return bool(self.decision.data == ELIGIBLE)


def screen_form(rules: Iterable[Any], file: NomineeFile, *, posted: bool) -> ScreenForm:
    """The form with the cycle's rules to choose from, filled with the present decision."""
    known = {"reason": file.screening_reason}
    if file.screening != "unscreened":
        known["decision"] = file.screening
    form = ScreenForm() if posted else ScreenForm(data=known)
    form.rules.choices = [SelectChoice(value=rule.key, label=pick(rule.text).replace("**", "")) for rule in rules]
    return form


class CorrectForm(Form):
    """Name, school and position as they should stand in the file."""

    name = line(_l("Educator's name"), required=_l("Write the educator's name."))
    school = SelectField(_l("School"), choices=[])
    school_name = line(_l("If the school is not in the list, its name"))
    district = SelectField(_l("District, when the school is not in the list"), choices=[])
    position_key = SelectField(_l("Position"), choices=[])
    position = line(_l("Subject, grade or position in words"))


def correct_form(
    program: Program, file: NomineeFile, schools: Iterable[School], districts: Iterable[District], *, posted: bool
) -> CorrectForm:
    """The form with the program's schools, districts and positions, filled from the file."""
    known = {
        "name": file.name,
        "school": file.school.public_id if file.school else "",
        "school_name": "" if file.school else file.school_name,
        "district": str(file.district_id or ""),
        "position_key": file.position_key,
        "position": file.position,
    }
    form = CorrectForm() if posted else CorrectForm(data=known)
    form.school.choices = [
        SelectChoice(value="", label=_l("Not in the list")),
        *(SelectChoice(value=s.public_id, label=f"{s.name} ({s.district.name})") for s in schools),
    ]
    form.district.choices = [
        SelectChoice(value="", label=_l("Not known, or another district")),
        *(SelectChoice(value=str(d.id), label=d.name) for d in districts),
    ]
    form.position_key.choices = [
        SelectChoice(value="", label=_l("Not known")),
        *(SelectChoice(value=p["key"], label=pick(p["name"])) for p in program.settings.get("positions", [])),
    ]
    return form
