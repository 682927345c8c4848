"""What is typed stays on the device until the server has it: links that hang, refusals, other windows, no room."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import db, transaction
from portal.nominations.models import Nomination
from tests.cast import Cast
from tests.journeys import steps
from tests.journeys.live import Live
from tests.review.stage import Stage

SAVE = "**/educator/save"
NOT_SAVED = "Not saved yet. Your words are kept on this device"


@pytest.fixture
def live(live_anew: Live) -> Live:
    live_anew.cast = Cast(live_anew.app)
    return live_anew


def begun(live: Live, **options: Any) -> Any:
    """A parent's page at the form's first step."""
    page = live.page(**options)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/awards/teach-on/nominate")
    steps.choose(page, "age", "adult")
    steps.go_on(page)
    return page


def educator(page: Any) -> Any:
    return page.locator("input[name=educator]")


def kept(page: Any) -> str:
    """What is on the device of unsent words."""
    drafts = "Object.entries(localStorage).filter(([key]) => key.startsWith('laurel:draft:'))"
    return str(page.evaluate(f"JSON.stringify({drafts})"))


def until(page: Any, is_so: Any, what: str) -> None:
    for _n in range(100):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError(what)


def nothing_kept(page: Any) -> None:
    until(page, lambda: kept(page) == "[]", "words that the server has are still on the device")


def answers(live: Live) -> dict[str, Any]:
    with live.app.app_context():
        return dict(db.session.scalars(select(Nomination)).one().answers)


def test_on_a_link_that_hangs_the_words_are_on_the_device_and_the_page_says_so(live: Live) -> None:
    page = begun(live)
    page.clock.install()
    page.route(SAVE, lambda route: None)
    for text in ("Ma", "Maris", "Marisol R"):
        educator(page).fill(text)
        assert text in kept(page), "at once, before any answer"
        page.clock.run_for(3_000)
    assert page.locator("#saved .fail").count() == 0
    page.clock.run_for(6_000)
    assert NOT_SAVED in page.locator("#saved").inner_text()
    page.unroute(SAVE)
    educator(page).fill("Marisol Rivera")
    page.clock.run_for(1_000)
    page.locator("#saved #saved-at").wait_for()
    nothing_kept(page)
    assert answers(live)["educator"] == "Marisol Rivera"


@pytest.mark.parametrize("status", [403, 409, 422, 500])
def test_what_is_refused_stays_whatever_else_is_answered(live: Live, status: int) -> None:
    page = begun(live)
    page.route(SAVE, lambda route: route.fulfill(status=status, body=""))
    educator(page).fill("Marisol Rivera")
    page.locator("#saved .fail", has_text="Not saved. Your words are kept").wait_for()
    with page.expect_response("**/schools?*") as looked_up:
        page.locator("input[name=school]").type("Casc")
    assert looked_up.value.status == 200
    page.locator("#schools input").first.wait_for()
    assert "Marisol Rivera" in kept(page)
    page.unroute(SAVE)
    page.reload()
    assert educator(page).input_value() == "Marisol Rivera"
    until(page, lambda: answers(live).get("educator") == "Marisol Rivera", "never sent again")
    nothing_kept(page)


@pytest.mark.parametrize("status", [429, 502, 503])
def test_while_the_program_starts_anew_it_is_tried_again_once_each_time(live: Live, status: int) -> None:
    page, tried = begun(live), []
    page.clock.install()
    page.route(SAVE, lambda route: (tried.append(1), route.fulfill(status=status, body="")))
    for text in ("M", "Ma", "Mar", "Mari", "Marisol Rivera"):
        educator(page).fill(text)
        page.clock.run_for(1_000)
        page.locator("#saved .fail", has_text=NOT_SAVED).wait_for()
    before = len(tried)
    page.clock.run_for(12_000)
    until(page, lambda: len(tried) > before, "never tried again")
    assert len(tried) == before + 1
    page.unroute(SAVE)
    page.clock.run_for(16_000)
    page.locator("#saved #saved-at").wait_for()
    nothing_kept(page)
    assert answers(live)["educator"] == "Marisol Rivera"


def conflict(live: Live) -> Any:
    """A page whose name and position were changed elsewhere, and whose subject was not, since all three failed here."""
    page = begun(live)
    page.route(SAVE, lambda route: route.abort())
    educator(page).fill("Marisol of the tunnel")
    page.locator("input[name=subject]").fill("Algebra")
    steps.choose(page, "position", "principal")
    page.locator("#saved .fail").wait_for()
    page.unroute(SAVE)
    with live.app.app_context(), transaction() as s:
        draft = s.scalars(select(Nomination)).one()
        elsewhere = {"educator": "Marisol Rivera, from the laptop", "position": "teacher"}
        draft.answers = {**draft.answers, **elsewhere}
    page.reload()
    return page


def test_an_answer_that_was_changed_elsewhere_is_not_overwritten_and_both_are_shown(live: Live) -> None:
    page = conflict(live)
    page.locator("#saved", has_text="stands beside it").wait_for()
    until(page, lambda: answers(live).get("subject") == "Algebra", "what nobody else changed was not sent")
    assert educator(page).input_value() == "Marisol Rivera, from the laptop"
    assert answers(live)["position"] == "teacher"
    page.reload()
    assert page.get_by_text("On this device you had written:").count() == 2, "until somebody says which it is"
    page.get_by_text("Marisol of the tunnel").wait_for()
    page.get_by_role("button", name="Use these words").first.click()
    assert educator(page).input_value() == "Marisol of the tunnel"
    until(page, lambda: answers(live)["educator"] == "Marisol of the tunnel", "not saved")
    page.get_by_role("button", name="Leave them out").click()
    nothing_kept(page)
    assert page.get_by_text("On this device you had written:").count() == 0
    assert answers(live)["position"] == "teacher"


def test_what_the_server_had_and_wrote_otherwise_is_no_conflict(live: Live) -> None:
    page = begun(live)
    page.locator("input[name=school]").fill("cascade elem")
    page.locator("#saved #saved-at").wait_for()
    page.locator("#later-box summary").click()
    page.locator("input[name=later]").fill("nora@example.org")
    page.locator("#later-box button").first.click()
    page.wait_for_load_state("load")
    assert page.get_by_text("On this device you had written:").count() == 0
    nothing_kept(page)


def test_a_save_that_leads_to_signing_in_keeps_the_words(live: Live) -> None:
    page = begun(live)
    page.route(SAVE, lambda route: route.fulfill(status=200, body="", headers={"HX-Redirect": "/awards/teach-on/"}))
    educator(page).fill("Marisol Rivera")
    page.wait_for_url("**/awards/teach-on/")
    assert "Marisol Rivera" in kept(page)


def test_an_errors_page_did_not_take_the_words_and_sending_again_from_it_did(live: Live) -> None:
    page = begun(live)
    here = page.url
    page.route(SAVE, lambda route: route.abort())
    educator(page).fill("Marisol Rivera")
    page.evaluate("document.querySelector('main form [name=csrf_token]').value = 'old'")
    page.locator("main button[data-default]").first.click()
    page.get_by_role("heading", name="What you wrote is still here").wait_for()
    assert "Marisol Rivera" in kept(page)
    page.goto(here)
    assert educator(page).input_value() == "Marisol Rivera", "who leaves that page finds the words in the form"
    page.evaluate("document.querySelector('main form [name=csrf_token]').value = 'old'")
    page.locator("main button[data-default]").first.click()
    page.get_by_role("button", name="Send it now").click()
    page.wait_for_load_state("load")
    assert answers(live)["educator"] == "Marisol Rivera"
    page.goto("/awards/teach-on/")
    nothing_kept(page)


def test_a_shared_device_forgets_the_words_too(live: Live) -> None:
    page = begun(live)
    page.route(SAVE, lambda route: route.abort())
    educator(page).fill("Marisol Rivera")
    page.locator("#saved .fail").wait_for()
    old = {"at": 0, "fields": [["story", "Last month's", None, ""]]}
    page.evaluate("old => localStorage.setItem('laurel:draft:/somewhere', old)", json.dumps(old))
    page.goto("/awards/teach-on/nominate")
    assert "Last month" not in kept(page)
    assert "Marisol Rivera" in kept(page)
    page.get_by_role("button", name="Not mine").click()
    nothing_kept(page)


def test_a_browser_that_keeps_nothing_says_so(live: Live) -> None:
    page = live.page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('forbidden'); }")
    page.goto("/awards/teach-on/nominate")
    steps.choose(page, "age", "adult")
    steps.go_on(page)
    page.route(SAVE, lambda route: route.abort())
    educator(page).fill("Marisol Rivera")
    page.locator("#saved", has_text="this browser does not let us keep your words").wait_for()


def test_on_the_sheet_each_criterion_waits_for_its_own_answer(live: Live) -> None:
    stage = Stage(live.cast)
    file = stage.file("Ana Uno")
    stage.make_panel("priya")
    page = live.page(live.cast, "priya", viewport={"width": 1280, "height": 800})
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/assignments/{stage.assign('priya', file)}")
    broken = {"status": 500, "body": "", "headers": {"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"}}
    page.route("**/scores/learning", lambda route: route.fulfill(**broken))
    page.locator("#evidence-learning").evaluate("e => e.closest('details').open = true")
    page.locator("#evidence-learning").fill("The worms.")
    page.locator("#saved .fail").wait_for()
    page.locator("#evidence-craft").evaluate("e => e.closest('details').open = true")
    with page.expect_response("**/scores/craft") as saved:
        page.locator("#evidence-craft").fill("The question.")
    assert saved.value.status == 200
    page.wait_for_timeout(300)
    assert "The worms." in kept(page)
    assert "Not saved" in page.locator("#saved").inner_text()
    page.unroute("**/scores/learning")
    page.reload()
    assert page.locator("#evidence-learning").input_value() == "The worms."
    nothing_kept(page)
