"""When a part of a page is replaced in a real browser: the focus stays, what changed is said, typed words are kept."""

import pytest
from sqlalchemy import select

from portal.core.db import transaction
from portal.nominations.actions import bulk as actions
from portal.nominations.models import BulkAct
from portal.nominations.views.organizer import bulk as views
from tests.cast import Cast
from tests.convenings.world import add_convening, add_day, confirmed, put
from tests.journeys.live import LAPTOP
from tests.nominations.consenting import add_file
from tests.nominations.many import do, preview


@pytest.fixture(scope="module")
def cast(live):
    found = Cast(live.app)
    for at in range(12):
        add_file(found, f"Person {at:02}", email="" if at > 9 else f"person{at}@example.org")
    return found


@pytest.fixture
def page(live, cast):
    found = live.page(cast, "sam", viewport=LAPTOP)
    yield found
    found.context.close()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def holds_focus(page, id_or_words):
    """Waits until the element of this id, or that begins with these words, has the focus: a moment after a swap."""
    at = "document.activeElement.id || document.activeElement.textContent.trim()"
    page.wait_for_function(f"wanted => ({at}).startsWith(wanted)", arg=id_or_words)


def said(page, words):
    """Waits until the one place that is always there says it."""
    page.locator("#said", has_text=words).wait_for()


def test_a_key_does_not_leave_what_was_typed(page, cast):
    page.goto(f"/cycles/{cast.cycle}/files?order=name")
    page.locator("a.name", has_text="Person 03").click()
    page.locator("#write summary").click()
    page.locator("#write textarea").fill("Called the school: she is back on Monday.")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.locator("#notices", has_text="not saved yet").wait_for()
    assert page.locator("h1").inner_text() == "Person 03"
    page.locator("#write textarea").fill("")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.locator("h1", has_text="Person 04").wait_for()


def test_an_address_that_is_kept_takes_the_focus(page, cast):
    page.goto(f"/cycles/{cast.cycle}/addresses")
    field = page.locator("#queue input[name=email]").first
    field.fill("nobody")
    page.get_by_role("button", name="Keep").first.click()
    page.locator("#queue [aria-invalid=true]").wait_for()
    holds_focus(page, page.locator("#queue input[name=email]").first.get_attribute("id"))
    page.locator("#queue input[name=email]").first.fill("nobody@example.org")
    page.get_by_role("button", name="Keep").first.click()
    page.locator("#queue", has_text="Kept:").wait_for()
    holds_focus(page, "Kept:")
    page.keyboard.press("Tab")
    holds_focus(page, page.locator("#queue input[name=email]").first.get_attribute("id"))


def test_the_button_that_chose_a_story_keeps_the_focus(page, cast):
    file = add_file(cast, "Two Voices", nominations=({}, {"nominator_email": "other@example.org"}))
    page.goto(f"/files/{file}")
    page.get_by_role("button", name="Show this one to the panel").first.focus()
    at = focused(page)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Take the choice back").wait_for()
    holds_focus(page, at)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Take the choice back").wait_for(state="detached")
    holds_focus(page, at)


def test_what_was_found_is_said_from_a_place_that_stays(page, cast):
    page.goto(f"/cycles/{cast.cycle}/files")
    page.evaluate("window.place = document.getElementById('said')")
    page.locator("input[name=q]").fill("person 07")
    said(page, "One file")
    assert page.evaluate("window.place.isConnected")


def test_a_part_that_looks_again_by_the_clock_keeps_focus_and_notices(page, live, cast, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 1)
    monkeypatch.setattr(actions, "PORTION", 1)
    url = preview(cast, "eligible", *(add_file(cast, f"Many {n}", email=f"many{n}@example.org") for n in range(4)))
    do(cast, url)
    page.goto(url)
    page.get_by_role("button", name="Go on now").focus()
    page.evaluate("document.getElementById('notices').textContent = 'Told before'")
    with live.app.app_context(), transaction() as s:
        actions.do_some(s.scalars(select(BulkAct.id)).one())
    said(page, "1 of 4 files are done.")
    holds_focus(page, "go-on")
    assert page.locator("#notices").inner_text() == "Told before"
    page.context.set_offline(True)
    page.locator("#notices", has_text="did not reach us").wait_for()
    page.evaluate("""window.changes = 0; new MutationObserver(() => { window.changes += 1; })
        .observe(document.getElementById('notices'), { childList: true });""")
    page.wait_for_timeout(4500)
    assert page.evaluate("window.changes") == 0
    page.context.set_offline(False)
    page.locator("#notices:empty").wait_for(state="attached")


def test_a_refused_place_takes_the_focus_in_the_new_grid(page, live, cast):
    convening = add_convening(cast)
    rooms, blocks = add_day(cast, convening)
    one, two = confirmed(live.app, cast, convening), confirmed(live.app, cast, convening, title="Another one")
    put(cast, convening, blocks[1], rooms[0], one)
    page.goto(f"/convenings/{convening}/agenda")
    place = page.locator(f"form:has(#slot-{blocks[1]}-{rooms[1]})")
    place.locator("select").select_option(two)
    place.get_by_role("button", name="Put it here").click()
    page.locator("#errsum").wait_for()
    assert focused(page) == "errsum"
