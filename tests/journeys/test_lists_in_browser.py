"""Lists and choices in a real browser: a search is sent once, a choice acts when its button is pressed."""

import pytest

from portal.convenings.models import Placement
from tests.cast import Cast
from tests.convenings.world import add_convening, add_day, confirmed
from tests.journeys.live import LAPTOP
from tests.nominations.consenting import add_file
from tests.nominations.walking import count
from tests.questions.asking import add, asked


@pytest.fixture(scope="module")
def cast(live):
    found = Cast(live.app)
    for at in range(12):
        add_file(found, f"Person {at:02}", email=f"person{at}@example.org")
    return found


def test_leaving_the_search_sends_nothing_more(live, cast):
    page = live.page(cast, "sofia", viewport=LAPTOP)
    page.goto(f"/cycles/{cast.cycle}/files?order=name")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/files" in request.url else None)
    page.locator("input[name=q]").fill("person 07")
    page.locator("#files", has_text="One file").wait_for()
    page.locator("#files tbody input[type=checkbox]").first.check()
    page.wait_for_timeout(600)
    assert len(asked) == 1
    assert page.locator("#files tbody input:checked").count() == 1
    page.locator("select[name=consent]").select_option(index=1)  # a choice is still sent
    page.wait_for_url("**consent=*")
    page.context.close()


def test_a_choice_waits_for_its_button(live, cast):
    add_convening(cast)  # something that happened
    page = live.page(cast, "sofia", viewport=LAPTOP)
    page.goto(f"/history?program={cast.slug}")
    choice = page.locator("select[name=verb]")
    choice.focus()
    before = page.url
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(500)
    assert (page.url, choice.input_value() != "") == (before, True)
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**verb=*.*")
    page.context.close()


def test_a_session_is_placed_by_the_button(live, cast):
    convening = add_convening(cast)
    add_day(cast, convening)
    confirmed(live.app, cast, convening)
    page = live.page(cast, "sam", viewport=LAPTOP)
    page.goto(f"/convenings/{convening}/agenda")
    place = page.locator("form:has(input[name=room])").first
    place.locator("select[name=session]").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(500)
    assert count(live.app, Placement) == 0
    place.get_by_role("button", name="Put it here").click()
    page.locator("#grid", has_text="Every session has its place.").wait_for()
    assert count(live.app, Placement) == 1
    assert page.evaluate("document.activeElement.textContent").startswith("Change")  # the same button, in the new grid
    page.context.close()


def test_looking_up_a_school_does_not_keep_the_form_from_being_saved(live, cast):
    (key,) = add(cast, asked("school"))
    page = live.page()
    page.goto("/awards/teach-on/nominate")
    page.locator("input[name=age][value=adult]").check(force=True)
    page.locator("main form button").last.click()
    page.wait_for_url("**/educator")
    page.goto(page.url.replace("/educator", "/story"))
    broken = []
    page.on("requestfailed", lambda request: broken.append(request.url))
    page.route("**/school-names*", lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.locator(f"input[name='{key}']").press_sequentially("Mill")
    page.locator(f"datalist#{key}-names option").first.wait_for(state="attached")
    page.locator("#saved", has_text="Saved").wait_for()
    assert broken == []
    page.context.close()
