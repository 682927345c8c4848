"""What we write to nominees about their consent, and to nominators about a nominee's answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.core import audit, clock, links
from portal.core.i18n import pick
from portal.core.outbox import Letter
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.rules.consent import Voice, accept_until

PAGE = "nominations_consent.page"
REQUEST, REMINDER = "nominations/consent_request", "nominations/consent_reminder"


def voice_lines(voices: Sequence[Voice]) -> list[str]:
    """ "Nora Example, a colleague" or "A colleague": one line each, in the language now in force."""
    lines = []
    for voice in voices:
        relation = str(voice.relation)
        lines.append(
            _("%(name)s, %(relation)s", name=voice.name, relation=relation)
            if voice.name
            else relation[:1].upper() + relation[1:]
        )
    return lines


def _day(moment: datetime | None, file: NomineeFile) -> str:
    return clock.when(moment, ZoneInfo(file.cycle.program.time_zone))


def request_context(file: NomineeFile, voices: Sequence[Voice], url: Any) -> dict[str, Any]:
    """What the letter says; `url` is a link's reference, or an address that opens nothing for the preview."""
    program = file.cycle.program
    with force_locale(file.locale):
        return {
            "program_name": pick(program.name, file.locale),
            "name": file.name,
            "contact": program.contact,
            "voices": voice_lines(voices),
            "answer_by": _day(accept_until(file.cycle.windows), file),
            "url": url,
        }


def _to_nominee(file: NomineeFile, template: str, key: str, context: dict[str, Any]) -> Letter:
    return Letter(
        template=template,
        to=file.email,
        key=key,
        locale=file.locale,
        program_id=file.program_id,
        about=audit.name_of(file),
        context=context,
    )


def _page(file: NomineeFile, link: links.Link) -> dict[str, Any]:
    return links.reference(PAGE, link, lang=file.locale)


def consent_request(file: NomineeFile, voices: Sequence[Voice], link: links.Link) -> Letter:
    """You were nominated: please say yes or no."""
    context = request_context(file, voices, _page(file, link))
    return _to_nominee(file, REQUEST, f"consent-request:{link.public_id}", context)


def consent_reminder(file: NomineeFile, voices: Sequence[Voice], link: links.Link) -> Letter:
    """The one reminder of this asking; its key holds no link, so that there can be no second one.

    Whoever is asked anew, at a corrected address, may be reminded there too.
    """
    context = request_context(file, voices, _page(file, link))
    asked = file.asked_at.isoformat() if file.asked_at else ""
    return _to_nominee(file, REMINDER, f"consent-reminder:{file.public_id}:{asked}", context)


def consent_accepted(file: NomineeFile, link: links.Link) -> Letter:
    """You said yes: what comes next, and the link under which the answer can be changed."""
    context = request_context(file, (), _page(file, link))
    return _to_nominee(file, "nominations/consent_accepted", f"consent-accepted:{link.public_id}", context)


def told_nominator(nomination: Nomination, file: NomineeFile, answer: str) -> Letter:
    """To one who wrote: the nominee said yes ("accepted") or no ("declined") and lets you know."""
    return Letter(
        template=f"nominations/consent_told_{answer}",
        to=nomination.nominator_email,
        key=f"consent-told:{file.public_id}:{answer}:{nomination.public_id}",
        locale=nomination.locale,
        program_id=file.program_id,
        about=audit.name_of(nomination),
        context={
            "program_name": pick(file.cycle.program.name, nomination.locale),
            "name": nomination.nominator_name,
            "educator": file.name,
        },
    )
