"""The pages of convenings, by who reads them."""

from portal.convenings.views import author, deciding, organizer, placing, presenter, public, timetable
from portal.convenings.views.blueprint import bp

__all__ = ["BLUEPRINTS", "author", "deciding", "organizer", "placing", "presenter", "public", "timetable"]

BLUEPRINTS = (bp,)
