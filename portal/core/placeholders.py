"""Placeholders in braces in words that staff write: "Dear {name},". Only listed ones are filled in. Pure."""

import re
from collections.abc import Mapping

_BRACES = re.compile(r"\{(\w+)\}")


def names_in(text: str) -> list[str]:
    """The names in braces, in order, each once."""
    return list(dict.fromkeys(_BRACES.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; values are never read for placeholders again."""
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def paragraphs(text: str) -> list[str]:
    """The text's paragraphs: empty lines part them."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
