"""Letters as staff and the demo's visitors read them: the subject alone, the whole, with or without links."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask_babel import force_locale

from portal.core import outbox
from portal.core.outbox import Message, Rendered

HIDDEN_TOKEN = "private-link"


def subject_of(message: Message) -> str:
    """The letter's subject; nothing else is rendered."""
    with force_locale(message.locale):
        text = render_template(f"mail/{message.template}.subject.txt", **{**message.context, "locale": message.locale})
    return " ".join(text.split())


def without_links(value: Any) -> Any:
    """The context with each personal link turned into one that opens nothing: a letter's link is its reader's key."""
    if isinstance(value, Mapping):
        if "$link" in value:
            return outbox.address(value["endpoint"], token=HIDDEN_TOKEN)
        return {k: "••••••" if k == "code" else without_links(v) for k, v in value.items()}
    return [without_links(v) for v in value] if isinstance(value, list) else value


def as_staff_reads(message: Message) -> Rendered:
    """The whole letter, its personal links and codes hidden."""
    return outbox.render(message.template, message.locale, without_links(message.context))
