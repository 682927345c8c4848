"""The outbox page for staff, and the demo's mailbox: what is shown, what is hidden, what the buttons do."""

import re
from collections.abc import Callable
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.core import outbox
from portal.core.db import db, transaction
from portal.core.outbox import MESSAGE, Letter, Message
from portal.desk.rules import MAIL_VERBS
from tests.cast import Cast, letters, links_in, run_jobs, text_of
from tests.nominations.consenting import add_file, ask, write_to_all
from tests.statements import statements


def _message(cast: Cast, template: str = "nominations/consent_request") -> str:
    with cast.app.app_context():
        return db.session.scalars(select(Message.public_id).where(Message.template == template)).one()


@pytest.mark.parametrize(("who", "status"), [("sam", 200), ("ada", 403), ("chen", 403), ("priya", 403), ("vera", 404)])
def test_only_organizers_read_the_mail(cast: Cast, who: str, status: int) -> None:
    ask(cast, add_file(cast))
    message = _message(cast)
    browser = cast.browser(who)
    for url in ("/mail", f"/mail/{message}", f"/mail/{message}/body"):
        assert browser.get(url).status_code == status, url
    assert browser.post(f"/mail/{message}/cancel").status_code == (303 if status == 200 else status)


def test_staff_read_a_letter_without_its_key(cast: Cast) -> None:
    link = ask(cast, add_file(cast))
    message = _message(cast)
    sam = cast.browser("sam")
    assert "somebody nominated you" in text_of(sam.get("/mail"))
    body = sam.get(f"/mail/{message}/body")
    token = re.search(r"/nominee/([^?\"]+)", link).group(1)  # type: ignore[union-attr]
    html = body.get_data(as_text=True)
    assert "Tariq Bello" in html
    assert token not in html
    assert token.split(".")[0] not in html
    assert "default-src 'none'" in body.headers["Content-Security-Policy"]


def test_letters_that_sign_in_and_letters_that_wait_for_the_announcement_are_not_shown(cast: Cast) -> None:
    cast.person("priya")
    cast.browser().post("/sign-in", {"email": "priya@example.org"})
    with cast.app.app_context(), transaction() as s:
        for i, (template, state) in enumerate([("selection/winner", "held"), ("accounts/sign_in", "sent")]):
            outbox.put(Letter(template, f"t{i}@example.org", f"k{i}", program_id=cast.program_id), hold=state == "held")
        s.execute(update(Message).values(program_id=cast.program_id))
    page = text_of(cast.browser("sam").get("/mail"))
    assert "priya@example.org" not in page
    assert "t0@example.org" not in page
    assert "t1@example.org" not in page


@pytest.mark.parametrize(("state", "verb"), list(product(MESSAGE.states, MAIL_VERBS)))
def test_each_button_from_each_state(cast: Cast, state: str, verb: str) -> None:
    ask(cast, add_file(cast))
    message = _message(cast)
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Message).values(state=state, problem="refused" if state == "failed" else ""))
    sam = cast.browser("sam")
    offered = f"/mail/{message}/{verb}" in sam.get(f"/mail/{message}").get_data(as_text=True)
    answer = sam.post(f"/mail/{message}/{verb}")
    origins, target = MESSAGE[verb]
    assert offered == (state in origins)
    assert answer.status_code == (303 if state in origins else 409)
    assert [letter.state for letter in letters(cast.app)] == [target if state in origins else state]


def test_a_failed_letter_says_why_and_goes_out_again(cast: Cast) -> None:
    ask(cast, add_file(cast))
    message = _message(cast)
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Message).values(state="failed", kind="unknown", problem="550 5.1.1 no such user"))
    sam = cast.browser("sam")
    assert "knows nobody by this address" in text_of(sam.get("/mail?state=failed"))
    assert "550 5.1.1 no such user" in text_of(sam.get(f"/mail/{message}"))
    sam.post(f"/mail/{message}/resend")
    run_jobs(cast.app)
    assert [letter.state for letter in letters(cast.app)] == ["sent"]


def test_the_list_finds_by_address_and_state(cast: Cast) -> None:
    for name in ("ana", "ben"):
        ask(cast, add_file(cast, name.title(), email=f"{name}@example.org"))
    sam = cast.browser("sam")
    found = text_of(sam.get("/mail?to=ANA"))
    assert "ana@example.org" in found
    assert "ben@example.org" not in found
    assert "No letter here" in text_of(sam.get("/mail?state=held"))
    assert "No letter here" in text_of(sam.get("/mail?to=%25"))


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_database_six_times_at_most(cast: Cast, rows: int) -> None:
    for i in range(rows):
        add_file(cast, f"Person {i}", email=f"p{i}@example.org")
    sam = cast.browser("sam")
    write_to_all(cast)
    for url in ("/mail", "/history"):
        with statements(cast.app) as seen:
            assert sam.get(url).status_code == 200
        assert len(seen) <= 6, "\n".join(seen)


@pytest.fixture(scope="module")
def demo_app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(demo=True)


def test_outside_a_demo_there_is_no_mailbox(cast: Cast) -> None:
    ask(cast, add_file(cast))
    message = _message(cast)
    for url in ("/mailbox", f"/mailbox/{message}", f"/mailbox/{message}/body"):
        assert cast.browser().get(url).status_code == 404
        assert cast.browser("sam").get(url).status_code == 404


def test_the_demo_s_mailbox_shows_every_letter_with_working_links(demo_app: Flask) -> None:
    cast = Cast(demo_app)
    link = ask(cast, add_file(cast))
    message = _message(cast)
    visitor = cast.browser()
    assert "tariq@example.org" in text_of(visitor.get("/mailbox"))
    page = visitor.get(f"/mailbox/{message}").get_data(as_text=True)
    assert "allow-top-navigation-by-user-activation" in page
    body = visitor.get(f"/mailbox/{message}/body")
    assert body.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    )
    html = body.get_data(as_text=True)
    assert '<base target="_top">' in html
    assert link in [found.replace("&amp;", "&") for found in links_in(html)]
    assert visitor.get(link).status_code == 200
    assert visitor.get("/mailbox/nothing").status_code == 404
