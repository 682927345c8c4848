"""The one blueprint of the convenings' pages, and what their templates ask for."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask_babel import gettext as _

from portal.convenings.defaults import name_of, place_of, short_of
from portal.convenings.models import Convening
from portal.core import clock
from portal.core.i18n import pick

bp = Blueprint("convenings", __name__)


class Shown:
    """How a convening's own words and hours read on a page."""

    def __init__(self, convening: Convening) -> None:
        self.convening = convening
        self.zone = ZoneInfo(convening.time_zone)

    def time(self, moment: datetime) -> str:
        """ "9:45 a.m." on the convening's wall."""
        return clock.spoken_time(moment, self.zone)

    def when(self, moment: datetime | None) -> str:
        """A moment with weekday, time and zone."""
        return clock.when(moment, self.zone)

    def field_time(self, moment: datetime) -> str:
        """ "09:45", for a time field."""
        return moment.astimezone(self.zone).strftime("%H:%M")

    @property
    def zone_name(self) -> str:
        """ "Eastern time"."""
        return clock.spoken_zone(self.zone)

    def area(self, key: str) -> str:
        """The area's name."""
        return pick(name_of(self.convening.areas, key))

    def area_short(self, key: str) -> str:
        """The area's short name, for cards."""
        return pick(short_of(self.convening.areas, key))

    def area_place(self, key: str) -> int:
        """The area's place, 1 to 4: its shape and color; 0 when it has none."""
        return place_of(self.convening.areas, key)

    def audience(self, key: str) -> str:
        """The audience's name."""
        return pick(name_of(self.convening.call.audiences, key)) if self.convening.call else ""

    @staticmethod
    def language(key: str) -> str:
        """ "in Spanish"; nothing for English."""
        return {"es": _("in Spanish"), "both": _("in English and Spanish")}.get(key, "")

    @staticmethod
    def languages(key: str) -> str:
        """The same standing alone, beside the word "Language"."""
        return {"es": _("Spanish"), "both": _("English and Spanish")}.get(key, "")


@bp.app_template_global()
def shown(convening: Any) -> Shown:
    """For templates: `{% set c = shown(convening) %}`."""
    return Shown(convening)
