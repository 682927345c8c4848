"""The organizer's desk of nominee files: the list, a file's page, what is done with its nominations, joining."""

from portal.nominations.views.organizer import (
    along,
    asking,
    bulk,
    decide,
    fairplay,
    joining,
    likely,
    listing,
    notes,
    page,
    saved,
    unlisted,
    voices,
)
from portal.nominations.views.organizer.base import bp

__all__ = [
    "along",
    "asking",
    "bp",
    "bulk",
    "decide",
    "fairplay",
    "joining",
    "likely",
    "listing",
    "notes",
    "page",
    "saved",
    "unlisted",
    "voices",
]
