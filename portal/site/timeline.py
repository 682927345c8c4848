"""The year as a line of steps with "you are here" on it, made from a cycle's windows and the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_interval
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.core import clock
from portal.core.i18n import ngettext, pick
from portal.programs import rules

MOST = 7  # as many steps as fit side by side
WRITTEN = ("application", "essay")  # rounds with a due day; visits and interviews have a span


@dataclass(frozen=True)
class Step:
    """One entry of the timeline, as `_kit/ui.html` draws it: state is "done", "now" or ""."""

    title: str
    when: str
    text: str
    state: str = ""
    label: str = ""


@dataclass(frozen=True)
class Stage:
    """A stretch of the year: when it begins, when people can say that it is over, and how its date is told."""

    title: str
    text: str
    begins: datetime
    ends: datetime
    when: str


def next_midnight(at: datetime, zone: ZoneInfo) -> datetime:
    """When the page's "today" and its count of days change."""
    local = at.astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), zone)


def days_until(moment: datetime, at: datetime, zone: ZoneInfo) -> int:
    """Whole calendar days on the program's wall from now to then; 0 on the same day."""
    return (moment.astimezone(zone).date() - at.astimezone(zone).date()).days


def steps(windows: Sequence[Any], rounds: Sequence[Any], at: datetime, zone: ZoneInfo) -> list[Step]:
    """The whole line. Until the last stage is over, one step is "now": the first unfinished stage, or "today"."""
    found: list[Step] = []
    here = False
    label = clock.day(at, zone)
    for stage in _stages(windows, rounds, zone, at):
        if stage.ends <= at:
            found.append(Step(stage.title, stage.when, stage.text, "done"))
        elif here:
            found.append(Step(stage.title, stage.when, stage.text))
        elif stage.begins <= at:
            found.append(Step(stage.title, stage.when, _here(stage, at, zone), "now", label))
        else:
            found.append(Step(_("Today"), "", _waiting(stage, at, zone), "now", label))
            found.append(Step(stage.title, stage.when, stage.text))
        here = here or stage.ends > at
    # The far end of a line too long to be read gives way, but never where we are.
    return found[:-1] if len(found) > MOST and found[-1].state == "" else found


def _here(stage: Stage, at: datetime, zone: ZoneInfo) -> str:
    left = days_until(stage.ends, at, zone)
    if left == 0:
        return _("You are here. It ends today.")
    return ngettext("You are here. %(num)s day is left.", "You are here. %(num)s days are left.", left)


def _waiting(stage: Stage, at: datetime, zone: ZoneInfo) -> str:
    days = days_until(stage.begins, at, zone)
    if days == 0:
        return _("Next, today: %(what)s.", what=stage.title)
    return ngettext("Next, in %(num)s day: %(what)s.", "Next, in %(num)s days: %(what)s.", days, what=stage.title)


def _stages(windows: Sequence[Any], rounds: Sequence[Any], zone: ZoneInfo, at: datetime) -> list[Stage]:
    found = []
    nominations = rules.window_named(windows, "nominations")
    if nominations is not None and nominations.closes_at is not None:
        found.append(_stage(nominations, nominations.closes_at, _opens_or_closes(nominations, at, zone)))
    for each in rounds:
        window = rules.window_named(windows, each.key)
        if window is None or window.closes_at is None:
            continue
        scoring = rules.window_named(windows, rules.scoring_key(each.key))
        ends = max(window.closes_at, scoring.closes_at) if scoring and scoring.closes_at else window.closes_at
        due = clock.day(window.closes_at, zone)
        when = due if each.kind in WRITTEN else _span(window.opens_at, window.closes_at, zone)
        found.append(Stage(pick(each.name), pick(each.text), window.opens_at, ends, when))
    for key in ("notices", "ceremony"):
        window = rules.window_named(windows, key)
        if window is not None:
            ends = window.closes_at or window.opens_at
            found.append(_stage(window, ends, clock.day(window.opens_at, zone)))
    return found


def _stage(window: Any, ends: datetime, when: str) -> Stage:
    return Stage(pick(window.name), pick(window.text), window.opens_at, ends, when)


def _opens_or_closes(window: Any, at: datetime, zone: ZoneInfo) -> str:
    if window.opens_at > at:
        return _("From %(day)s", day=clock.day(window.opens_at, zone))
    return _("To %(day)s", day=clock.day(window.closes_at, zone))


def _span(opens: datetime, closes: datetime, zone: ZoneInfo) -> str:
    """ "Mar 1 – 12", in the reader's language."""
    first, last = opens.astimezone(zone).date(), closes.astimezone(zone).date()
    return str(format_interval(first, last, "MMMd", locale=get_locale() or "en"))
