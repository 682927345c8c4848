"""A letter in a program's own words with an invented case: for its preview, and to send to oneself."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from portal.core import audit, clock, outbox
from portal.core.i18n import pick
from portal.core.outbox import Letter
from portal.programs.letters import LETTERS, sample
from portal.programs.models import Program

Words = Mapping[str, Mapping[str, str]]


def example(program: Program, key: str, locale: str, words: Words, to: str = "") -> Letter:
    """The letter as somebody would get it; its links lead to the program's page."""
    letter = LETTERS[key]
    page = outbox.address("site.program", slug=program.slug)
    context: dict[str, Any] = {
        name: page if name in ("url", "link", "confirm", "stop", "profile_url", "directory_url") else value
        for name, value in sample(key).items()
    }
    worn = program.letter_dress(letter.template, locale, context)
    worn["words"] = {part: text[locale] for part, text in words.items() if locale in text}
    with force_locale(locale):
        day, moment = clock.long_day(clock.now()), clock.when(clock.now(), ZoneInfo(program.time_zone))
    context |= {name: moment for name in ("closes", "answer_by", "due", "until") if name in context}
    context |= {"day": day, "when": moment}
    context |= {"program_name": pick(program.name, locale), "contact": program.contact, "dress": worn}
    minute = int(clock.now().timestamp() // 60)
    said = json.dumps([to, minute, worn["words"]], sort_keys=True)  # pressed twice, the same words go out once
    return Letter(
        template=letter.template,
        to=to,
        key=f"test:{key}:{locale}:{program.id}:{hashlib.sha256(said.encode()).hexdigest()[:32]}",
        locale=locale,
        context={**context, "test": True} if to else context,
        program_id=program.id,
        about=audit.name_of(program),
    )
