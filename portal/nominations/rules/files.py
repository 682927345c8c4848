"""What a nominee file needs next, whether its voices qualify it, what may be joined, and who may work on it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from portal.accounts.rules import is_auditor, is_organizer
from portal.core.access import Reason, permission, predicate
from portal.nominations.rules.nominate import settings_in, weak_relations

SEE_FILES = permission("nominations.see_files", is_organizer | is_auditor)
MANAGE_FILES = permission("nominations.manage_files", is_organizer)
IMPORT = permission("nominations.import", is_organizer)

LIVE = ("submitted", "confirmed")  # nominations that stand; only confirmed ones count and are shown to scorers
SHARING_WORDS = {
    "yes": _l("The educator may learn their name"),
    "relation": _l("The educator may learn only their relation"),
    "no": _l("The educator learns nothing about them"),
}
FIRST_NAME = {
    "under": _l("The educator may learn the child’s first name"),
    "between": _l("The educator may learn their first name"),
}
GROUP_NAMES = {
    "student": _l("Students"),
    "family": _l("Families"),
    "colleague": _l("Colleagues"),
    "leader": _l("School leaders"),
    "community": _l("Community"),
    "self": _l("The educator"),
}


class Step(NamedTuple):
    """What a file needs next: its place in "needs a step first", the state's tag, and what the button says."""

    rank: int
    kind: str
    state: Any
    action: Any


# In the order of `next_step`; the rank is what the desk sorts by, so that what only waits stands lower.
STEPS: dict[str, Step] = {
    "screen": Step(1, "half", _l("To screen"), _l("Screen")),
    "mend": Step(2, "bad", _l("A letter came back"), _l("Correct the address")),
    "address": Step(3, "wait", _l("Address needed"), _l("Add the address")),
    "ask": Step(4, "wait", _l("Ready to ask"), _l("Write to them")),
    "prove": Step(5, "wait", _l("Not proven yet"), _l("See who wrote")),
    "second": Step(6, "wait", _l("Needs another voice"), _l("See why")),
    "wait": Step(7, "wait", _l("No answer yet"), ""),
    "ready": Step(8, "ok", _l("Eligible"), ""),
    "empty": Step(9, "", _l("Nobody has written"), ""),
    "ineligible": Step(10, "no", _l("Not eligible"), _l("See the reason")),
    "over": Step(11, "no", _l("Said no"), ""),
}


@dataclass(frozen=True)
class Voices:
    """How many stand behind a file: confirmed, unproven; of the confirmed, by the educator; and whether there are
    others, all of them relatives.
    """

    proven: int = 0
    unproven: int = 0
    own: int = 0
    only_kin: bool = False


@dataclass(frozen=True)
class Terms:
    """What the program asks of a file's voices, and which positions and relations it treats apart."""

    seconders: int = 1
    family_alone: bool = False
    weak_relations: tuple[str, ...] = ()
    closed_positions: tuple[str, ...] = ()
    answer_days: int = 14
    story_words: tuple[int, int] = (40, 250)


def terms_of(settings: Mapping[str, Any]) -> Terms:
    """The terms out of a program's settings; what is not said there is cautious."""
    asked = settings_in(settings)
    return Terms(
        seconders=asked.self_needs_seconders,
        family_alone=asked.family_alone_qualifies,
        weak_relations=weak_relations(settings),
        closed_positions=tuple(p["key"] for p in settings.get("positions", []) if not p.get("eligible", True)),
        answer_days=asked.consent_within_days,
        story_words=asked.story_words,
    )


def doubt(voices: Voices, terms: Terms) -> Reason | None:
    """Why the confirmed voices do not qualify the file yet, in a sentence; None when they do.

    A self-nomination needs its seconders; a member of the educator's own family alone does not qualify a file
    (both by the program's settings). Counts only what is confirmed.
    """
    others = voices.proven - voices.own
    if voices.proven == 0:
        return _l("Nobody who wrote has proven their address yet.")
    if voices.own and others < terms.seconders:
        return _l("The educator wrote about themself. This needs at least one more person who writes.")
    if voices.only_kin and not terms.family_alone:
        return _l("Only the educator's own family has written. This needs one other voice.")
    return None


def terms_in_words(terms: Terms) -> list[Any]:
    """What the program's settings ask of a file's voices, in sentences: the same that `doubt` decides by."""
    if terms.seconders:
        own = lazy_ngettext(
            "A self-nomination needs one other person who writes.",
            "A self-nomination needs %(num)s other people who write.",
            terms.seconders,
        )
    else:
        own = _l("A self-nomination needs nobody else who writes.")
    if terms.family_alone:
        family = _l("The educator's own family alone is enough.")
    else:
        family = _l("The educator's own family alone is not enough: one other voice is needed.")
    return [own, family]


@dataclass(frozen=True)
class Standing:
    """All that decides a file's next step."""

    consent: str = "open"
    screening: str = "unscreened"
    withdrawn: bool = False
    has_address: bool = True
    stopped: bool = False  # a letter came back from the address
    held: str = ""  # why a person has to look first: a key of `rules.eligibility.HELD`
    voices: Voices = Voices(proven=1)


def next_step(file: Standing, terms: Terms) -> str:
    """The key in `STEPS` of what this file needs next. `queries.files` says the same in SQL; a test compares them."""
    if file.withdrawn or file.consent in ("declined", "erased"):
        return "over"
    if file.screening == "ineligible":
        return "ineligible"
    if file.voices.proven == 0:
        return "prove" if file.voices.unproven else "empty"
    unscreened = file.screening == "unscreened"
    if unscreened and (file.held or file.consent == "accepted"):
        return "screen"
    if unscreened and doubt(file.voices, terms):
        return "second"
    if file.stopped:
        return "mend"
    if file.consent == "open":
        return "ask" if file.has_address else "address"
    return "wait" if file.consent == "asked" else "ready"


@predicate(_l("A joined file has no next step of its own. Open the file it was joined into."))
def stands_alone(_person: Any, file: Any) -> bool:
    return file.joined_into_id is None


class Told(NamedTuple):
    """A nomination as the choice of a story needs it."""

    id: int
    words: int


def suggested_story(told: Iterable[Told], most_words: int) -> int | None:
    """The story a group would be shown by: the longest one up to the word limit, else the shortest beyond it.

    Never by date. Of two as long as each other, the one with the lower number, so that the answer is always the same.
    """
    stories = list(told)
    fitting = [t for t in stories if t.words <= most_words]
    if fitting:
        return max(fitting, key=lambda t: (t.words, -t.id)).id
    return min(stories, key=lambda t: (t.words, t.id)).id if stories else None
