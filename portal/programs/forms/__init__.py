"""The forms in which organizers change a program: one section each, over the values of its file."""

from portal.programs.forms.dates import Dates
from portal.programs.forms.looks import Looks
from portal.programs.forms.people import Districts, Eligible, Nominators
from portal.programs.forms.public import Award, Naming, PublicPage
from portal.programs.forms.rounds import Levels, RoundsForm, RubricForm
from portal.programs.forms.section import Section

# In the order in which the year's page lists them; the rubrics have an address each, "rubric-KEY".
SECTIONS: dict[str, type[Section]] = {
    each.name: each
    for each in (Naming, PublicPage, Award, Looks, Eligible, Districts, Nominators, Dates, RoundsForm, Levels)
}
RUBRIC = "rubric-"

__all__ = ["RUBRIC", "SECTIONS", "RubricForm", "Section"]
