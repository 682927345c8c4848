"""Letters as staff read them: the whole, with links that open nothing."""

from collections.abc import Mapping
from typing import Any

from portal.core import outbox
from portal.core.outbox import Message, Rendered

HIDDEN_TOKEN = "private-link"


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
