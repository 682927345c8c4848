"""The letters in which a program may use words of its own: which they are, and what their words may refer to. Pure.

A letter keeps its frame (buttons, links, dates, what the law asks for); a program sets its subject and its opening.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.placeholders import unknown_in

# What a placeholder stands for in the context of every letter; its own name where nothing is said here.
CONTEXT_NAMES = {"program": "program_name"}


@dataclass(frozen=True)
class EditableLetter:
    """`template` below templates/mail; `sample` is what else the letter needs to be shown without a real case."""

    template: str
    name: Any
    when: Any
    placeholders: tuple[str, ...]
    sample: dict[str, Any] = field(default_factory=dict)


SAMPLE: dict[str, Any] = {
    "name": "Marisol Rivera",
    "educator": "Renée Okafor",
    "school": "Magnolia Middle School",
    "by": "Sam Ortiz",
    "panel": "Round 1",
    "cohort": "2027",
    "code": "LRL-4821",
}

LETTERS: dict[str, EditableLetter] = {
    "receipt": EditableLetter(
        "nominations/receipt", _l("Receipt of a nomination"), _l("To a nominator, at once."),
        ("name", "educator", "program"), {"days": 14, "confirm": "", "link": "", "closes": ""},
    ),
    "proof_reminder": EditableLetter(
        "nominations/proof_reminder", _l("Reminder to confirm"), _l("To a nominator who has not confirmed."),
        ("name", "educator", "program"), {"confirm": "", "link": "", "closes": ""},
    ),
    "consent_request": EditableLetter(
        "nominations/consent_request", _l("You were nominated"), _l("To a nominee. Asks whether they take part."),
        ("name", "program"), {"voices": [], "url": "", "answer_by": ""},
    ),
    "consent_reminder": EditableLetter(
        "nominations/consent_reminder", _l("Reminder to answer"), _l("To a nominee who has not answered, once."),
        ("name", "program"), {"voices": [], "url": "", "answer_by": ""},
    ),
    "consent_accepted": EditableLetter(
        "nominations/consent_accepted", _l("You said yes"), _l("To a nominee who takes part."),
        ("name", "program"), {"url": "", "answer_by": ""},
    ),
    "silent_school": EditableLetter(
        "desk/silent_school", _l("To a school that is silent"),
        _l("To a school’s contact while nominations are open, once a year, when staff say so."),
        ("name", "school", "program"), {"closes": "", "url": "", "stop": ""},
    ),
    "panel_invitation": EditableLetter(
        "review/invitation", _l("Invitation to a panel"), _l("To somebody who is asked to read or to chair."),
        ("name", "by", "panel", "program"), {"chair": False, "most": 12, "readers": 3, "due": "", "url": ""},
    ),
    "collective_invitation": EditableLetter(
        "collective/invitation", _l("Invitation to the Collective"), _l("To somebody who was honored."),
        ("name", "cohort", "program"), {"url": "", "until": ""},
    ),
    "collective_welcome": EditableLetter(
        "collective/welcome", _l("Welcome to the Collective"), _l("To a new member."),
        ("name", "program"), {"profile_url": "", "directory_url": ""},
    ),
}  # fmt: skip
BY_TEMPLATE = {letter.template: key for key, letter in LETTERS.items()}


def sample(key: str) -> dict[str, Any]:
    """An invented case that the letter can be shown with."""
    return {**SAMPLE, **LETTERS[key].sample}


def unknown_placeholders(key: str, text: str) -> list[str]:
    """What stands in braces and this letter does not know, as written."""
    return unknown_in(text, LETTERS[key].placeholders)
