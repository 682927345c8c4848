"""The list of files in a real browser: columns with and without scripts, views, keys, axe on every state."""

import pytest

from tests.cast import Cast
from tests.journeys.live import LAPTOP, PHONE, faults
from tests.nominations.consenting import add_file

LONG = "Maximiliana Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh y Villanueva de la Sierra"
EVERY = (
    "name,school,district,position,voices,proven,unproven,state,next,answer,asked,answered,screening,reason,email,since"
)


@pytest.fixture(scope="module")
def cast(live):
    found = Cast(live.app)
    for at in range(40):
        add_file(found, f"Person {at:02}", email="" if at % 4 == 3 else f"person{at}@example.org")
    add_file(found, LONG, email=f"{'long.' * 12}address@example.org")
    return found


def url(cast: Cast, query: str = "") -> str:
    return f"/cycles/{cast.cycle}/files{query}"


def judge(page) -> list[str]:
    return faults(page, page.url)


def heads(page) -> list[str]:
    return [text.strip() for text in page.locator("#files thead th").all_inner_texts()]


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


@pytest.mark.parametrize(("view", "scheme"), [(PHONE, "light"), (LAPTOP, "dark")], ids=["phone", "laptop"])
@pytest.mark.parametrize("spoken", ["en", "es"])
def test_every_state_is_clean(live, cast, view, scheme, spoken):
    page = live.page(cast, "sam", viewport=view, color_scheme=scheme)
    page.goto(url(cast, f"?lang={spoken}"))
    wrong = judge(page)
    for query in ("?q=zzz", "?q=maximiliana", f"?cols={EVERY}&choose=1", "?cols=name&choose=1&order=-name", "/views",
                  "/views/new?step=ask&cols=name,email", "?view=gone"):  # fmt: skip
        page.goto(url(cast, query))
        wrong += judge(page)
    assert wrong == []
    page.context.close()


def test_columns_are_chosen_in_place(live, cast):
    page = live.page(cast, "sofia", viewport=LAPTOP)
    page.goto(url(cast, "?order=name"))
    page.locator("#columns summary").click()
    page.locator("#col-email").check()
    page.locator("#files thead", has_text="Work e-mail").wait_for()
    assert heads(page)[-1] == "Work e-mail"
    page.locator("#up-email").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**state,email,next**")
    assert heads(page)[-2] == "Work e-mail"
    assert page.evaluate("document.activeElement.id") == "up-email"  # the focus stays with the button
    page.locator("input[name=q]").fill("person 07")  # the search keeps the columns
    page.locator("#files [data-said]", has_text="One file").wait_for()
    assert "Work e-mail" in heads(page)
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_load_state("load")
    assert judge(page) == []
    page.context.close()


def test_columns_and_views_without_scripts(live, cast):
    page = live.page(cast, "sam", viewport=PHONE, java_script_enabled=False)
    page.goto(url(cast, "?step=address&cols=name,state,email"))
    page.locator("#columns summary").click()
    page.locator("#col-state").uncheck()
    page.get_by_role("button", name="Show these columns").click()
    assert page.locator("#files td").first.get_attribute("data-l") == "Work e-mail"
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name of the view").fill("Without addresses")
    page.get_by_role("button", name="Save the view").click()
    current = page.locator("#views [aria-current]")
    assert current.inner_text() == "Without addresses"
    assert "Person 03" in page.locator("#files").inner_text()
    page.context.close()


def test_keys_move_open_search_and_can_be_turned_off(live, cast):
    page = live.page(cast, "sam", viewport=LAPTOP)
    page.goto(url(cast, "?order=name"))
    page.keyboard.press("j")
    first = focused(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert (first, focused(page)) == (LONG, "Person 00")
    for _ in range(22):
        page.keyboard.press("j")
    box = page.locator("#files tr:focus-within").bounding_box()
    assert 0 <= box["y"] <= LAPTOP["height"] - box["height"]  # scrolled into view
    page.keyboard.press("Control+k")  # with a modifier it is the browser's
    at = focused(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("jk/x?")  # typing is typing
    assert page.locator("input[name=q]").input_value() == "jk/x?"
    page.locator("#files .empty").wait_for()
    page.goto(url(cast, "?order=name"))
    page.keyboard.press("?")
    page.locator("dialog#keys[open]").wait_for()
    assert judge(page) == []
    page.keyboard.press("j")
    assert focused(page) != LONG
    page.locator("dialog#keys [data-keys-toggle]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert focused(page) not in (LONG, at)
    page.get_by_role("button", name="Keys").click()  # the same by hand, keys or no keys
    page.locator("dialog#keys [data-keys-toggle]").check()
    page.keyboard.press("Escape")
    page.locator("a.name", has_text="Person 00").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/files/*at=3*")
    assert page.locator("h1").inner_text() == "Person 01"
    page.keyboard.press("j")
    page.wait_for_url("**at=4*")
    assert page.locator("h1").inner_text() == "Person 02"
    assert judge(page) == []
    page.keyboard.press("k")
    page.wait_for_url("**at=3*")
    page.context.close()


def test_x_presses_the_checkbox_of_the_row(live, cast):
    page = live.page(cast, "sam", viewport=LAPTOP)
    page.goto(url(cast, "?order=name"))
    if not page.locator("#files tbody input[type=checkbox]").count():
        # A list without boxes: one is put in as a page with them would have it.
        page.evaluate("""document.querySelectorAll("[data-rows] > tr").forEach((row) => {
            const box = document.createElement("input");
            box.type = "checkbox";
            box.name = "file";
            row.firstElementChild.prepend(box);
        })""")
    page.keyboard.press("x")  # on no row it presses none
    assert page.locator("#files tbody input:checked").count() == 0
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("#files tbody tr").nth(1).locator("input:checked").count() == 1
    assert focused(page) == "Person 00"
    page.keyboard.press("a")  # from any row to what is done with the ticked ones, without the way back through them
    assert page.evaluate("document.activeElement.name") == "act"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Preview"
    page.keyboard.press("Escape")
    page.locator("#files a.name", has_text="Person 00").focus()
    page.keyboard.press("x")
    assert page.locator("#files tbody input:checked").count() == 0
    page.context.close()
