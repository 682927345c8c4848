"""Who may see and change a program; the states of a cycle; what its windows and the clock say about where we are."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_auditor, is_founder, is_organizer
from portal.core.access import permission
from portal.core.flow import Flow

ROUND_KINDS = ("application", "essay", "observation", "interview")
KIND_NAMES = {
    "application": _l("Application"),
    "essay": _l("Essays"),
    "observation": _l("Visits"),
    "interview": _l("Interviews"),
}
CHECKS = ("position", "district", "attest", "not_winner", "not_panel")  # how an eligibility rule is checked

# Only what a person decides is a state; whether nominations are open is a matter of windows and the clock.
CYCLE = Flow("cycle", initial="draft", publish=({"draft"}, "published"))

# A file of schools is compared before anything changes; what is applied cannot be taken back by a button.
SCHOOL_IMPORT = Flow(
    "school_import",
    initial="reading",
    plan=({"reading"}, "planned"),
    plan_again=({"applying"}, "planned"),  # when the directory has changed since
    apply=({"planned"}, "applying"),
    finish=({"applying"}, "applied"),
    discard=({"reading", "planned"}, "discarded"),
    fail=({"reading"}, "failed"),
)
LEVELS = ("elementary", "middle", "high", "other")
LEVEL_NAMES = {
    "elementary": _l("Elementary"),
    "middle": _l("Middle"),
    "high": _l("High"),
    "other": _l("Other"),
}


class HasTimes(Protocol):
    """Anything with a key and two moments: a window's row, or times computed from a definition."""

    @property
    def key(self) -> str: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime | None: ...


Span = TypeVar("Span", bound=HasTimes)


def scoring_key(round_key: str) -> str:
    """The key of the window in which the panel of a round scores."""
    return f"{round_key}.scoring"


def may_open_again(window: Any, windows: Iterable[Any], at: datetime) -> bool:
    """Whether a window that has closed may close later after all: nominations, and the nominees' time to answer, until
    the first panel scores.
    """
    scoring = any(each.key.endswith(".scoring") and each.opens_at <= at for each in windows)
    return window.key in ("nominations", "consent") and not scoring


def window_named(windows: Iterable[Span], key: str) -> Span | None:
    """The window of that key, or None."""
    return next((window for window in windows if window.key == key), None)


def open_windows(windows: Iterable[Span], at: datetime) -> list[Span]:
    """The windows that are open at this moment: open from `opens_at` on, closed from `closes_at` on."""
    return [w for w in windows if w.opens_at <= at and (w.closes_at is None or at < w.closes_at)]


def is_open(windows: Iterable[HasTimes], key: str, at: datetime) -> bool:
    """Whether the window of that key is open at this moment; one that does not exist is not."""
    return any(window.key == key for window in open_windows(windows, at))


def next_change(windows: Iterable[HasTimes], at: datetime) -> datetime | None:
    """The next moment at which any window opens or closes; None when all that will happen has happened."""
    moments = [moment for w in windows for moment in (w.opens_at, w.closes_at) if moment is not None and moment > at]
    return min(moments, default=None)


def phase(windows: Iterable[HasTimes], at: datetime) -> str:
    """Where a cycle stands: "before" its first window, the key of the open window that opened last, "between", "after".

    A property of the windows and the clock, never stored. A scoring window wins over the round it belongs to; the
    nominees' time to answer ("consent") counts only when nothing else is open.
    """
    windows = list(windows)
    now_open = [w for w in open_windows(windows, at) if w.key != "consent"] or open_windows(windows, at)
    if now_open:
        return max(now_open, key=lambda w: (w.opens_at, w.key)).key
    if any(w.opens_at > at for w in windows):
        return "between" if any(w.opens_at <= at for w in windows) else "before"
    return "after"


def has_begun(cycle: Any, at: datetime) -> bool:
    """Whether people may already have relied on a cycle: it is published and its first window has opened."""
    return cycle.state == "published" and any(window.opens_at <= at for window in cycle.windows)


def fixed(cycle: Any, at: datetime, frozen: Iterable[str] = ()) -> dict[str, Any]:
    """What may no longer change in a year, by field of the editor ("rounds.*.readers"), with the reason.

    `frozen` names the rubrics (by key) that every round using them has been scored on.
    """
    reasons: dict[str, Any] = {f"rubric-{key}": FROZEN for key in frozen}
    if has_begun(cycle, at):
        reasons["time_zone"] = _l("Nominations have opened under it.")
        announced = _l("Nominations have opened, and the rounds were announced.")
        figures = ("kind", "rubric", "readers", "past_winners", "max_load", "panel_size", "advance")
        reasons |= {f"rounds.*.{name}": announced for name in figures} | {"rounds!": announced}
        reasons["rubrics.*.final_weight"] = announced
        reasons["eligibility.*.check"] = reasons["eligibility!"] = _l("Nominations have opened under these rules.")
        reasons["categories!"] = _l("Nominations have opened in these categories.")
    if cycle.state == "published" and any(w.key.endswith(".scoring") and w.opens_at <= at for w in cycle.windows):
        reasons["ties"] = _l("Scoring has opened, and the tie-break is fixed before that.")
    if cycle.decisions_confirmed_at:
        decided = _l("The decisions are confirmed.")
        reasons |= {"categories.*.places": decided, "categories.*.positions": decided}
    return reasons


FROZEN = _l("The first score froze this rubric, so that everybody is judged on the same words.")


SEE_YEAR = permission("programs.see_year", is_organizer | is_auditor)
EDIT = permission("programs.edit", is_organizer)
SEE_SCHOOLS = permission("programs.see_schools", is_organizer | is_auditor)
EDIT_SCHOOLS = permission("programs.edit_schools", is_organizer)
FOUND = permission("programs.found", is_founder)
