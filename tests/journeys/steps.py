"""The steps of the stories in a browser, in the words of the pages: who presses what. Used with scripts and without."""

from typing import Any

from tests.cast import letters, links_in, run_jobs

STORY = "She gave my daughter a job instead of a warning: one question a day, written at home, read in class. " * 3
EDUCATOR = "Marisol Rivera"


def choose(page: Any, name: str, value: str) -> None:
    """Chooses a tile by its value (the input lies under its label)."""
    page.locator(f"input[name='{name}'][value='{value}']").check(force=True)


def press(page: Any, name: str) -> None:
    """Presses the button of this name and waits for what it leads to."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state("load")


def go_on(page: Any) -> None:
    """Presses the page's main button, the one that leads on."""
    page.locator("main button[data-default]").first.click()
    page.wait_for_load_state("load")


def link(app: Any, template: str, start: str, to: str = "") -> str:
    """The path of the newest such letter's link that begins with `start`."""
    run_jobs(app)
    found = [m for m in letters(app, template) if not to or m.to == to]
    assert found, f"no letter {template} to {to or 'anybody'}"
    return next(path for path in links_in(found[-1].text) if path.startswith(start))


def nominate(page: Any, seen: Any) -> None:
    """From the program's page to the receipt; `seen(page)` looks at each page on the way."""
    page.goto("/awards/teach-on/")
    seen(page)
    page.goto("/awards/teach-on/nominate")
    choose(page, "age", "adult")
    seen(page)
    press(page, "Begin")
    page.locator("input[name=educator]").fill(EDUCATOR)
    page.locator("input[name=school]").fill("Cascade Elementary")
    choose(page, "position", "teacher")
    seen(page)
    go_on(page)
    choose(page, "relation", "family_current")
    page.locator("input[name=known_for]").fill("2 years")
    choose(page, "tie", "no")
    seen(page)
    go_on(page)
    page.locator("textarea[name=story]").fill(STORY.strip())
    seen(page)
    go_on(page)
    page.locator("input[name=name]").fill("Nora Example")
    page.locator("input[name=email]").fill("nora@example.org")
    choose(page, "sharing", "relation")
    seen(page)
    go_on(page)
    seen(page)
    press(page, "Send the nomination")
    assert "Thank you for telling us about Marisol Rivera" in page.locator("h1").inner_text()
    seen(page)


def prove(app: Any, page: Any, seen: Any) -> None:
    """The nominator presses the button behind the mailed link."""
    page.goto(link(app, "nominations/receipt", "/nominations/confirm/"))
    seen(page)
    press(page, "Yes, I sent it")
    assert "Your nomination is complete" in page.content()
    seen(page)


def consent(app: Any, page: Any, seen: Any) -> None:
    """The nominee opens the letter's link and says yes."""
    page.goto(link(app, "nominations/consent_request", "/nominee/"))
    seen(page)
    page.get_by_role("link", name="Accept the nomination").click()
    seen(page)
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")
    seen(page)
    press(page, "Keep these details")
    assert "You said yes. Thank you." in page.content()
    seen(page)


def propose(page: Any, convening: str, seen: Any) -> None:
    """A member writes a proposal and sends it."""
    page.goto(f"/convenings/{convening}/propose")
    seen(page)
    press(page, "Start a proposal")
    page.locator("input[name=title]").fill("Wait time is a design decision")
    page.locator("textarea[name=summary]").fill("We film two minutes of questions and count the seconds.")
    page.locator("textarea[name=takeaway]").fill("A sheet for counting, and one question to try on Monday.")
    for name, value in (("area", "practice"), ("audience", "everybody"), ("length", "45"), ("language", "en")):
        choose(page, name, value)
    seen(page)


def score_by_hand(page: Any, level: int, keys: tuple[str, ...]) -> None:
    """Opens each criterion, chooses the level, writes the evidence."""
    for key in keys:
        part = page.locator(f"#c-{key}")
        if part.get_attribute("open") is None:
            part.locator("summary").click()
        part.locator(f"input[type=radio][value='{level}']").check(force=True)
        page.locator(f"#evidence-{key}").fill("97 of 118 finished")
