"""Who sends consent letters, until when a nominee may answer, and what a nominee is told about who wrote. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_organizer
from portal.core.access import permission, predicate
from portal.core.clock import now
from portal.core.names import fold
from portal.nominations.rules.nominate import first_name
from portal.nominations.rules.states import CONSENT
from portal.programs.rules import window_named

ANSWERS = ("accept", "decline", "erase")
ERASE_AFTER = timedelta(days=90)  # what we hold about whoever said no or nothing goes so long after answers close

# How the nominee is told the relation of somebody who wrote: the reporting group, never more than that.
GROUP_WORDS = {
    "student": _l("a student, now or before"),
    "family": _l("a family member of a student"),
    "colleague": _l("a colleague"),
    "leader": _l("a school or district leader"),
    "community": _l("someone in the community"),
    "self": _l("you yourself"),
}
OTHER_WORDS = {
    "relative": _l("someone in your family"),
    "family_member": _l("someone in your family"),
    "other": _l("someone who knows your work"),
}


class Voice(NamedTuple):
    """One who wrote, as far as they allow it to be told: a name (or none) and their relation."""

    name: str
    relation: Any


def relation_words(relation: str, group: str) -> Any:
    """The relation as the nominee is told it."""
    return OTHER_WORDS.get(relation) or GROUP_WORDS.get(group) or OTHER_WORDS["other"]


def voices(nominations: Iterable[Any]) -> list[Voice]:
    """Who wrote, each told as they chose; by name, then by relation.

    "no" leaves nothing; of several who share only their relation, equal ones are told once: how many wrote can't be
    counted from the list. An adult who wrote for a child is not named: the child's first name is, if it may be. Of
    whoever is under 18 the nominee learns no more than the first name.
    """
    named: dict[tuple[str, str], Voice] = {}
    unnamed: dict[str, Voice] = {}
    for each in nominations:
        if each.state != "confirmed" or each.sharing == "no":
            continue
        relation = relation_words(each.relation, each.relation_group)
        name = (each.child_name if each.for_child else each.nominator_name).strip()
        name = first_name(name) if each.by_minor else name
        if each.relation_group == "self" or each.sharing != "yes" or not name:
            unnamed.setdefault(str(relation), Voice("", relation))
        else:
            named[fold(name), each.nominator_email] = Voice(name, relation)
    return [named[key] for key in sorted(named)] + [unnamed[key] for key in sorted(unnamed)]


def accept_until(windows: Iterable[Any]) -> datetime | None:
    """The moment from which nobody can say yes any more: the consent window's end, else the first round's opening."""
    windows = list(windows)
    consent = window_named(windows, "consent")
    return consent.closes_at if consent else _first_opening(windows)


def change_until(windows: Iterable[Any]) -> datetime | None:
    """The moment from which a yes stands: the first panel begins to score, or the last one may still say yes."""
    windows = list(windows)
    moments = [m for m in (accept_until(windows), _first_opening(windows)) if m is not None]
    return max(moments, default=None)


def _first_opening(windows: list[Any]) -> datetime | None:
    scoring = [w.opens_at for w in windows if w.key.endswith(".scoring")]
    return min(scoring or [w.opens_at for w in windows if w.round_id is not None], default=None)


def erase_on(windows: Iterable[Any]) -> datetime | None:
    """When what is held about nominees who did not say yes is erased by itself."""
    closes = change_until(windows)
    return closes + ERASE_AFTER if closes else None


OVER = _l("The time for nominees to say yes is over, so no letter can go out.")


def _before(moment: datetime | None) -> bool:
    return moment is None or now() < moment


def may_still_ask(cycle: Any) -> bool:
    """Whether letters that ask for a yes, and reminders of them, may go out: nominees of the cycle can still say it."""
    return _before(accept_until(cycle.windows))


def address_can_change(file: Any) -> bool:
    """Whether the time allows another address: whoever was asked is asked anew there, while a yes can still be said."""
    return file.consent != "asked" or may_still_ask(file.cycle)


@predicate(_l("The time to answer is over. If something should change, please write to us."))
def accepting_is_open(_person: Any, file: Any) -> bool:
    return may_still_ask(file.cycle)


@predicate(_l("The panel has begun to read, so this answer stands. You can still withdraw."))
def changing_is_open(_person: Any, file: Any) -> bool:
    return file.consent != "accepted" or _before(change_until(file.cycle.windows))


@predicate(_l("This nominee has withdrawn."))
def has_not_withdrawn(_person: Any, file: Any) -> bool:
    return file.withdrawn_at is None


@predicate(_l("This answer can't be given from where things stand now."))
def is_asked(_person: Any, file: Any) -> bool:
    return bool(file.consent == "asked")


@predicate(_l("Only somebody who said yes can withdraw."))
def has_accepted(_person: Any, file: Any) -> bool:
    return bool(file.consent == "accepted")


@predicate(_l("The awards are announced."))
def is_not_announced(_person: Any, file: Any) -> bool:
    return file.cycle.announced_at is None


@predicate(_l("This answer was given before."))
def may_decline_from_here(_person: Any, file: Any) -> bool:
    return CONSENT.may(file.consent, "decline")


@predicate(_l("There is nothing left to erase."))
def may_erase_from_here(_person: Any, file: Any) -> bool:
    return CONSENT.may(file.consent, "erase")


SEND_LETTERS = permission("nominations.send_letters", is_organizer)
# The nominee has no account: their link is the key, so no person is asked for.
ACCEPT = permission("nominations.accept", is_asked & accepting_is_open & has_not_withdrawn)
CORRECT = permission("nominations.correct", has_accepted & changing_is_open & has_not_withdrawn)
DECLINE = permission("nominations.decline", may_decline_from_here & changing_is_open & has_not_withdrawn)
ERASE = permission("nominations.erase", may_erase_from_here & changing_is_open)
WITHDRAW = permission("nominations.withdraw_file", has_accepted & has_not_withdrawn & is_not_announced)
