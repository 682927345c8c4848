"""Languages: which one this reader gets, and the choice among texts kept by language."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale, get_translations
from jinja2 import pass_eval_context
from markupsafe import Markup, escape

LANGUAGES = {"en": "English", "es": "Español"}
COOKIE = "lang"
MOST_KEPT = 5000  # texts a language; templates hold fewer, so more would be texts that are no template's own
babel = Babel()
_said: dict[str, dict[str, tuple[str, Markup]]] = {}


def choose() -> str:
    """The language of this request: `?lang=` wins, then the cookie, then what the browser asks for."""
    if not has_request_context():
        return "en"
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    return asked if asked in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES), "en") or "en"


def language() -> str:
    """ "en" or "es": the language now in force (a letter's own while it is rendered)."""
    return _language_now() or "en"


def _language_now() -> str:
    """The language, found by one look-up once this request has chosen (a page asks hundreds of times); "" without an
    application."""
    try:
        chosen = g._get_current_object().get("_flask_babel")
    except RuntimeError:
        return ""
    locale = getattr(chosen, "babel_locale", None) or get_locale()
    return locale.language if locale else ""


@pass_eval_context
def _say(context: Any, text: Any, /, **values: Any) -> str:
    """`_` in templates: the text in the reader's language, its values escaped where the template escapes.

    The same as Jinja's own, which looks everything up anew; translated once a process and language.
    """
    lang, text = _language_now(), str(text)
    kept = _said.setdefault(lang, {})
    found = kept.get(text)
    if found is None:
        said = str(get_translations().ugettext(text)) if lang else text
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = kept[text] = said, Markup(said)
    form = found[1] if context.autoescape else found[0]
    return form % values if values or "%" in form else form


def ngettext(one: str, many: str, number: int, /, **values: Any) -> str:
    """One of two texts by a number, which stands in it as people write it: "3,032 files"."""
    return str(get_translations().ungettext(one, many, number) % {"num": counted(number), **values})


@pass_eval_context
def _say_many(context: Any, one: str, many: str, number: int, /, **values: Any) -> str:
    """`ngettext` in templates: the same, its values escaped where the template escapes."""
    text = get_translations().ungettext(str(one), str(many), number)
    return (Markup(text) if context.autoescape else text) % {"num": counted(number), **values}


def counted(number: float) -> str:
    """ "3,032": in Spanish too, as it is written in the United States."""
    return f"{number:,}".removesuffix(".0")


def pick(text: Any, lang: str | None = None) -> str:
    """One text out of {"en": ..., "es": ...}: the reader's language, else English. A plain string is itself."""
    if isinstance(text, Mapping):
        return str(text.get(lang or language()) or text.get("en") or next(iter(text.values()), ""))
    return "" if text is None else str(text)


def percent(share: float) -> str:
    """A share of 0 to 1 as people write it: "50%"."""
    return f"{share:.0%}"


def breaking(address: Any) -> Markup:
    """A mail address that may break after its "@" and before its dots, and nowhere else while that is enough."""
    return Markup(str(escape(address)).replace("@", "@<wbr>").replace(".", "<wbr>."))


def init_app(app: Flask) -> None:
    """Binds Babel; `?lang=` is remembered in a cookie (a preference, not personal data)."""
    babel.init_app(app, locale_selector=choose, default_translation_directories="translations")
    app.jinja_env.globals.update(_=_say, ngettext=_say_many)

    @app.after_request
    def _remember(response: Any) -> Any:
        asked = request.args.get("lang")
        if asked in LANGUAGES and request.cookies.get(COOKIE) != asked:
            response.set_cookie(COOKIE, asked, max_age=365 * 86400, samesite="Lax", httponly=True)
        return response
