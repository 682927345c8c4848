"""What staff type to each other about a nominee file."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.fields import SelectChoice

from portal.core.forms import Form, text
from portal.nominations.rules.notes import LONGEST


class NoteForm(Form):
    """The note, and whom to tell."""

    text = text(_l("Your note"), required=_l("Write the note first."), longest=LONGEST)
    # Who has left the staff since the page was opened is passed over, not an error.
    tell = SelectMultipleField(_l("Tell"), choices=[], validate_choice=False)


def note_form(staff: Iterable[Any], writer: Any, *, posted: bool, **known: Any) -> NoteForm:
    """The form with the others of the staff to choose from; `known`: what it is filled with."""
    form = NoteForm() if posted else NoteForm(formdata=None, data=known)
    others = [person for person in staff if person.id != writer.id]
    form.tell.choices = [SelectChoice(value=person.public_id, label=person.name) for person in others]
    return form
