"""Eligibility: what the system found about each rule of a file, and the evidence. A person decides. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import ROLE_NAMES


class Known(NamedTuple):
    """Somebody whom a rule shuts out: a past winner ("not_winner"), or one of this year's panel or staff
    ("not_panel"). Name and school folded, the school "" when unknown; `note`: the year, or the role.
    """

    check: str
    name: str
    school: str
    email: str
    note: str


class Match(NamedTuple):
    """How a nominee is like somebody known."""

    how: str  # a key of HOWS
    known: Known


# From the surest to the weakest. A same name at another school is told and holds nothing up.
HOWS = ("address", "name_school", "name", "elsewhere")
SURE = ("address", "name_school")
HOLDING = ("address", "name_school", "name")

_WINNER = {
    "address": _l("Same address as a past winner (%(note)s)."),
    "name_school": _l("Same name and school as a past winner (%(note)s)."),
    "name": _l("Same name as a past winner (%(note)s). We can’t compare the schools."),
    "elsewhere": _l("Same name as a past winner (%(note)s), but at another school."),
}
_PANEL = {
    "address": _l("Same address as somebody on this year’s panel or staff (%(note)s)."),
    "name_school": _l("Same name and school as somebody on this year’s panel or staff (%(note)s)."),
    "name": _l("Same name as somebody on this year’s panel or staff (%(note)s). We can’t compare the schools."),
    "elsewhere": _l("Same name as somebody on this year’s panel or staff (%(note)s), but at another school."),
}
FOUND = {"not_winner": _WINNER, "not_panel": _PANEL}
NOBODY = {
    "not_winner": _l("No past winner has this address, or this name and school."),
    "not_panel": _l("Nobody on this year’s panel or staff has this address or this name."),
}

# Why a file waits for a person before anybody writes to the nominee: the tag in the list, the sentence at the file.
HELD = {
    "erased": (
        _l("To screen: erased before"),
        _l(
            "Somebody with this name and school, or this address, once asked us to erase everything about them. Write "
            "to nobody before you have made sure. If it is somebody else, or they want to be nominated, find the "
            "nominee eligible and write the reason."
        ),
    ),
    "position": (
        _l("To screen: position"),
        _l("The position is not one of the award’s. Screen this file before anybody writes to the nominee."),
    ),
    "not_winner": (
        _l("To screen: past winner?"),
        _l("This may be a past winner. Screen this file before anybody writes to the nominee."),
    ),
    "not_panel": (
        _l("To screen: panel or staff?"),
        _l("This may be somebody on this year’s panel or staff. Screen this file before anybody writes to them."),
    ),
}


def likeness(file: Any, known: Known) -> str:
    """How the file's person is like the known one: the address first, then name and school. "" when not at all."""
    if file.email and file.email.lower() == known.email:
        return "address"
    if not file.name_key or file.name_key != known.name:
        return ""
    if not file.school_key or not known.school:
        return "name"
    return "name_school" if file.school_key == known.school else "elsewhere"


def matches(file: Any, everybody: Iterable[Known]) -> dict[str, Match]:
    """For each kind of check the surest likeness to somebody known."""
    found: dict[str, Match] = {}
    for known in everybody:
        how = likeness(file, known)
        best = found.get(known.check)
        if how and (best is None or HOWS.index(how) < HOWS.index(best.how)):
            found[known.check] = Match(how, known)
    return found


def held_by(file: Any, closed_positions: Sequence[str], everybody: Iterable[Known]) -> str:
    """The key in HELD of why an unscreened file waits for a person, "" when nothing speaks against the nominee.
    `queries.eligibility.held` says the same in SQL; a test compares them.
    """
    if file.erased_before:
        return "erased"
    if file.position_key in closed_positions:
        return "position"
    found = matches(file, everybody)
    return next((check for check in FOUND if check in found and found[check].how in HOLDING), "")


class Hint(NamedTuple):
    """What we found about one rule: kind of tag ("ok", "bad", "wait"), the finding in a word, the evidence."""

    kind: str
    state: Any
    evidence: Any


_MET, _UNMET, _UNKNOWN = _l("Met"), _l("Not met"), _l("Not known")


def hint_for(
    checked_by: str,
    *,
    position: tuple[bool | None, Any] = (None, ""),
    district: str = "",
    outside: bool = False,
    attested: bool | None = None,
    match: Match | None = None,
) -> Hint:
    """What the file says to a rule of that kind. `position`: whether it is one of the award's (None: not known) and
    what it is called; `outside`: the school is known to be in no district of the award; `attested`: what the nominee
    said when accepting, None before.
    """
    if checked_by == "position":
        return _of_position(*position)
    if checked_by == "district":
        if outside:
            return Hint("bad", _UNMET, _l("The school is in another district."))
        if district:
            return Hint("ok", _MET, _l("The school is in %(district)s.", district=district))
        return Hint("wait", _UNKNOWN, _l("The district is not known, or not one of ours."))
    if checked_by in FOUND:
        return _of_match(checked_by, match)
    if attested is None:
        return Hint("wait", _l("Not asked yet"), _l("The nominee says so when they accept."))
    if attested:
        return Hint("ok", _MET, _l("The nominee says so."))
    return Hint("wait", _UNKNOWN, _l("The nominee accepted and did not say so. Ask them."))


def _of_position(fits: bool | None, called: Any) -> Hint:
    if fits is None:
        return Hint("wait", _UNKNOWN, _l("No position of the award was named."))
    if fits:
        return Hint("ok", _MET, _l("“%(position)s” is one of the award’s positions.", position=called))
    return Hint("bad", _UNMET, _l("“%(position)s” is not one of the award’s positions.", position=called))


def _of_match(check: str, match: Match | None) -> Hint:
    if match is None:
        return Hint("ok", _MET, NOBODY[check])
    text = FOUND[check][match.how] % {"note": ROLE_NAMES.get(match.known.note, match.known.note)}
    return Hint("bad", _UNMET, text) if match.how in SURE else Hint("wait", _UNKNOWN, text)


def hints(
    rules: Iterable[Any],
    file: Any,
    *,
    closed_positions: Sequence[str],
    called: Any,
    known: Iterable[Known],
    attested: Sequence[str] | None,
) -> list[tuple[Any, Hint]]:
    """Each rule with what the file says to it; `called`: the file's position in words."""
    found = matches(file, known)
    return [
        (
            rule,
            hint_for(
                rule.checked_by,
                position=(file.position_key not in closed_positions if file.position_key else None, called),
                district=file.district.name if file.district else "",
                outside=file.outside,
                attested=None if attested is None else rule.key in attested,
                match=found.get(rule.checked_by),
            ),
        )
        for rule in rules
    ]
