"""Languages: which one this reader gets, and the choice among texts kept by language."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale

LANGUAGES = {"en": "English", "es": "Español"}
COOKIE = "lang"
babel = Babel()


def choose() -> str:
    """The language of this request: `?lang=` wins, then the cookie, then what the browser asks for."""
    if not has_request_context():
        return "en"
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    return asked if asked in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES), "en") or "en"


def language() -> str:
    """ "en" or "es": the language now in force (a letter's own while it is rendered)."""
    locale = get_locale()
    return locale.language if locale else "en"


def pick(text: Any, lang: str | None = None) -> str:
    """One text out of {"en": ..., "es": ...}: the reader's language, else English. A plain string is itself."""
    if isinstance(text, Mapping):
        return str(text.get(lang or language()) or text.get("en") or next(iter(text.values()), ""))
    return "" if text is None else str(text)


def init_app(app: Flask) -> None:
    """Binds Babel; `?lang=` is remembered in a cookie (a preference, not personal data)."""
    babel.init_app(app, locale_selector=choose, default_translation_directories="translations")

    @app.after_request
    def _remember(response: Any) -> Any:
        asked = request.args.get("lang")
        if asked in LANGUAGES and request.cookies.get(COOKIE) != asked:
            response.set_cookie(COOKIE, asked, max_age=365 * 86400, samesite="Lax", httponly=True)
        return response
