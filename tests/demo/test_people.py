"""Whom one can be in the demo; every role's pages answer."""

import pytest
from sqlalchemy import delete

from portal.core import links
from portal.core.db import db, transaction
from portal.demo import actions, queries
from portal.demo.walk.browser import Browser, local
from portal.programs.models import Program
from tests.cast import Browser as CastBrowser

ROLES = ("organizer", "chair", "reviewer", "member", "auditor")
MOST = 45  # pages that one role's crawl opens


def doors(demo):
    with demo.app_context():
        found = queries.cast()
        db.session.remove()
        return found


@pytest.mark.parametrize("role", ROLES)
def test_everybody_of_a_role_can_be_played_and_their_pages_answer(demo, role):
    browser = Browser(demo)
    player = doors(demo).roles[role][0]
    page = browser.send(browser.open("/demo").form(f"/demo/sign-in/{player.person.public_id}"))
    assert page.path == "/desk"
    assert player.person.name in page.words
    crawl(browser, page)


def crawl(browser, page):
    """Opens what is linked from here on, one address of each kind first, until enough was seen."""
    seen, waiting, kinds = set(), list(page.links), set()
    while waiting and len(seen) < MOST:
        url = local(waiting.pop(0)).partition("#")[0]
        kind = "".join("*" if len(part) > 20 else part + "/" for part in url.partition("?")[0].split("/"))
        if not url.startswith("/") or url in seen or kind in kinds or "lang=" in url or "//" in url:
            continue
        seen.add(url)
        kinds.add(kind)
        opened = browser.open(url, expect=0)
        # A letter stays in the mailbox when its link has been used, and the link then says so.
        used = url.startswith("/nominations/confirm/") and opened.status == 410
        assert opened.status == 200 or used, f"{url} answered {opened.status}: {opened.words[:300]}"
        waiting += opened.links
    assert len(seen) >= 5


def test_another_program_that_somebody_founds_leaves_the_people_of_the_demo(demo):
    before = {role: [each.person.name for each in players] for role, players in doors(demo).roles.items()}
    with demo.app_context(), transaction() as s:
        texts = {"tagline": {}, "texts": {}, "settings": {}, "colors": {}}
        s.add(Program(slug="another", name="Another", contact="a@example.org", time_zone="America/New_York", **texts))
    try:
        assert {role: [each.person.name for each in players] for role, players in doors(demo).roles.items()} == before
    finally:
        with demo.app_context(), transaction() as s:
            s.execute(delete(Program).where(Program.slug == "another"))


def test_the_nominee_and_the_nominator_come_in_without_an_account(demo):
    found = doors(demo)
    assert found.doors["nominee"][0] == "Tariq Haddad"
    assert found.doors["nominator"][0] == "Nora Bell"
    page = Browser(demo).open(found.doors["nominee"][1])
    assert "Tariq Haddad" in page.words
    browser = Browser(demo)
    own = browser.send(browser.open(found.doors["nominator"][1]).form(""))
    assert "Tariq Haddad" in own.words


def test_the_page_asks_few_questions(demo, counted):
    answer = demo.test_client().get("/demo")
    assert answer.status_code == 200
    assert len(counted) <= 6


def test_a_printed_link_signs_in_once(demo):
    with demo.app_context():
        person = queries.cast().roles["organizer"][0].person
        with transaction():
            link = actions.lasting_link(person)
        path = f"/sign-in/{links.token(link)}"
        db.session.remove()
    browser = Browser(demo)
    page = browser.press(path, "/sign-in/")
    assert page.path == "/desk"
    assert Browser(demo).open(path, expect=0).status == 410


def test_outside_a_demo_there_is_no_such_page(app, cast):
    person = cast.person("sam")
    with app.app_context():
        from portal.accounts.models import Person

        public_id = db.session.get(Person, person).public_id
    browser = CastBrowser(app.test_client())
    assert browser.get("/demo").status_code == 404
    assert browser.post(f"/demo/sign-in/{public_id}").status_code == 404
    assert browser.get("/desk").status_code == 303  # still nobody


def test_somebody_without_a_role_cannot_be_played(demo):
    browser = CastBrowser(demo.test_client())
    assert browser.post("/demo/sign-in/AAAAAAAAAAAAAAAAAAAAAA").status_code == 404
