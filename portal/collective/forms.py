"""What winners, members and organizers type about the Collective."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.core.forms import Form, email, line, text


class JoinForm(Form):
    """The name as the new member writes it."""

    name = line(_l("Your name"), required=_l("Write your name as other members should see it."))


class ProfileForm(Form):
    """What a member tells about themself."""

    name = line(_l("Your name"), required=_l("Write your name as other members should see it."))
    school = line(_l("School"))
    subject = line(_l("What you teach or lead"), description=_l("Such as fourth grade, chemistry or a whole school."))
    bio = text(_l("About you"), longest=2000, description=_l("A few sentences; an empty line begins a new paragraph."))
    ask_about = text(
        _l("What may colleagues ask you about?"),
        longest=500,
        description=_l("Co-teaching, home visits, a first year as a principal: whatever you would gladly talk about."),
    )
    visibility = RadioField(
        _l("Who may read this?"),
        choices=[
            SelectChoice(value="members", label=_l("Members of the Collective and the organizers")),
            SelectChoice(value="public", label=_l("Everybody, on the program's public pages")),
        ],
        validators=[InputRequired(_l("Choose who may read your profile."))],
    )


class InviteForm(Form):
    """A winner from before the portal kept the count."""

    name = line(_l("Name"), required=_l("Write the winner's name."))
    email = email(_l("E-mail address"), required=_l("Write the winner's e-mail address."))
    cohort = line(_l("Year of the award"), required=_l("Write the year, such as 2019."), longest=40)


class AddressForm(Form):
    """Where the invitation goes."""

    email = email(_l("E-mail address"), required=_l("Write the winner's e-mail address."))


class StateForm(Form):
    """Why a membership changes."""

    reason = line(_l("Reason"), longest=500)
