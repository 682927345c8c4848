"""Placeholders in braces in words that staff write: "Dear {name},". Only listed ones are filled in. Pure."""

import re
from collections.abc import Collection, Mapping

_BRACES = re.compile(r"\{(\w+)\}")
_MEANT = re.compile(r"\{[^\S\n]*\w*[^\S\n]*\}?|\}")  # also "{ name }" and "{name": a reader would see the braces


def unknown_in(text: str, known: Collection[str]) -> list[str]:
    """What is in braces, or half of that, and is none of the known names: as written, in order, each once."""
    return [each for each in dict.fromkeys(_MEANT.findall(text)) if each not in {f"{{{name}}}" for name in known}]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; values are never read for placeholders again."""
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def paragraphs(text: str) -> list[str]:
    """The text's paragraphs: empty lines part them."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
