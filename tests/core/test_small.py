"""The small tools: settings, forms' reading of what people type, names, dates, links."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask_babel import force_locale

from portal.core import clock, links, names, settings
from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import Gone
from portal.core.forms import is_address, read_address, tidy_text, words
from portal.core.i18n import breaking, ngettext, pick


def test_every_problem_of_the_settings_is_named_at_once(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_PORT", "eighty")
    monkeypatch.setenv("PORTAL_SIGN_IN_MINUTES", "soon")
    with pytest.raises(settings.SettingsError) as wrong:
        settings.load(data=tmp_path)
    assert len(wrong.value.problems) == 2
    monkeypatch.delenv("PORTAL_PORT")
    monkeypatch.setenv("PORTAL_SIGN_IN_MINUTES", "0")
    monkeypatch.setenv("PORTAL_DATABASE_URL", "mysql://x")
    with pytest.raises(settings.SettingsError) as wrong:
        settings.load(data=tmp_path)
    assert {p.split()[0] for p in wrong.value.problems} == {
        "PORTAL_SECRET_KEY",
        "PORTAL_DATABASE_URL",
        "PORTAL_SIGN_IN_MINUTES",
        "PORTAL_SMTP_HOST",
    }


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / "settings.env").write_text(
        "PORTAL_SECRET_KEY=" + "f" * 40 + "\nPORTAL_PORT=9000\nPORTAL_SMTP_HOST=mail\n"
    )
    assert settings.load(data=tmp_path).port == 9000
    monkeypatch.setenv("PORTAL_PORT", "9001")
    assert settings.load(data=tmp_path).port == 9001


@pytest.mark.parametrize(
    ("typed", "read", "good"),
    [
        ("Nora@Example.org ", "nora@example.org", True),
        ("nora at example.org", "nora@example.org", True),
        ("nora [at] example [dot] org", "nora@example.org", True),
        ("<nora@example.org>", "nora@example.org", True),
        ("nora", "nora", False),
        ("nora@", "nora@", False),
        ("", "", False),
        ("a@b@c.org", "a@b@c.org", False),
    ],
)
def test_addresses_are_read_as_people_write_them(typed, read, good):
    assert (read_address(typed), is_address(read_address(typed))) == (read, good)


def test_text_keeps_lines_and_loses_control_characters():
    assert tidy_text(" a\r\nb\rc\x00\x07 ") == "a\nb\nc"
    assert words("  two   words \n") == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dr. Siobhán Quiñones", "siobhan  QUINONES", True),
        ("Ms. Anne-Marie O’Connell", "Anne Marie O'Connell", True),
        ("Mr Łukasz Øre", "lukasz ore", True),
        ("Jo Baker", "Joe Baker", False),
        ("Dr. Dr. Ada", "ada", True),
    ],
)
def test_names_are_folded(one, other, same):
    assert (names.person_key(one) == names.person_key(other)) is same


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("en", "Sunday, November 29, 2026, at 11:59 p.m. Eastern time"),
        ("es", "domingo, 29 de noviembre de 2026, a las 23:59, hora del este"),
    ],
)
def test_a_moment_is_spoken_with_weekday_time_and_zone(app, language, spoken):
    moment = datetime(2026, 11, 30, 4, 59, tzinfo=UTC)
    with app.test_request_context(), force_locale(language):
        assert clock.when(moment) == spoken


def test_texts_fall_back_to_english():
    assert [
        pick({"en": "a", "es": "b"}, "es"),
        pick({"en": "a"}, "es"),
        pick({"es": "b"}, "en"),
        pick("x"),
        pick(None),
    ] == ["b", "a", "b", "x", ""]


def test_links_live_until_used_revoked_or_expired_and_all_deaths_are_alike(app):
    with app.app_context():
        with transaction():
            made = {
                n: links.issue("p", i, lasts=timedelta(hours=1))
                for i, n in enumerate(("used", "revoked", "expired", "well"))
            }
        tokens = {n: links.token(link) for n, link in made.items()}
        assert all(links.find("p", t) for t in tokens.values())
        assert links.find("other", tokens["well"]) is None
        with transaction():
            links.use(made["used"])
            assert links.revoke("p", 1) == 1
        with pytest.raises(Gone), transaction():
            links.use(made["used"])
        assert links.find("p", tokens["used"], used=True)
        with time_machine.travel(now() + timedelta(hours=2), tick=False):
            reasons = set()
            for token in [*tokens.values(), "x.y", tokens["well"][:-1] + "!"]:
                with pytest.raises(Gone) as gone:
                    links.open_link("p", token)
                reasons.add(str(gone.value))
        assert len(reasons) == 1


@pytest.mark.parametrize(
    ("number", "lang", "said"),
    [
        (1, "en", "One file"),
        (999, "en", "999 files"),
        (3032, "en", "3,032 files"),
        (20000, "es", "20,000 expedientes"),  # as in the United States
        (1, "es", "Un expediente"),
    ],
)
def test_a_number_in_a_sentence_is_written_as_people_write_it(make_app, number, lang, said):
    app = make_app()
    with app.test_request_context(f"/?lang={lang}"):
        assert ngettext("One file", "%(num)s files", number) == said
        page = app.jinja_env.from_string('{{ ngettext("One file", "%(num)s files", number) }}')
        assert page.render(number=number) == said


def test_an_address_breaks_where_people_would_break_it_and_stays_text():
    assert breaking("a.b@c.org") == "a<wbr>.b@<wbr>c<wbr>.org"
    assert breaking("<b>@x") == "&lt;b&gt;@<wbr>x"
