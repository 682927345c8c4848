"""What organizers type about a school, and the file of an import."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from portal.core import files
from portal.core.forms import Form, email, line
from portal.core.i18n import LANGUAGES
from portal.core.names import school_key
from portal.programs.models import District, School
from portal.programs.rules import LEVEL_NAMES

TYPED = ("name", "city", "level", "contact_name", "contact_email", "contact_locale")
SPEECH = [SelectChoice(value=key, label=name) for key, name in LANGUAGES.items()]


class SchoolForm(Form):
    """One school of the directory; `district_name` makes a new district."""

    name = line(_l("Name of the school"), required=_l("Write the name of the school."))
    district = SelectField(_l("District"), choices=[])
    district_name = line(_l("If the district is not in the list, its name"))
    city = line(_l("City"), longest=100)
    level = SelectField(_l("Level"), choices=[])
    charter = BooleanField(_l("It is a charter school"))
    contact_name = line(_l("Name of the contact"))
    contact_email = email(_l("E-mail of the contact"))
    contact_locale = SelectField(_l("Language of letters to them"), choices=SPEECH, default="en")

    def validate_name(self, field: Any) -> None:
        if field.data and not school_key(field.data):
            raise ValidationError(_("Write the name of the school."))

    def validate_district(self, field: Any) -> None:
        if not field.data and not school_key(self.district_name.data):
            raise ValidationError(_("Choose the district, or write its name below."))

    def values(self) -> dict[str, Any]:
        """What is typed, as columns of a school (without the district)."""
        return {name: self[name].data or "" for name in TYPED} | {"charter": bool(self.charter.data)}


def school_form(districts: Iterable[District], school: School | None, *, posted: bool) -> SchoolForm:
    """The form with the districts to choose from, filled from the school."""
    known = {}
    if school is not None:
        known = {name: getattr(school, name) for name in (*TYPED, "charter")}
        known["district"] = str(school.district_id)
    form = SchoolForm() if posted else SchoolForm(data=known)
    listed = {str(d.id): d.name for d in districts}
    if school is not None:
        listed.setdefault(str(school.district_id), school.district.name)
    form.district.choices = [
        SelectChoice(value="", label=_l("Not in the list")),
        *(SelectChoice(value=key, label=name) for key, name in listed.items()),
    ]
    form.level.choices = [
        SelectChoice(value="", label=_l("Not known")),
        *(SelectChoice(value=key, label=name) for key, name in LEVEL_NAMES.items()),
    ]
    return form


class SchoolFileForm(Form):
    """A file of schools."""

    sheet = FileField(_l("The file of schools (CSV)"))
    known_only = BooleanField(_l("Only districts that are in our directory already"))

    def validate_sheet(self, field: Any) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a file of schools."))
        if field.data.stream.seek(0, 2) > files.LARGEST:
            raise ValidationError(
                _("The file is larger than 20 MB. Import it on the server: portal import schools FILE.")
            )

    def content(self) -> tuple[bytes, str]:
        """The bytes and the name of the file."""
        upload = self.sheet.data
        upload.stream.seek(0)
        return upload.stream.read(), str(upload.filename or "schools.csv")
