"""What people write for a district, a position or a relation, recognized: "GCPS", "Band director". Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.core.names import fold


def by_alias(written: str | None, aliases: Mapping[str, Iterable[str]]) -> str | None:
    """The key one of whose aliases is exactly what is written, ignoring case, accents, spaces and punctuation."""
    wanted = fold(written)
    if not wanted:
        return None
    return next((key for key, names in aliases.items() if any(fold(name) == wanted for name in names)), None)


def by_words(written: str | None, words: Mapping[str, Iterable[str]]) -> str | None:
    """The key whose longest word or phrase occurs in what is written, as whole words; None when nothing does.

    The longest match wins, so that "Assistant Principal" is no principal and "Mother-in-law" no student's mother;
    of two as long as each other, the one that was listed first.
    """
    text = f" {fold(written)} "
    best: tuple[int, str] | None = None
    for key, phrases in words.items():
        for phrase in phrases:
            folded = fold(phrase)
            if folded and f" {folded} " in text and (best is None or len(folded) > best[0]):
                best = (len(folded), key)
    return best[1] if best else None


def choices_by_words(written: str | None, choices: Iterable[Mapping[str, Any]]) -> str | None:
    """`by_words` over choices as a program keeps them: [{"key", "name": {language: text}, "words": [...]}, ...]."""
    known = {str(each["key"]): [*each["name"].values(), *each.get("words", ())] for each in choices}
    return by_alias(written, known) or by_words(written, known)
