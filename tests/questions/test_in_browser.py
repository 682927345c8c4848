"""The editor and every kind of question in a real browser: axe, no sideways scroll, dragging, saving as one types."""

import os
from pathlib import Path

import pytest

from portal.questions import rules
from tests.cast import Cast, both
from tests.journeys.live import LAPTOP, PHONE, faults
from tests.nominations.walking import BASE
from tests.questions.asking import add, asked, form, picture

PAGE = "/awards/teach-on/forms/nomination"
SHOTS = os.environ.get("LAUREL_SHOTS")  # a folder for pictures to look at


@pytest.fixture(scope="module")
def cast(live):
    found = Cast(live.app)
    limits = {"line": {"low": 2, "high": 8}, "text": {"low": 40, "high": 120},
              "scale": {"low": 1, "high": 5, "ends": (both("Never"), both("Always"))}}  # fmt: skip
    found.keys = dict(zip(rules.KINDS, add(found, *(  # type: ignore[attr-defined]
        asked(kind, label=f"A {kind} that we ask", help=both("Help for it."), **limits.get(kind, {}))
        for kind in rules.KINDS)), strict=True))  # fmt: skip
    return found


def judge(page, name: str) -> list[str]:
    """What is wrong on the page. Takes a picture when somebody wants to look."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    return faults(page, name)


@pytest.mark.parametrize(("view", "scheme"), [(PHONE, "light"), (LAPTOP, "dark")], ids=["phone", "laptop"])
def test_the_editors_pages(live, cast, view, scheme):
    page = live.page(cast, "sam", viewport=view, color_scheme=scheme)
    wrong = []
    urls = {"form": PAGE, "choice": f"{PAGE}/questions/{cast.keys['choice']}",
            "fixed": f"{PAGE}/questions/story", "scale": f"{PAGE}/add?kind=scale&group=you",
            "preview": f"{PAGE}/preview?group=story&spoken=es"}  # fmt: skip
    urls |= {step: f"/awards/teach-on/nomination-preview/{step}" for step in ("educator", "story", "name")}
    for name, url in urls.items():
        page.goto(url)
        wrong += judge(page, f"{name}-{view['width']}")
    page.goto(f"{PAGE}/add?kind=choice&group=you")
    page.get_by_role("button", name="Add the question").click()
    page.locator("#errsum").wait_for()
    assert wrong + judge(page, f"errors-{view['width']}") == []
    page.context.close()


def test_dragging_posts_the_order_and_buttons_do_the_same(live, cast):
    page = live.page(cast, "sam", viewport=LAPTOP)
    page.goto(PAGE)
    before = [q.key for q in form(cast).of("educator")]
    page.locator("#q-subject .grip").drag_to(page.locator("#q-educator"), target_position={"x": 40, "y": 4})
    page.wait_for_url("**#g-educator")
    assert [q.key for q in form(cast).of("educator")] == ["subject", *(k for k in before if k != "subject")]
    page.get_by_role("button", name="Move down: Subject or grade").click()
    page.wait_for_url("**#q-subject")
    assert [q.key for q in form(cast).of("educator")][:2] == ["educator", "subject"]
    page.context.close()


@pytest.mark.parametrize("spoken", ["en", "es"])
def test_every_kind_on_a_phone_saves_as_one_types(live, cast, spoken):
    page = live.page(viewport=PHONE)
    page.goto(f"{BASE}?lang={spoken}")
    page.locator("input[name=age]").last.check()
    page.locator("main button[data-default], main form button.btn").last.click()
    page.wait_for_url("**/educator")
    page.goto(page.url.replace("educator", "story"))
    keys = cast.keys
    page.fill(f"#{keys['text']}", "one two three")
    assert page.locator(f"#{keys['text']}-c b").inner_text() == "3"
    page.locator(f"input[name={keys['choices']}][type=checkbox]").first.check()
    page.locator(f"input[name={keys['scale']}]").nth(3).check()
    with page.expect_response("**/story/save"):
        page.fill(f"#{keys['line']}", "Volcanoes")
    assert page.locator(f"#{keys['line']}-c b").inner_text() == "1"
    page.locator("#saved-at").wait_for()
    assert judge(page, f"story-{spoken}") == []
    page.set_input_files(f"#{keys['file']}", {"name": "garden.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.locator("button[value=upload]").click()
    page.get_by_role("link", name="garden.jpg").wait_for()
    page.reload()
    assert page.locator("#errsum").count() == 0, "loading the page again sent the file again"
    assert page.input_value(f"#{keys['line']}") == "Volcanoes"
    assert page.locator(f"input[name={keys['scale']}]:checked").get_attribute("value") == "4"
    assert judge(page, f"story-file-{spoken}") == []
    page.context.close()
