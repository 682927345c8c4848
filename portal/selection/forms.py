"""What people type when they decide and announce."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from portal.core.forms import Form, line, text
from portal.selection.rules import OUTCOME_NAMES, OUTCOMES


class DecisionForm(Form):
    """What becomes of one file, and why."""

    outcome = RadioField(
        _l("What becomes of this file"),
        choices=[SelectChoice(value=o, label=OUTCOME_NAMES[o]) for o in OUTCOMES],
        validators=[InputRequired(_l("Choose what becomes of this file."))],
    )
    reason = text(_l("Reason"), longest=1000)


class LetterForm(Form):
    """The words of one letter; `revision` tells whether somebody else changed them meanwhile."""

    subject = line(_l("Subject"), required=_l("Write a subject."), longest=150)
    body = text(_l("Text"), required=_l("Write the letter."), longest=6000)
    revision = IntegerField(validators=[InputRequired(), NumberRange(0, 1_000_000)], widget=HiddenInput())


class CorrectionForm(Form):
    """A correction after the announcement."""

    outcome = RadioField(
        _l("What it is now"),
        choices=[SelectChoice(value=o, label=OUTCOME_NAMES[o]) for o in OUTCOMES],
        validators=[InputRequired(_l("Choose what it is now."))],
    )
    note = text(_l("Public note"), required=_l("Write the note that everybody will read."), longest=500)
