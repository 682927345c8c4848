"""The nomination form on hard ways: by the keyboard alone, and in Spanish on a phone whose slow link drops twice."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.nominations.models import Nomination
from tests.cast import Cast
from tests.journeys import steps
from tests.journeys.live import LAPTOP, Live
from tests.nominations.walking import count

SLOW = {"latency": 300, "downloadThroughput": 60_000, "uploadThroughput": 25_000}  # ms, bytes a second
STORY = steps.STORY.strip()
FIRST, LONGER = STORY[:90].strip(), STORY[:180].strip()


@pytest.fixture(scope="module", autouse=True)
def cast(live: Live) -> Cast:
    return Cast(live.app)


def tab_to(page: Any, wanted: str) -> None:
    """Presses Tab until the wanted element (or its group of radio buttons) has the focus, which must then be seen."""
    for _n in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("w => document.activeElement.matches(w)", wanted):
            return
    raise AssertionError(f"{page.url}: no Tab leads to {wanted}")


def tick(page: Any, name: str, value: str) -> None:
    """Goes to the group and down to the value with the arrows."""
    tab_to(page, f"input[name='{name}']")
    page.keyboard.press("Space")
    for _n in range(20):
        if page.evaluate("document.activeElement.value") == value:
            assert page.evaluate("document.activeElement.checked")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{page.url}: no arrow leads to {name}={value}")


def write(page: Any, name: str, text: str) -> None:
    tab_to(page, f"[name='{name}']")
    page.keyboard.insert_text(text)


def enter(page: Any, wanted: str) -> None:
    """Goes to the button and presses Enter on it."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_with_the_keyboard_alone(live: Live) -> None:
    page, on = live.page(viewport=LAPTOP), "main button[data-default]"
    page.goto("/awards/teach-on/")
    enter(page, "a[href$='/nominate']")
    tick(page, "age", "adult")
    enter(page, "main form button:not([tabindex='-1'])")
    write(page, "educator", steps.EDUCATOR)
    write(page, "school", "Cascade Elementary")
    tick(page, "position", "teacher")
    enter(page, on)
    tick(page, "relation", "family_current")
    write(page, "known_for", "2 years")
    tick(page, "tie", "no")
    enter(page, on)
    write(page, "story", STORY)
    enter(page, on)
    write(page, "name", "Nora Example")
    write(page, "email", "nora@example.org")
    tick(page, "sharing", "relation")
    enter(page, on)
    enter(page, "main form[action$='/send'] button:not([tabindex='-1'])")
    assert steps.EDUCATOR in page.locator("h1").inner_text()
    assert count(live.app, Nomination, Nomination.story == STORY, Nomination.state == "submitted") == 1
    assert page.problems == []


class Link:
    """The phone's link: slow, and now and then gone."""

    def __init__(self, page: Any) -> None:
        self.context = page.context
        session = self.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})

    def set(self, *, gone: bool) -> None:
        # Of the whole context: what a page sends while it gives way to the browser's own page is the page's no longer.
        if gone:
            self.context.route("**/*", lambda route: route.abort("internetdisconnected"))
        else:
            self.context.unroute("**/*")

    def swallow(self, page: Any) -> None:
        """Presses the page's button while the link is gone, until the browser's own page stands there."""
        page.locator("main button[data-default]").first.click()
        page.wait_for_url("chrome-error://**", wait_until="commit")


def arrives(live: Live, page: Any, story: str) -> None:
    """Waits until the server has these words of the draft."""
    for _n in range(200):
        with live.app.app_context():
            drafts = db.session.scalars(select(Nomination.answers).where(Nomination.state == "draft")).all()
        if any(answers.get("story") == story for answers in drafts):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never saved: {story}; the page says {page.locator('#saved').inner_text()}")


def test_in_spanish_on_a_slow_link_that_drops_twice(live: Live) -> None:
    """The first drop comes while she writes and passes; in the second she presses the button and the page is gone."""
    page = live.page(locale="es-MX")
    link = Link(page)
    page.goto("/awards/teach-on/nominate")
    assert page.locator("html").get_attribute("lang") == "es"
    steps.choose(page, "age", "adult")
    steps.go_on(page)
    page.locator("input[name=educator]").fill("Marisol Peña")
    page.locator("input[name=school]").fill("Cascade Elementary")
    steps.choose(page, "position", "teacher")
    steps.go_on(page)
    steps.choose(page, "relation", "family_current")
    page.locator("input[name=known_for]").fill("2 años")
    steps.choose(page, "tie", "no")
    steps.go_on(page)
    story, saved = page.locator("textarea[name=story]"), page.locator("#saved")
    story.press_sequentially(FIRST[:20])
    story.fill(FIRST)
    arrives(live, page, FIRST)
    link.set(gone=True)
    story.fill(LONGER)
    saved.locator(".fail").wait_for()
    assert "Sus palabras se conservan en este dispositivo" in saved.inner_text()
    link.set(gone=False)
    arrives(live, page, LONGER)
    page.locator("#saved #saved-at").wait_for()
    link.set(gone=True)
    story.fill(STORY)
    saved.locator(".fail").wait_for()
    here = page.url
    link.swallow(page)
    link.set(gone=False)
    page.goto(here)
    story.wait_for()
    assert story.input_value() == STORY
    arrives(live, page, STORY)
    steps.go_on(page)
    page.locator("input[name=name]").fill("Nora Ejemplo")
    page.locator("input[name=email]").fill("nora.es@example.org")
    steps.choose(page, "sharing", "relation")
    steps.go_on(page)
    page.locator("main form[action$='/send'] button:not([tabindex='-1'])").first.click()
    page.wait_for_load_state("load")
    assert "Gracias" in page.locator("h1").inner_text()
    sent = Nomination.state == "submitted"
    assert count(live.app, Nomination, Nomination.story == STORY, Nomination.known_for == "2 años", sent) == 1


def test_words_pressed_into_a_dead_connection_outlive_going_back(live: Live) -> None:
    page = live.page()
    link = Link(page)
    page.goto("/awards/teach-on/nominate")
    steps.choose(page, "age", "adult")
    steps.go_on(page)
    name, here = page.locator("input[name=educator]"), page.url
    name.fill("Marisol")
    page.locator("#saved #saved-at").wait_for()
    link.set(gone=True)
    name.fill("Marisol Rivera")
    page.locator("#saved .fail").wait_for()
    link.swallow(page)
    link.set(gone=False)
    page.go_back()  # from the dead page to the one before the form
    page.reload()  # as a browser does that keeps no pages to go back to
    assert page.url != here
    assert "Marisol Rivera" in page.evaluate("JSON.stringify(localStorage)"), "still on the device: nothing has arrived"
    page.goto(here)
    name.wait_for()
    assert name.input_value() == "Marisol Rivera"
