"""The nomination form: its steps, what the program sets about it, when it is open, who may vouch for a nominator."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_organizer
from portal.core.access import permission, predicate

TRAP = "website"  # a field that people do not see: whatever fills it in is no person
# The fields of each step, by the names under which `Nomination.answers` keeps what was typed.
STEPS: dict[str, tuple[str, ...]] = {
    "helper": ("name", "email", "child"),
    "educator": ("educator", "school", "school_choice", "district", "position", "subject", "educator_email"),
    "you": ("relation", "known_for", "tie", "tie_text"),
    "story": ("story", "with_others"),
    "name": ("name", "email", "sharing", TRAP),
}
SHOWN_STEPS = ("educator", "you", "story", "name", "check")  # what the step indicator counts
AGES = ("under", "between", "adult")
ADULT = 18  # from here on nobody asks whether an adult should help
LONGEST_KEPT = 60_000  # characters of one field that a draft keeps, far more than the form accepts
SENT = "sent"  # `Nomination.step` of what was sent and not changed since
UNLISTED = "none"  # the school is not in the directory
ELSEWHERE = ("other", "unknown")  # another district; the nominator does not know
RECEIPT_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_RECEIPT = re.compile(f"([{RECEIPT_SIGNS}]{{4}})[- ]?([{RECEIPT_SIGNS}]{{4}})")
OPEN_HOURS = timedelta(hours=1)  # how long a browser still opens what it has sent: school computers are shared


@dataclass(frozen=True)
class FormSettings:
    """What the program's file sets about nominations, with cautious values for what it leaves out."""

    story_words: tuple[int, int] = (40, 250)
    adult_age: int = 13
    self_needs_seconders: int = 1
    family_alone_qualifies: bool = False
    confirm_within_days: int = 14
    remind_after_days: int = 2
    consent_within_days: int = 14
    consent_remind_after_days: int = 5
    drafts_kept_days: int = 30
    least_seconds: int = 20
    network_an_hour: int = 150
    address_an_hour: int = 10
    proof_of_work: int = 0
    story_question: Any = ""
    story_hint: Any = ""

    @property
    def ages(self) -> tuple[str, ...]:
        """The answers to the age question: whoever is under the age, from it to 17, and adults."""
        return AGES if self.adult_age < ADULT else ("under", "adult")


def form_settings(program: Any) -> FormSettings:
    """The settings of a program's nomination form."""
    return settings_in(program.settings)


def settings_in(settings: Mapping[str, Any] | None) -> FormSettings:
    """What a program's settings say about nominations: read here alone, so that a default is the same everywhere."""
    given: Mapping[str, Any] = (settings or {}).get("nomination", {})
    known = {k: v for k, v in given.items() if k in FormSettings.__dataclass_fields__}
    if "story_words" in known:
        low, high = known["story_words"]
        known["story_words"] = (int(low), int(high))
    return FormSettings(**known)


def family_is_not_enough(program: Any, relation: Mapping[str, Any]) -> bool:
    """Whether somebody of this relation is asked to find another voice: by the program's settings."""
    return relation.get("key") in weak_relations(program.settings) and not form_settings(program).family_alone_qualifies


def weak_relations(settings: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The keys of the relations that are not enough alone. An older file does not say which: known by usual names."""
    relations = (settings or {}).get("relations", [])
    if any("alone" in each for each in relations):
        return tuple(r["key"] for r in relations if r["group"] != "self" and not r.get("alone", True))
    return tuple(r["key"] for r in relations if r["key"] in ("relative", "family_member"))


def fields_of(step: str) -> tuple[str, ...]:
    """The names of a step's fields."""
    return STEPS.get(step, ())


def neighbors(step: str) -> tuple[str | None, str | None]:
    """The steps before and after this one; the helper's page comes before the first."""
    if step == "helper":
        return None, SHOWN_STEPS[0]
    at = SHOWN_STEPS.index(step)
    return (SHOWN_STEPS[at - 1] if at else None), (SHOWN_STEPS[at + 1] if at + 1 < len(SHOWN_STEPS) else None)


def nominations_window(cycle: Any) -> Any:
    """The window in which the cycle takes nominations, or None."""
    return cycle.nominations


def nominations_are_open(cycle: Any, at: datetime) -> bool:
    """Whether the cycle takes nominations at this moment."""
    if cycle is None or cycle.state != "published" or cycle.archived_at:
        return False
    window = nominations_window(cycle)
    return window is not None and window.is_open(at)


def was_sent(nomination: Any) -> bool:
    """Whether the nominator has sent it (a second one for the same educator stays a draft, and they can't tell)."""
    return bool(nomination.state not in ("draft", "expired") or nomination.receipt)


def drafts_kept_until(cycle: Any) -> datetime | None:
    """When what was begun and not sent is erased; None while no closing is set."""
    window = nominations_window(cycle)
    if window is None or window.closes_at is None:
        return None
    closes: datetime = window.closes_at
    return closes + timedelta(days=form_settings(cycle.program).drafts_kept_days)


def has_words(nomination: Any) -> bool:
    """Whether anything that was typed is still there."""
    return bool(nomination.answers)


def is_living(nomination: Any) -> bool:
    """Whether the nominator may still change or withdraw it."""
    return nomination.state in ("draft", "submitted", "confirmed")


def receipt_code(public_id: str) -> str:
    """A short code to read out on the telephone, "K7QM-2XWP": no letter that looks like a digit. Always the same."""
    number = int.from_bytes(sha256(public_id.encode()).digest()[:8], "big")
    signs = []
    for _place in range(8):
        number, at = divmod(number, len(RECEIPT_SIGNS))
        signs.append(RECEIPT_SIGNS[at])
    return "".join(signs[:4]) + "-" + "".join(signs[4:])


def receipt_typed(text: str) -> str:
    """The receipt code that this is, as it is kept ("k7qm 2xwp" too); "" when it can't be one."""
    found = _RECEIPT.fullmatch(text.strip().upper())
    return f"{found[1]}-{found[2]}" if found else ""


def masked(address: str) -> str:
    """ "rosa@example.org" -> "r•••@example.org": enough for its owner."""
    name, at, host = address.partition("@")
    return f"{name[:1]}•••{at}{host}" if at else ""


def first_name(written: str) -> str:
    """No more than a child's first name is kept: "Inés Morales" -> "Inés"."""
    return (written.split() or [""])[0][:60]


def relation_of(program: Any, key: str) -> Mapping[str, Any]:
    """The program's relation of that key ({} when there is none)."""
    return next((r for r in (program.settings or {}).get("relations", []) if r["key"] == key), {})


def position_of(program: Any, key: str) -> Mapping[str, Any]:
    """The program's position of that key ({} when there is none)."""
    return next((p for p in (program.settings or {}).get("positions", []) if p["key"] == key), {})


@predicate(_l("This nomination does not wait for its address to be confirmed."))
def is_unproven(_person: Any, nomination: Any) -> bool:
    return nomination is not None and nomination.state == "submitted"


class Correction(NamedTuple):
    """What follows when staff correct a nominator's address: the letter to the new one, and why that is enough."""

    only_returned: bool  # only when letters to the address came back
    letter: str
    why: Any


# By the nomination's state; in any other it does not stand. Staff must never be able to write in somebody's name.
CORRECTIONS: dict[str, Correction] = {
    "submitted": Correction(
        False,
        "receipt",
        _l(
            "Nobody has confirmed this address yet. The new one gets a letter with a link that confirms it; the old"
            " links die."
        ),
    ),
    "confirmed": Correction(
        True,
        "address_corrected",
        _l(
            "This nomination counts already and goes on counting. Letters go to the new address, but it opens nothing:"
            " what was written can be changed only by whoever proved an address."
        ),
    ),
}


@predicate(_l("This nomination does not stand any more, so no letter goes to its address."))
def stands(_person: Any, nomination: Any) -> bool:
    return nomination is not None and nomination.state in CORRECTIONS


@predicate(_l("This address was proven, and letters to it arrive. It is corrected only when they come back."))
def is_unproven_or_lost(_person: Any, nomination: Any) -> bool:
    return bool(not CORRECTIONS[nomination.state].only_returned or nomination.returned)


CORRECT_NOMINATOR = permission("nominations.correct_nominator", is_organizer & stands & is_unproven_or_lost)
CONFIRM_BY_STAFF = permission("nominations.confirm_by_staff", is_organizer & is_unproven)
