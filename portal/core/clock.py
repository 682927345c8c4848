"""What time it is, and how a person reads a moment: always aware, stored in UTC, shown in the program's zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import g, has_app_context
from flask_babel import format_date, format_datetime, format_time, get_locale

DEFAULT_ZONE = "America/New_York"

# Public pages name the zone as people say it; zones not listed show their own name.
SPOKEN_ZONES = {
    "America/New_York": {"en": "Eastern time", "es": "hora del este"},
    "America/Chicago": {"en": "Central time", "es": "hora del centro"},
    "America/Denver": {"en": "Mountain time", "es": "hora de la montaña"},
    "America/Los_Angeles": {"en": "Pacific time", "es": "hora del Pacífico"},
}


_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC. Every other module asks here, so that `pretend` can move time."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Inside, `now()` answers this moment, in this thread alone: the demo lives its past through the real actions."""
    before = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(before)


def zone() -> ZoneInfo:
    """The time zone of the program whose page is being shown, or the default one."""
    name = getattr(getattr(g, "program", None), "time_zone", None) if has_app_context() else None
    return ZoneInfo(name or DEFAULT_ZONE)


def today(where: str = "") -> date:
    """The date on the wall of the zone of this name; without one, on the program's."""
    return now().astimezone(ZoneInfo(where) if where else zone()).date()


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"


def spoken_zone(where: ZoneInfo | None = None) -> str:
    """ "Eastern time", or the zone's own name where people have no word for it."""
    key = (where or zone()).key
    return SPOKEN_ZONES.get(key, {}).get(_language(), key.replace("_", " "))


def _spoken_time(local: datetime) -> str:
    if _language() == "es":
        return format_time(local, "H:mm", rebase=False)
    return format_time(local, "h:mm", rebase=False) + (" a.m." if local.hour < 12 else " p.m.")


def spoken_time(moment: datetime, where: ZoneInfo | None = None) -> str:
    """ "9:45 a.m." or "9:45": a time of day as people say it."""
    return _spoken_time(moment.astimezone(where or zone()))


def when(moment: datetime | None, where: ZoneInfo | None = None) -> str:
    """ "Sunday, November 29, 2026, at 11:59 p.m. Eastern time", in the reader's language."""
    if moment is None:
        return ""
    local = moment.astimezone(where or zone())
    if _language() == "es":
        text = format_datetime(local, "EEEE, d 'de' MMMM 'de' y", rebase=False)
        return f"{text}, a las {_spoken_time(local)}, {spoken_zone(where)}"
    text = format_datetime(local, "EEEE, MMMM d, y", rebase=False)
    return f"{text}, at {_spoken_time(local)} {spoken_zone(where)}"


def day(moment: datetime | date | None, where: ZoneInfo | None = None) -> str:
    """ "Sun, Nov 29" or "dom, 29 nov": a date with its weekday for lists and timelines."""
    if moment is None:
        return ""
    local = moment.astimezone(where or zone()) if isinstance(moment, datetime) else moment
    return format_date(local, "EEE, d MMM" if _language() == "es" else "EEE, MMM d", rebase=False)


def month(moment: datetime, where: ZoneInfo | None = None) -> str:
    """ "Nov": the month alone, for pictures."""
    return format_date(moment.astimezone(where or zone()), "MMM", rebase=False)


def long_day(moment: datetime | date | None, where: ZoneInfo | None = None) -> str:
    """ "Sunday, November 29, 2026": a date in a sentence."""
    if moment is None:
        return ""
    local = moment.astimezone(where or zone()) if isinstance(moment, datetime) else moment
    return format_date(local, "EEEE, d 'de' MMMM 'de' y" if _language() == "es" else "EEEE, MMMM d, y", rebase=False)


def clock_time(moment: datetime | None, where: ZoneInfo | None = None) -> str:
    """ "14:02", for "Saved 14:02"."""
    return format_time(moment.astimezone(where or zone()), "HH:mm", rebase=False) if moment else ""
