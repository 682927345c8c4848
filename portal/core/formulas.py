"""What a spreadsheet could take for a formula, and how a cell's text is kept from it."""

from typing import Any

_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # how a cell that may be run begins


def is_active(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return text.lstrip(" \n").startswith(_ACTIVE) or text.startswith(_ACTIVE)


def inert(value: Any) -> str:
    """The value as a CSV cell's text; what a spreadsheet would run as a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if is_active(text.lstrip("'")) else text


def lively(text: str) -> str:
    """What `inert` was given: the apostrophe it put before the text is taken away again."""
    return text[1:] if text.startswith("'") and is_active(text.lstrip("'")) else text
