"""Which files an act on many can't be done to, and why. Pure; the acts themselves stand in `actions.bulk_acts`."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

HOLD = timedelta(minutes=10)  # so long the letters of an act wait, and can be called back
HOLD_MINUTES = int(HOLD.total_seconds() // 60)
UNDO = timedelta(days=7)  # so long any other act can be taken back
KEEP_PREVIEWS = timedelta(days=1)  # so long a preview waits for its button

# Why nothing was done to a file, or nothing taken back: said above the names.
WHY: dict[str, Any] = {
    "changed": _l("Changed since, by somebody else"),
    "joined": _l("Joined into another file"),
    "over": _l("Said no, withdrew or was erased"),
    "eligible": _l("Found eligible already"),
    "ineligible": _l("Found not eligible already"),
    "unscreened": _l("Not screened yet"),
    "erased": _l("Was erased before: look at the file first"),
    "position": _l("The position is not one of the award’s: look at the file first"),
    "not_winner": _l("May be a past winner: look at the file first"),
    "not_panel": _l("May be somebody on this year’s panel or staff: look at the file first"),
    "doubt": _l("The voices do not qualify the file yet: screen it by itself, with a reason"),
    "unheard": _l("Nobody who wrote has proven their address"),
    "address": _l("No address yet"),
    "stopped": _l("Mail to the address came back: correct it first"),
    "asked": _l("Asked already"),
    "accepted": _l("Said yes already"),
    "unasked": _l("Nobody has asked them yet"),
    "reminded": _l("Had the reminder: there is only one"),
    "early": _l("Asked a few days ago: the reminder is not due yet"),
    "closed": _l("The time for nominees to say yes is over"),
    "panel": _l("The panel has the file"),
    "school": _l("The school is in the directory, and its district goes with it"),
    "outside": _l("The school was found to be outside our districts"),
    "same": _l("It stands so already"),
    "left": _l("The letter has left"),
    "refused": _l("Whoever began this may no longer do it"),
}


@dataclass(frozen=True)
class Seen:
    """A file, and what is known of it beyond its own columns."""

    file: Any
    held: str = ""  # why a person has to look first: a key of `rules.eligibility.HELD`
    doubtful: bool = False  # the voices do not qualify it
    heard: bool = True  # somebody who wrote has proven their address
    with_panel: bool = False
    due: bool = True  # asked long enough ago to be reminded
    is_open: bool = True  # nominees may still say yes


def _gone(seen: Seen) -> str:
    if seen.file.joined_into_id is not None:
        return "joined"
    over = seen.file.withdrawn_at is not None or seen.file.consent in ("declined", "erased")
    return "over" if over else ""


def why_not_screen(seen: Seen) -> str:
    """Nobody has decided yet: who did meant it, and a changed decision is made in the file."""
    screened = "" if seen.file.screening == "unscreened" else seen.file.screening
    return _gone(seen) or screened


def why_not_find_eligible(seen: Seen) -> str:
    """And nothing speaks against the nominee that a person has to look at."""
    return why_not_screen(seen) or seen.held or ("doubt" if seen.doubtful else "")


def why_not_take_back(seen: Seen) -> str:
    """Somebody has decided, and the panel does not have the file."""
    if seen.file.screening == "unscreened":
        return _gone(seen) or "unscreened"
    return _gone(seen) or ("panel" if seen.with_panel else "")


def why_not_ask(seen: Seen) -> str:
    """Somebody proven has written, nobody has asked, nothing speaks against it, and we know where to write."""
    file = seen.file
    if not seen.is_open:
        return "closed"
    if _gone(seen) or file.consent != "open":
        return _gone(seen) or str(file.consent)
    if file.screening == "ineligible":
        return "ineligible"
    if not seen.heard:
        return "unheard"
    if file.screening == "unscreened" and seen.held:
        return seen.held
    return "" if file.email and not file.stopped else ("stopped" if file.email else "address")


def why_not_remind(seen: Seen) -> str:
    """Asked long enough ago, no answer, and not reminded before."""
    file = seen.file
    if not seen.is_open:
        return "closed"
    if _gone(seen) or file.consent != "asked":
        return _gone(seen) or ("unasked" if file.consent == "open" else str(file.consent))
    if file.reminded_at is not None:
        return "reminded"
    if file.stopped:
        return "stopped"
    return "" if seen.due else "early"


def why_not_set_district(seen: Seen) -> str:
    """The school is not one of the directory, and not known to be elsewhere."""
    if _gone(seen):
        return _gone(seen)
    return "school" if seen.file.school_id is not None else ("outside" if seen.file.outside else "")
