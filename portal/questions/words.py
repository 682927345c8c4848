"""Texts in both languages, side by side."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from portal.core.i18n import LANGUAGES


def both(text: Any) -> dict[str, str]:
    """A text by language as it is stored; of the product's own wording, what it says in each language."""
    if isinstance(text, Mapping):
        return {language: str(text.get(language) or "") for language in LANGUAGES}
    found = {}
    for language in LANGUAGES:
        with force_locale(language):
            found[language] = str(text or "")
    return found
