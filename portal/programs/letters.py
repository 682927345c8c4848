"""The letters in which a program may use words of its own: which they are, and what their words may refer to. Pure.

A letter keeps its frame (buttons, links, dates, what the law asks for); a program sets its subject and its opening.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.placeholders import unknown_in


@dataclass(frozen=True)
class EditableLetter:
    """`to` is one of GROUPS; `template` lies below templates/mail; `sample` is what else the letter needs to be shown
    without a real case; `case` is what the context says in this letter, where several share a template.
    """

    to: str
    template: str
    name: Any
    when: Any
    placeholders: tuple[str, ...]
    sample: Mapping[str, Any] = field(default_factory=dict)
    case: Mapping[str, Any] = field(default_factory=dict)


GROUPS = {
    "nominators": _l("To nominators"),
    "nominees": _l("To nominees"),
    "schools": _l("To schools"),
    "readers": _l("To the panel"),
    "presenters": _l("To presenters"),
    "members": _l("To the honored"),
}

SAMPLE: dict[str, Any] = {
    "name": "Marisol Rivera",
    "educator": "Renée Okafor",
    "school": "Magnolia Middle School",
    "by": "Sam Ortiz",
    "who": "Sam Ortiz",
    "panel": "Round 1",
    "round": "Round 1",
    "cohort": "2027",
    "code": "LRL-4821",
    "title": "Reading aloud",
    "convening": "Teach On 2027",
}
_SESSION = ("name", "title", "convening", "day", "program")

LETTERS: dict[str, EditableLetter] = {
    "finish_later": EditableLetter(
        "nominators", "nominations/finish_later", _l("Link to finish later"),
        _l("To a nominator who asks for it while they write."),
        ("program",), {"educator": "", "link": "", "closes": ""},
    ),
    "receipt": EditableLetter(
        "nominators", "nominations/receipt", _l("Receipt of a nomination"), _l("To a nominator, at once."),
        ("name", "educator", "program"), {"days": 14, "confirm": "", "link": "", "closes": ""},
    ),
    "proof_reminder": EditableLetter(
        "nominators", "nominations/proof_reminder", _l("Reminder to confirm"),
        _l("To a nominator who has not confirmed."),
        ("name", "educator", "program"), {"confirm": "", "link": "", "closes": ""},
    ),
    "nominated_before": EditableLetter(
        "nominators", "nominations/nominated_before", _l("You have nominated them already"),
        _l("To a nominator who writes about the same educator again."),
        ("educator", "program"), {"link": "", "closes": ""},
    ),
    "address_corrected": EditableLetter(
        "nominators", "nominations/address_corrected", _l("Your address was corrected"),
        _l("To the address that staff wrote in the place of one that mail came back from."),
        ("educator", "program"), {"name": ""},
    ),
    "nomination_withdrawn": EditableLetter(
        "nominators", "nominations/withdrawn", _l("A nomination is withdrawn"),
        _l("To a nominator who withdrew it."), ("educator", "program"),
    ),
    "told_accepted": EditableLetter(
        "nominators", "nominations/consent_told_accepted", _l("The nominee said yes"),
        _l("To those who wrote, when the nominee wants them to know."), ("name", "educator", "program"),
    ),
    "told_declined": EditableLetter(
        "nominators", "nominations/consent_told_declined", _l("The nominee said no"),
        _l("To those who wrote, when the nominee wants them to know."), ("name", "educator", "program"),
    ),
    "consent_request": EditableLetter(
        "nominees", "nominations/consent_request", _l("You were nominated"),
        _l("To a nominee. Asks whether they take part."),
        ("name", "program"), {"voices": [], "url": "", "answer_by": ""},
    ),
    "consent_reminder": EditableLetter(
        "nominees", "nominations/consent_reminder", _l("Reminder to answer"),
        _l("To a nominee who has not answered, once."),
        ("name", "program"), {"voices": [], "url": "", "answer_by": ""},
    ),
    "consent_accepted": EditableLetter(
        "nominees", "nominations/consent_accepted", _l("You said yes"), _l("To a nominee who takes part."),
        ("name", "program"), {"url": "", "answer_by": ""},
    ),
    "silent_school": EditableLetter(
        "schools", "desk/silent_school", _l("To a school that is silent"),
        _l("To a school’s contact while nominations are open, once a year, when staff say so."),
        ("name", "school", "program"), {"closes": "", "url": "", "stop": ""},
    ),
    "panel_invitation": EditableLetter(
        "readers", "review/invitation", _l("Invitation to a panel"),
        _l("To somebody who is asked to read or to chair."),
        ("name", "by", "panel", "program"), {"chair": False, "most": 12, "readers": 3, "due": "", "url": ""},
    ),
    "files_released": EditableLetter(
        "readers", "review/files_released", _l("Files wait for you"), _l("To a reader, when files are shared out."),
        ("name", "count", "panel", "program"), {"count": 8, "due": "", "url": ""},
    ),
    "review_reminder": EditableLetter(
        "readers", "review/reminder", _l("Reminder to review"), _l("To a reader whose reviews are due soon."),
        ("name", "owed", "panel", "program"), {"owed": 3, "due": "", "url": ""}, {"late": False},
    ),
    "review_overdue": EditableLetter(
        "readers", "review/reminder", _l("Reviews are missing"), _l("To a reader whose reviews were due."),
        ("name", "owed", "panel", "program"), {"owed": 3, "due": "", "url": ""}, {"late": True},
    ),
    "stepped_back": EditableLetter(
        "readers", "review/stepped_back", _l("A file needs another reader"),
        _l("To a chair, when a reader stepped back."), ("name", "panel", "program"), {"url": ""},
    ),
    "vote_opened": EditableLetter(
        "readers", "selection/vote_opened", _l("Your vote is asked for"),
        _l("To a reader, when files stand level at the line."), ("name", "round", "program"), {"url": ""},
    ),
    "session_receipt": EditableLetter(
        "presenters", "convenings/receipt", _l("Receipt of a proposal"),
        _l("To the author, when a proposal is sent."), _SESSION, {"closes": "", "url": ""},
    ),
    "co_presenter": EditableLetter(
        "presenters", "convenings/co_presenter", _l("Will you present with me?"),
        _l("To somebody whom the author names."), ("by", *_SESSION), {"summary": "", "accepted": False, "url": ""},
    ),
    "co_presenter_yes": EditableLetter(
        "presenters", "convenings/answered", _l("A co-presenter said yes"), _l("To the author."),
        ("who", *_SESSION), {"url": ""}, {"answer": "accepted"},
    ),
    "co_presenter_no": EditableLetter(
        "presenters", "convenings/answered", _l("A co-presenter said no"), _l("To the author."),
        ("who", *_SESSION), {"url": ""}, {"answer": "declined"},
    ),
    "session_accepted": EditableLetter(
        "presenters", "convenings/decision", _l("Your session is accepted"), _l("To the author. Asks them to confirm."),
        _SESSION, {"url": ""}, {"outcome": "accepted"},
    ),
    "session_standby": EditableLetter(
        "presenters", "convenings/decision", _l("Your session is on standby"), _l("To the author."),
        _SESSION, {"url": ""}, {"outcome": "standby"},
    ),
    "session_returned": EditableLetter(
        "presenters", "convenings/decision", _l("Please change one thing"),
        _l("To the author, with what the organizers ask for."), _SESSION, {"url": ""}, {"outcome": "returned"},
    ),
    "session_declined": EditableLetter(
        "presenters", "convenings/decision", _l("Not on the agenda this time"), _l("To the author."),
        _SESSION, {"url": ""}, {"outcome": "declined"},
    ),
    "session_confirm": EditableLetter(
        "presenters", "convenings/confirm", _l("Please confirm your session"),
        _l("To those who present with the author of an accepted session."), _SESSION, {"url": ""},
    ),
    "session_placed": EditableLetter(
        "presenters", "convenings/placed", _l("Your place on the agenda"),
        _l("To everybody who presents, and again when it changes."),
        ("when", *_SESSION), {"minutes": 45, "room": "", "place": "", "url": ""},
    ),
    "session_unplaced": EditableLetter(
        "presenters", "convenings/unplaced", _l("No place for now"),
        _l("To everybody who presents, when their session is taken off a released agenda."), _SESSION, {"url": ""},
    ),
    "session_withdrawn": EditableLetter(
        "presenters", "convenings/withdrawn", _l("A session is withdrawn"),
        _l("To those who present it, and to the organizers."), ("who", *_SESSION), {"url": ""},
    ),
    "collective_invitation": EditableLetter(
        "members", "collective/invitation", _l("Invitation to the Collective"), _l("To somebody who was honored."),
        ("name", "cohort", "program"), {"url": "", "until": ""},
    ),
    "collective_welcome": EditableLetter(
        "members", "collective/welcome", _l("Welcome to the Collective"), _l("To a new member."),
        ("name", "program"), {"profile_url": "", "directory_url": ""},
    ),
}  # fmt: skip


def key_of(template: str, context: Mapping[str, Any]) -> str:
    """Which letter of the list one of this template is, by what its context says; "" when it is none."""
    for key, letter in LETTERS.items():
        if letter.template == template and all(context.get(name) == value for name, value in letter.case.items()):
            return key
    return ""


def sample(key: str) -> dict[str, Any]:
    """An invented case that the letter can be shown with."""
    return {**SAMPLE, **LETTERS[key].sample, **LETTERS[key].case}


def unknown_placeholders(key: str, text: str) -> list[str]:
    """What stands in braces and this letter does not know, as written."""
    return unknown_in(text, LETTERS[key].placeholders)
