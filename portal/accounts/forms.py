"""What people type to sign in and to invite others."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.accounts.rules import ROLE_NAMES
from portal.core.forms import Form, email, line

INVITED_ROLES = ("reviewer", "chair", "organizer", "auditor")  # members come from winning


class SignInForm(Form):
    """One address."""

    email = email(_l("Your e-mail address"), required=_l("Write your e-mail address."))


class CodeForm(Form):
    """The six digits of the letter."""

    code = line(_l("Six-digit code"), required=_l("Write the six digits from the letter."), longest=12)


class InviteForm(Form):
    """Who is asked, and to be what."""

    name = line(_l("Name"), required=_l("Write the person's name."))
    email = email(_l("E-mail address"), required=_l("Write the person's e-mail address."))
    role = RadioField(
        _l("Role"),
        choices=[SelectChoice(value=r, label=ROLE_NAMES[r]) for r in INVITED_ROLES],
        validators=[InputRequired(_l("Choose a role."))],
    )


class AcceptForm(Form):
    """The name as the invited person writes it."""

    name = line(_l("Your name"), required=_l("Write your name as others should see it."))
