"""What people type about a saved view of a list."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.core.forms import Form, line
from portal.nominations.rules.views import LONGEST_NAME


class ViewForm(Form):
    """Its name, and whether others may use it."""

    name = line(_l("Name of the view"), required=_l("Write a name for the view."), longest=LONGEST_NAME)
    shared = BooleanField(_l("Share it with the program’s staff"))


class ChangeForm(ViewForm):
    """The same of a view that exists, and whether what one sees takes the place of what it shows."""

    seen = BooleanField(_l("Let it show what I see now"))
