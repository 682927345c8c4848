"""The kit in a real browser: readable by axe, no sideways scroll, keys, drafts, dialogs, focus; and without scripts."""

import pytest

from tests.journeys.live import violations

PAGES = ("forms", "forms?bad=1", "work", "public", "sheet")


@pytest.fixture
def open_page(browser, look_url):
    contexts = []

    def opened(name, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda m: page.problems.append(m.text) if "Content Security" in m.text else None)
        page.here = f"{look_url}/look/{name}"
        page.goto(page.here)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page, name, width, scheme):
    page = open_page(name, width, color_scheme=scheme)
    assert violations(page) == []
    assert page.problems == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(open_page, name):
    page = open_page(name)
    for width in (320, 390, 640, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_a_choice_with_long_words_stays_within_a_phone(open_page):
    page = open_page("work", width=390)
    option = f"<option>{'A letter with long words ' * 4}</option>"
    field = f"<div class='wrap'><form class='bar'><label>What<select>{option}</select></label></form></div>"
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", field)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_keys_of_the_scoring_sheet(open_page):
    page = open_page("sheet")
    page.keyboard.press("3")
    page.locator("#saved", has_text="Saved 14:02").wait_for()
    assert page.locator("#c2 input:checked").get_attribute("value") == "3"
    page.keyboard.press("j")
    page.keyboard.press("0")
    assert page.locator("details[open]").get_attribute("id") == "c3"
    assert page.locator("#c3 input:checked").get_attribute("value") == "0"
    page.keyboard.press("k")
    page.locator("#c2-e").focus()
    page.keyboard.type("1 of 4 jk")
    assert page.locator("#c2-e").input_value() == "1 of 4 jk"
    assert page.locator("#c2 input:checked").get_attribute("value") == "3"
    page.keyboard.press("Control+Enter")
    page.locator("#sent").wait_for()
    assert page.locator("#sent").inner_text() == "next"


def test_single_keys_can_be_turned_off(open_page):
    page = open_page("sheet")
    page.locator("[data-keys-toggle]").uncheck()
    page.keyboard.press("3")
    assert page.locator("#c2 input:checked").count() == 0
    page.reload()
    assert page.locator("[data-keys-toggle]").is_checked() is False


def nothing_kept(page):
    """Waits until no words are left on the device: they are dropped a moment after "Saved" is shown."""
    for _try in range(50):
        if page.evaluate("localStorage.length") == 0:
            return
        page.wait_for_timeout(20)
    pytest.fail("words that the server has are still kept on the device")


def test_a_token_that_grew_old_is_renewed_and_the_words_are_sent_again(open_page):
    page = open_page("sheet")
    page.evaluate("document.body.setAttribute('hx-headers', '{}')")
    page.evaluate("document.querySelector('#rubric [name=csrf_token]').value = 'old'")
    page.locator("#c2-e").fill("signed in again elsewhere")
    page.locator("#saved", has_text="Saved").wait_for()
    nothing_kept(page)
    assert page.locator("#notices").inner_text() == ""
    assert page.locator("#rubric [name=csrf_token]").input_value() != "old"


def test_words_typed_offline_come_back(open_page):
    page = open_page("sheet")
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(True)
    page.locator("#c2-e").fill("written in a tunnel")
    page.locator("#saved", has_text="kept on this device").wait_for()
    page.context.set_offline(False)
    page.locator("#saved", has_text="Saved").wait_for()
    nothing_kept(page)


def test_words_that_never_arrived_are_put_back(open_page):
    page = open_page("sheet")
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/look/save", lambda route: route.abort())
    page.locator("#c2-e").fill("written on a train")
    page.locator("#saved", has_text="kept on this device").wait_for()
    page.reload()
    assert page.locator("#c2-e").input_value() == "written on a train"


def test_words_sent_by_the_button_into_a_dead_connection_come_back(open_page):
    page = open_page("sheet")
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/look/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("#c2-e").fill("pressed in a tunnel")
    page.locator("[data-default]").click()
    page.wait_for_url("chrome-error://**")  # or the error's own arrival would break off the next page's
    page.goto(page.here)
    assert page.locator("#c2-e").input_value() == "pressed in a tunnel"
    page.unroute("**/look/*")
    page.locator("[data-default]").click()
    page.locator("#sent").wait_for()
    page.goto(page.here.replace("sheet", "public"))
    nothing_kept(page)


def test_the_dialog_is_modal_with_scripts_and_opens_without(open_page):
    page = open_page("sheet")
    page.get_by_role("button", name="Recuse myself").click()
    assert page.evaluate("document.querySelector('#recuse').matches(':modal')")
    page.keyboard.press("Escape")
    assert not page.locator("#recuse").is_visible()
    plain = open_page("sheet", java_script_enabled=False)
    plain.get_by_role("button", name="Recuse myself").click()
    assert plain.locator("#recuse").is_visible()
    plain.get_by_role("button", name="Go back to the file").click()
    assert not plain.locator("#recuse").is_visible()


def test_errors_take_the_focus_and_lead_to_their_field(open_page):
    page = open_page("forms?bad=1")
    assert page.evaluate("document.activeElement.id") == "errsum"
    page.locator(".errsum a").nth(1).click()
    assert page.evaluate("document.activeElement.id") == "rel-0"


def test_the_word_count_follows_and_is_said_after_a_pause(open_page):
    page = open_page("forms")
    page.locator("#story").fill("one two three")
    assert page.locator("#story-c b").inner_text() == "3"
    page.locator("[data-spoken]", has_text="3 words, 40 or more would help").wait_for(state="attached")
    page.locator("#story").fill("word " * 260)
    assert "over" in page.locator("#story-c").get_attribute("class")


def test_a_form_is_sent_once(open_page):
    page = open_page("sheet")
    sent = page.evaluate("""() => {
        let sent = 0;
        document.addEventListener("submit", (event) => {
            if (!event.defaultPrevented) sent += 1;
            event.preventDefault();
        });
        const button = document.querySelector("[data-default]");
        button.click();
        button.click();
        return sent;
    }""")
    assert sent == 1
    page.locator("[data-default][aria-disabled=true]").wait_for()


def test_a_dialog_is_closed_by_a_press_beside_it_only(open_page):
    page = open_page("sheet")
    page.get_by_role("button", name="Recuse myself").click()
    box = page.locator("#recuse").bounding_box()
    page.mouse.click(box["x"] + 6, box["y"] + 6)  # its own edge
    assert page.locator("#recuse").is_visible()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] - 20)  # marking text, a little too far
    page.mouse.up()
    assert page.locator("#recuse").is_visible()
    page.mouse.click(box["x"] - 60, box["y"] - 20)
    assert not page.locator("#recuse").is_visible()


def test_copied_is_said_for_a_while(open_page):
    page = open_page("sheet", permissions=["clipboard-read", "clipboard-write"])
    page.clock.install()
    page.evaluate("""document.querySelector("h1").insertAdjacentHTML(
        "afterend", "<button type=button id=copy data-copy=words><span>Copy the words</span></button>")""")
    button = page.locator("#copy")
    for _press in range(2):
        button.click()
        page.locator("#copy", has_text="Copied").wait_for()
        page.clock.run_for(1000)
    page.clock.run_for(3000)
    assert button.inner_text() == "Copy the words"


@pytest.mark.parametrize("status", [403, 422])
def test_a_save_that_is_refused_is_told_where_one_reads_until_one_is_kept(open_page, status):
    page = open_page("sheet")
    page.route("**/look/save", lambda route: route.fulfill(
        status=status, headers={"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"}, body="<p>Scoring is over.</p>"
    ))  # fmt: skip
    page.set_viewport_size({"width": 600, "height": 500})
    page.locator("#c2-e").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    page.locator("#c2-e").fill("too late")
    page.locator("#notices", has_text="Scoring is over.").wait_for()
    page.wait_for_timeout(100)
    assert before > 300
    assert page.evaluate("scrollY") >= before
    page.unroute("**/look/save")
    page.locator("#c2-e").fill("in time after all")
    page.locator("#saved", has_text="Saved 14:02").wait_for()
    page.locator("#notices:empty").wait_for(state="attached")
