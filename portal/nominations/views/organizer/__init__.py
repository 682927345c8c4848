"""The organizer's desk of nominee files: the list, a file's page, what is done with its nominations, joining."""

from portal.nominations.views.organizer import decide, joining, likely, listing, page, voices
from portal.nominations.views.organizer.base import bp

__all__ = ["bp", "decide", "joining", "likely", "listing", "page", "voices"]
