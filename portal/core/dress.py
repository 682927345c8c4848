"""What a program gives its letters: the name they come from, where answers go, its colors, its own words.

A letter takes it along when it is written, so that what was sent stays as it was sent. In a template the words stand as
`{% call said("opening") %}...{% endcall %}`: the program's own ones, or else what is between.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template
from flask_babel import force_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portal.core import identity
from portal.core.placeholders import fill, paragraphs

OTHER_NAMES = {"program": "program_name"}  # what a placeholder is called in a letter's context, where it differs


def of(program_id: int | None, template: str, locale: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """{"sender", "reply_to", "colors", "words"} for a letter of a program; {} for one of nobody."""
    program = identity.by_id(program_id)
    return program.letter_dress(template, locale, context) if program is not None else {}


def default_words(template: str, locale: str, context: Mapping[str, Any]) -> dict[str, str]:
    """Laurel's own words of a letter by part ("subject", "opening"), with the context's values in them."""
    found: dict[str, str] = {}
    values = {**context, "locale": locale, "dress": {"collect": found}}
    with force_locale(locale):
        render_template(f"mail/{template}.subject.txt", **values)
        render_template(f"mail/{template}.txt", **values)
    return {part: "\n\n".join(paragraphs(text)) for part, text in found.items()}


@pass_context
def said(context: Context, part: str, caller: Callable[[], str]) -> str:
    """A part of a letter in the program's own words, or in Laurel's (the caller's)."""
    dress = context.get("dress") or {}
    if "collect" in dress:
        dress["collect"][part] = str(caller())
    written = dress.get("words", {}).get(part)
    if not written:
        return caller() if context.eval_ctx.autoescape else str(caller()).strip()
    known = {name: str(value) for name, value in context.get_all().items() if isinstance(value, (str, int))}
    values = known | {name: known.get(other, "") for name, other in OTHER_NAMES.items()}
    if context.eval_ctx.autoescape:
        return Markup("\n".join(f"<p>{escape(fill(each, values))}</p>" for each in paragraphs(written)))
    return "\n\n".join(fill(each, values) for each in paragraphs(written))
