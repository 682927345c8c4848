"""What may be joined, which of two files stays, and what a person should know before. Pure."""

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.access import Reason

_ANSWERED = {"open": 0, "asked": 1, "accepted": 2}
THE_OTHER_WAY = (
    _l("The nominee was already written to about the other file. Open that one and join this file into it."),
    _l("The panel already has the other file. Open that one and join this file into it."),
)
SETTLED = _l("The decisions of this year are confirmed, so its files stay as they are.")


def why_not_join(kept: Any, gone: Any, with_panel: Collection[int] = ()) -> Reason | None:
    """Why `gone` can't be joined into `kept`, in a sentence; None when it can. `with_panel`: files reviewers have.

    What the nominee answered is never lost: a file that is further along takes in the other one, not the reverse.
    """
    if kept.id == gone.id:
        return _l("This is the same file.")
    if kept.cycle_id != gone.cycle_id:
        return _l("These files belong to different years.")
    if kept.joined_into_id or gone.joined_into_id:
        return _l("One of the two is already joined with another file.")
    if kept.cycle.decisions_confirmed_at is not None:
        return SETTLED
    return _answers(kept, gone) or _decisions(kept, gone, with_panel)


def _answers(kept: Any, gone: Any) -> Reason | None:
    if "declined" in (kept.consent, gone.consent) or "erased" in (kept.consent, gone.consent):
        return _l("The nominee said no in one of the two. That answer stands, so these files stay apart.")
    if kept.withdrawn_at or gone.withdrawn_at:
        return _l("The nominee withdrew in one of the two. That stands, so these files stay apart.")
    if _ANSWERED[gone.consent] > _ANSWERED[kept.consent]:
        return THE_OTHER_WAY[0]
    if gone.consent != "open" and gone.email.casefold() != kept.email.casefold():
        return _l(
            "Letters about these two went to different addresses, and both can be answered. Find out which address is"
            " right, correct the other one, then join them."
        )
    return None


def _decisions(kept: Any, gone: Any, with_panel: Collection[int]) -> Reason | None:
    if {kept.screening, gone.screening} == {"eligible", "ineligible"}:
        return _l("One was found eligible, the other not. Make the two decisions agree first.")
    if gone.id in with_panel:
        if kept.id in with_panel:
            return _l("The panel has both files. Ask the chair to take one back from its reviewers first.")
        return THE_OTHER_WAY[1]
    return None


def in_order(one: Any, other: Any, with_panel: Collection[int] = (), voices: Any = None) -> tuple[Any, Any]:
    """The two as (stays, is joined into it): what the panel has or the nominee answered stays; then the one that
    tells more (address, school of the directory), that more people wrote in (`voices`: file -> how many); the older.
    """
    counted = voices or {}

    def weight(file: Any) -> tuple[Any, ...]:
        told = bool(file.email), file.school_id is not None, bool(file.school_name)
        return file.id in with_panel, _ANSWERED.get(file.consent, 0), *told, counted.get(file.id, 0), -file.id

    return (one, other) if weight(one) >= weight(other) else (other, one)


def to_know(kept: Any, gone: Any, with_panel: Collection[int] = ()) -> list[Any]:
    """What joining these two means beyond moving the nominations, in sentences."""
    found: list[Any] = []
    if kept.id in with_panel:
        found.append(
            _l("The panel has the file that stays. Its reviewers will also see stories from groups that were missing.")
        )
    if gone.consent != "open":
        found.append(_l("The letter about the other file now leads to the file that stays."))
    if gone.consent == "accepted":
        found.append(_l("The nominee said yes in both. Public pages name them only if they allowed it in both."))
    if gone.screening != "unscreened" and kept.screening == "unscreened":
        found.append(_l("The other file was screened. That decision does not carry over: screen the file that stays."))
    return found
