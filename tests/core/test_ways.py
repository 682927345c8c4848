"""Where "Try again" and the link to the other language lead: to a page that is there, with what was asked of it."""

import html
import re

import pytest

from portal.nominations.actions import nominate
from tests.cast import text_of
from tests.nominations.walking import Walker

HOME = "http://localhost"


def link(answer, words):
    """Where the page's link with these words leads."""
    found = re.search(rf'href="([^"]*)"[^>]*>{words}</a>', answer.get_data(as_text=True))
    assert found, f"no link “{words}”"
    return html.unescape(found.group(1))


def sent(browser, url, fields, whence):
    """A form as a browser sends it: with the page it stood on."""
    data = {"csrf_token": browser.token(), **fields}
    return browser.client.post(url, data=data, headers={"Referer": whence} if whence else {})


@pytest.fixture
def breaking(app, cast, monkeypatch):
    """A nomination that is written, and a server on which sending breaks."""
    walker = Walker(cast).begin().fill()
    monkeypatch.setitem(app.config, "PORTAL", app.config["PORTAL"].model_copy(update={"testing": False}))
    monkeypatch.setattr(nominate, "send", lambda *_given: 1 / 0)
    return walker


def test_try_again_after_a_sending_that_broke_leads_to_the_page_one_sent_from(breaking):
    walker = breaking
    answer = sent(walker.browser, f"{walker.url}/send", {}, f"{HOME}{walker.url}/check")
    assert answer.status_code == 500
    again = walker.browser.get(link(answer, "Try again"))
    assert again.status_code == 200
    assert "Marisol Rivera" in text_of(again)


@pytest.mark.parametrize("whence", [None, "https://evil.example/", "{url}/send", "http://localhost.evil.example/x"])
def test_whoever_came_from_no_page_of_ours_is_led_to_the_first_page(breaking, whence):
    walker = breaking
    answer = sent(walker.browser, f"{walker.url}/send", {}, whence and whence.format(url=HOME + walker.url))
    assert link(answer, "Try again") == "/"


def test_try_again_keeps_what_was_asked(app, cast, monkeypatch):
    sam = cast.browser("sam")
    monkeypatch.setitem(app.config, "PORTAL", app.config["PORTAL"].model_copy(update={"testing": False}))
    monkeypatch.setattr("portal.nominations.views.letters.queries.consent_counts", lambda *_given: 1 / 0)
    answer = sam.get(f"/cycles/{cast.cycle}/letters?list=due&page=2")
    assert answer.status_code == 500
    assert link(answer, "Try again") == f"/cycles/{cast.cycle}/letters?list=due&page=2"


def test_the_other_language_keeps_filters_and_pages(cast):
    sam = cast.browser("sam")
    page = sam.get(f"/cycles/{cast.cycle}/files?q=Mar%C3%ADa&step=ask&lang=en")
    there = link(page, "Español")
    assert there == f"/cycles/{cast.cycle}/files?q=Mar%C3%ADa&step=ask&lang=es"
    spanish = sam.get(there).get_data(as_text=True)
    assert '<html lang="es">' in spanish
    assert 'value="María"' in spanish


def test_the_other_language_of_an_answer_to_a_form_is_the_page_the_form_stood_on(cast):
    sam = cast.browser("sam")
    queue = f"/cycles/{cast.cycle}/addresses"
    page = sent(sam, f"{queue}/list", {"list": " "}, f"{HOME}{queue}?page=1")
    assert page.status_code == 422
    assert link(page, "Español") == f"{queue}?page=1&lang=es"
    assert sam.get(link(page, "Español")).status_code == 200
    unknown = sent(cast.browser("sam"), f"{queue}/list", {"list": " "}, None)
    assert link(unknown, "Español") == "/?lang=es"


def test_a_form_that_comes_back_at_its_own_address_stays_there(cast):
    browser = cast.browser()
    page = sent(browser, "/sign-in?next=/desk", {"email": "?"}, None)
    assert page.status_code == 422
    assert link(page, "Español") == "/sign-in?lang=es"


def test_no_link_leads_to_another_host(cast):
    page = cast.browser().client.get("/", environ_overrides={"PATH_INFO": "//evil.example/x"})
    assert page.status_code == 404
    assert link(page, "Español") == "/evil.example/x?lang=es"


def test_a_page_that_is_kept_for_all_holds_nothing_that_one_asked(app, cast):
    page = app.test_client().get("/awards/teach-on/?from=a-letter")
    assert link(page, "Español") == "/awards/teach-on/?lang=es"
