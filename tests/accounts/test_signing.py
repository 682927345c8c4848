"""Signing in by mailed link and by code: once, in time, and telling strangers nothing."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.accounts.models import SignedIn
from portal.core.clock import now
from portal.core.db import db
from tests.cast import letters, links_in, text_of


def ask(cast, browser, email="sam@example.org"):
    cast.person("sam")
    return browser.post("/sign-in", {"email": email}, follow=True)


def mailed_link(app):
    return next(p for p in links_in(letters(app, "accounts/sign_in")[-1].text) if p.startswith("/sign-in/"))


def is_signed_in(browser):
    return browser.get("/account").status_code == 200


def test_the_link_signs_in_once_and_goes_on_to_the_page_asked_for(app, cast):
    cast.person("sam")
    browser = cast.browser()
    sent_away = browser.get("/account")
    assert sent_away.status_code == 303
    assert sent_away.location == "/sign-in?next=/account"
    browser.post("/sign-in", {"email": "Sam@Example.org ", "next": "/account"})
    link = mailed_link(app)
    done = browser.post(link)
    assert (done.status_code, done.location) == (303, "/account")
    assert is_signed_in(browser)
    again = cast.browser().post(link)
    assert again.status_code == 410


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_link_changes_nothing(app, cast, method):
    browser = cast.browser()
    ask(cast, browser)
    link = mailed_link(app)
    for _ in range(3):
        assert getattr(browser.client, method)(link).status_code == 200
    assert not is_signed_in(browser)
    browser.post(link)
    assert is_signed_in(browser)


def test_used_expired_and_invented_links_answer_alike(app, cast):
    browser = cast.browser()
    ask(cast, browser)
    used = mailed_link(app)
    browser.post(used)
    other = cast.browser()
    ask(cast, other)
    expired = mailed_link(app)
    invented = used[:-3] + ("abc" if not used.endswith("abc") else "xyz")
    stranger = cast.browser()
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        pages = [stranger.get(link) for link in (used, expired, invented, "/sign-in/nonsense")]
    assert {p.status_code for p in pages} == {410}
    assert len({text_of(p) for p in pages}) == 1


def test_an_unknown_address_gets_the_same_page_and_no_letter(app, cast):
    known, unknown = cast.browser(), cast.browser()
    one = text_of(ask(cast, known))
    other = text_of(ask(cast, unknown, "vera@example.org"))
    assert one.replace("sam@", "X@") == other.replace("vera@", "X@")
    assert [m.to for m in letters(app, "accounts/sign_in")] == ["sam@example.org"]


def test_the_code_signs_another_device_in(app, cast):
    browser = cast.browser()
    ask(cast, browser)
    code = letters(app, "accounts/sign_in")[0].subject[-6:]
    wrong = browser.post("/sign-in/code", {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    right = browser.post("/sign-in/code", {"code": f"{code[:3]} {code[3:]}"})
    assert right.status_code == 303
    assert is_signed_in(browser)
    assert cast.browser().get(mailed_link(app)).status_code == 410


def test_the_code_can_be_guessed_five_times_only(app, cast):
    browser = cast.browser()
    ask(cast, browser)
    code = letters(app, "accounts/sign_in")[0].subject[-6:]
    for guess in range(5):
        browser.post("/sign-in/code", {"code": f"{(int(code) + 1 + guess) % 1_000_000:06d}"})
    assert browser.post("/sign-in/code", {"code": code}).status_code == 422
    assert not is_signed_in(browser)


def test_next_never_leads_to_another_site(app, cast):
    browser = cast.browser()
    cast.person("sam")
    browser.post("/sign-in", {"email": "sam@example.org", "next": "//evil.example/x"})
    assert browser.post(mailed_link(app)).location == "/desk"


def test_signing_out_and_revoking_end_the_sign_in(app, cast):
    phone, laptop = cast.browser("sam"), cast.browser("sam")
    with app.app_context():
        newest = db.session.scalars(select(SignedIn.public_id).order_by(SignedIn.id.desc())).first()
    phone.post(f"/account/browsers/{newest}/end")
    assert not is_signed_in(laptop)
    phone.post("/sign-out")
    assert not is_signed_in(phone)


def test_somebody_elses_browser_is_not_there(app, cast):
    cast.browser("chen")
    with app.app_context():
        theirs = db.session.scalar(select(SignedIn.public_id))
    assert cast.browser("sam").post(f"/account/browsers/{theirs}/end").status_code == 404


def test_what_was_posted_without_a_sign_in_is_kept_and_offered_again(app, cast):
    cast.person("sam")
    browser = cast.browser()
    url = f"/awards/{cast.slug}/people"
    away = browser.post(url, {"name": "Priya Example", "email": "priya@example.org", "role": "reviewer"})
    assert away.status_code == 303
    kept = away.location.split("next=")[1]
    browser.post("/sign-in", {"email": "sam@example.org", "next": kept})
    back = browser.post(mailed_link(app))
    assert back.location == kept
    page = browser.get(back.location).get_data(as_text=True)
    assert 'value="priya@example.org"' in page
    assert f'action="{url}"' in page
    assert cast.browser("sam").get(back.location).status_code == 404


def test_an_old_token_never_loses_what_was_typed(app, cast):
    browser = cast.browser("sam")
    page = browser.client.post(f"/awards/{cast.slug}/people", data={"name": "Long name", "csrf_token": "old"})
    assert page.status_code == 422
    assert 'value="Long name"' in page.get_data(as_text=True)


def test_an_old_token_under_htmx_brings_a_fresh_one(app, cast):
    browser, url = cast.browser("sam"), f"/awards/{cast.slug}/people"
    told = browser.client.post(url, data={"name": "Long name", "csrf_token": "old"}, headers={"HX-Request": "true"})
    assert told.status_code == 409
    assert "Nothing you typed is lost" in told.get_data(as_text=True)
    headers = {"HX-Request": "true", "X-CSRFToken": told.headers["X-CSRFToken"]}
    assert browser.client.post(url, data={"name": "Long name"}, headers=headers).status_code == 422  # read, and lacking
    assert "X-CSRFToken" not in browser.get(url).headers
