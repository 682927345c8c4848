"""Nothing is left in English on a Spanish page: the catalog is whole, and every public page was read and looked up.

The machine's catalog (.mo) is what the texts (.po) say; every message of the product is in it, with the same
placeholders; and a walk through all public pages, mailed links, refusals and letters in Spanish asks for nothing else.
After a change of words: `python -m tests.guards.catalog` (it says what to translate, and compiles).
"""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from tests.cast import letters
from tests.guards.catalog import CATALOG, extracted, first
from tests.guards.estate import Estate
from tests.journeys.roads import mailed, roads, walkers

# The same word in both languages.
ALIKE = {"Agenda", "Error:", "No", "Panel", "Spam"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
REFUSALS = ("/awards/nowhere/", "/no-such-page", "/nominee/no.token", "/desk", "/cycles/nothing/files")


def texts(path: Path = CATALOG) -> dict[str, tuple[str, ...]]:
    """msgid (of a plural: the singular) -> its translations."""
    with path.open("rb") as file:
        catalog = read_po(file) if path.suffix == ".po" else read_mo(file)
    return {
        first(message.id): tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string,)
        for message in catalog
        if message.id
    }


def placeholders(message: str) -> set[str]:
    return set(PLACEHOLDER.findall(message))


def astray(message: Any, translations: tuple[str, ...]) -> list[str]:
    """What is wrong with one message's placeholders: unknown ones, and (of a plain text) missing ones."""
    wanted = set().union(*(placeholders(m) for m in (message if isinstance(message, (tuple, list)) else [message])))
    found = []
    for text in translations:
        unknown, missing = placeholders(text) - wanted - {"num"}, wanted - placeholders(text)
        if unknown or (missing and len(translations) == 1):
            found.append(f"{first(message)!r}: {text!r}")
    return found


def spoken(app: Any, monkeypatch: Any) -> set[str]:
    """From now on gathers what is looked up in Spanish and not there."""
    found: set[str] = set()
    plain, plural = Translations.ugettext, Translations.ungettext

    def note(self: Any, message: str) -> None:
        known = message in self._catalog or (message, 0) in self._catalog  # a plural answers for its singular
        if in_spanish() and letters_in(message) and not known:
            found.add(message)

    def one(self: Any, message: str) -> str:
        note(self, message)
        return str(plain(self, message))

    def many(self: Any, singular: str, more: str, num: int) -> str:
        if (singular, 0) not in self._catalog and in_spanish():
            found.add(singular)
        return str(plural(self, singular, more, num))

    monkeypatch.setattr(Translations, "ugettext", one)
    monkeypatch.setattr(Translations, "ungettext", many)
    return found


def in_spanish() -> bool:
    from flask_babel import get_locale

    return str(get_locale()) == "es"


def letters_in(message: str) -> bool:
    """Whether there is something to translate: words beside the placeholders."""
    return bool(re.search(r"[^\W\d_]{2}", re.sub(r"%\(\w+\)\w|%%", "", message)))


def test_the_compiled_catalog_is_what_the_texts_say():
    assert texts(CATALOG.with_suffix(".mo")) == texts()


def test_every_message_has_its_spanish():
    have = texts()
    lacking = {m: where for m, (_id, where) in extracted().items() if letters_in(m) and not all(have.get(m, ("",)))}
    assert lacking == {}, "\n".join(f"{where}: {m}" for m, where in lacking.items())


def test_no_translation_is_the_english_again():
    same = {m for m, (t, *_more) in texts().items() if t == m and letters_in(m)}
    assert same - ALIKE == set()


def test_placeholders_are_the_same():
    with CATALOG.open("rb") as file:
        messages = [m for m in read_po(file) if m.id]
    translated = [(m.id, m.string if isinstance(m.string, tuple) else (m.string,)) for m in messages]
    assert [wrong for message, translations in translated for wrong in astray(message, translations)] == []


@pytest.mark.parametrize(
    ("message", "translations", "wrong"),
    [
        ("For %(name)s", ("Para %(name)s",), 0),
        ("For %(name)s", ("Para ti",), 1),
        ("For %(name)s", ("Para %(nombre)s",), 1),
        (("One file", "%(num)s files"), ("Un expediente", "%(num)s expedientes"), 0),
        (("One file", "%(num)s files"), ("Un expediente", "%(nun)s expedientes"), 1),
    ],
)
def test_the_guard_sees_a_lost_placeholder(message, translations, wrong):
    assert len(astray(message, translations)) == wrong


def test_public_pages_and_letters_ask_for_nothing_else(make_app, monkeypatch):
    estate = Estate(make_app(), "announced")
    asked = [*(r for r in roads(estate) if r.name is None), *mailed(estate)]
    mine = walkers(estate)
    visitor = estate.cast.browser()
    found, english = spoken(estate.app, monkeypatch), []
    visits = [(visitor, road.url) for road in asked] + [(w.browser, url) for w, urls in mine for url in urls]
    for browser, url in visits + [(visitor, url) for url in REFUSALS]:
        page = browser.get(f"{url.partition('?')[0]}?lang=es", follow_redirects=True)
        if page.mimetype == "text/html" and "<html" in page.text and '<html lang="es"' not in page.text:
            english.append(url)
    in_letters(estate)
    assert len(visits) > 30
    assert english == []
    assert found == set(), "\n".join(sorted(found))


def in_letters(estate: Estate) -> None:
    """Renders every letter there is in Spanish."""
    from portal.core import outbox
    from portal.core.db import db, transaction

    with estate.app.app_context(), transaction() as s:
        s.execute(outbox.Message.__table__.update().values(locale="es"))
    with estate.app.app_context():
        db.session.remove()
    assert letters(estate.app)


def test_the_walk_sees_a_missing_word(app, monkeypatch):
    """The negative control: a sentence that no catalog has, asked for on a Spanish and on an English page."""
    from flask_babel import gettext, ngettext

    found = spoken(app, monkeypatch)
    with app.test_request_context("/?lang=en"):
        gettext("A sentence in no catalog")
    assert found == set()
    with app.test_request_context("/?lang=es"):
        gettext("A sentence in no catalog")
        gettext("Sign in")
        ngettext("One thing in no catalog", "%(num)s things in no catalog", 2)
    assert found == {"A sentence in no catalog", "One thing in no catalog"}
