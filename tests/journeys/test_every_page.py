"""Every page that there is: it answers, writes nothing, has one heading, and a real browser and axe find nothing wrong.

The estate holds one of everything, in three phases of a cycle; each route is visited by everybody whom its door lets
in, each mailed link by its holder. Then each page is loaded once on a phone in light and once on a laptop in the dark
and in Spanish.
"""

from typing import Any

import pytest
from sqlalchemy import select

from portal.convenings.models import Convening
from portal.core.db import transaction
from portal.review.models import AssignmentPlan
from tests.guards.estate import PHASES, Estate
from tests.journeys.live import LAPTOP, PHONE, Live, faults, serving, violations, watched
from tests.journeys.roads import Road, headings, mailed, roads, twice, walkers
from tests.statements import statements

# Not there for anybody until the agenda is released.
UNRELEASED = {"/awards/<slug>/sessions/<public_id>"}
LOOKS = (
    (PHONE, {"color_scheme": "light", "locale": "en-US"}),
    (LAPTOP, {"color_scheme": "dark", "locale": "es-US"}),
)
LETTERS = ("/body", "/preview")  # shown inside a page
REFUSALS = ("/awards/nowhere/", "/nominee/no.token", "/sign-in/no.token", "/no-such-page")


class Grounds:
    """An estate that is being served, and what the crawl over HTTP found there."""

    def __init__(self, live: Live, phase: str) -> None:
        self.live = live
        self.estate = Estate(live.app, phase)
        self.settle(phase)
        self.links = mailed(self.estate) if phase == "announced" else []
        self.walkers = walkers(self.estate) if phase == "scoring" else []
        self.browsers: dict[str | None, Any] = {}
        self.pages: dict[tuple[str, str], Road] = {}
        self.wrong: list[str] = []
        self.written: list[str] = []

    def settle(self, phase: str) -> None:
        """A plan that was worked out (the estate's is a bare row), and in the end an agenda that is released."""
        cast = self.estate.cast
        with self.live.app.app_context(), transaction() as s:
            for plan in s.scalars(select(AssignmentPlan)):
                plan.report = {
                    "new": 0,
                    "files": 6,
                    "loads": {},
                    "compared": 0,
                    "components": 1,
                    "moved": 0,
                    "without_past_winner": 0,
                }
            convening = s.scalars(select(Convening)).first().public_id
        if phase == "announced":
            answer = cast.browser("sam").post(f"/convenings/{convening}/release")
            assert answer.status_code == 303

    def get(self, road: Road) -> Any:
        """Fetches an address; what it wrote is noted."""
        if road.name not in self.browsers:
            self.browsers[road.name] = self.estate.cast.browser(road.name)
        with statements(self.live.app) as asked:
            answer = self.browsers[road.name].get(road.url)
            answer.get_data()  # a file that is sent line by line is read to its end
        self.written += [f"{road.rule} as {road.name}: {line[:120]}" for line in asked if is_write(line)]
        return answer

    def crawl(self) -> None:
        """Visits everything; pages that differ by route or heading are kept for the real browser."""
        for road in [*roads(self.estate), *self.links]:
            try:
                answer = self.get(road)
            except Exception as error:  # the crawl goes on, so that one run names every broken page
                self.wrong.append(f"{road.rule} as {road.name}: {type(error).__name__}: {error}"[:400])
                continue
            self.judge(road, answer)

    def judge(self, road: Road, answer: Any) -> None:
        """200 with one heading and no id twice, or 303."""
        said = f"{road.rule} as {road.name}"
        if answer.status_code == 404 and road.rule in UNRELEASED and self.estate.phase != "announced":
            return
        if answer.status_code not in (200, 303, 302):
            self.wrong.append(f"{said}: {answer.status_code}")
        elif answer.status_code == 200 and answer.mimetype == "text/html" and not road.url.endswith(LETTERS):
            page = answer.get_data(as_text=True)
            found = headings(page)
            if len(found) == 1:
                self.pages.setdefault((road.rule, found[0]), road)
            elif "<html" in page:
                self.wrong.append(f"{said}: {len(found)} headings")
            self.wrong += [f"{said}: the id {each} twice" for each in twice(page)]


def is_write(statement: str) -> bool:
    return statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))


@pytest.fixture(scope="module")
def visited() -> dict[tuple[str, str], str]:
    """What the browser saw in an earlier phase: the same page need not be looked at three times."""
    return {}


@pytest.fixture(scope="module", params=PHASES)
def grounds(request, make_app, browser):
    with serving(make_app, browser, demo=True) as live:
        found = Grounds(live, request.param)
        found.crawl()
        yield found


def test_every_page_answers_with_one_heading(grounds):
    assert grounds.wrong == [], "\n".join(grounds.wrong)
    assert len(grounds.pages) > 60


def test_no_get_writes(grounds):
    assert grounds.written == []


def test_an_id_that_stands_twice_is_seen():
    """The negative control."""
    assert twice('<p id="a">id="b"</p><input class="x" id="b"><b id="c"></b>') == []
    assert twice('<p id="a"></p><input id="b"><b class="x" id="a"></b>') == ["a"]


def test_the_listener_sees_a_write(grounds):
    """The negative control: asking for a ranking by a post writes, and is seen."""
    with statements(grounds.live.app) as seen:
        grounds.estate.cast.browser("sam").post(f"/rounds/{grounds.estate.cast.round}/results/compute")
    assert any(is_write(line) for line in seen)


def test_a_browser_and_axe_find_nothing_wrong(grounds, visited):
    todo = {key: road for key, road in grounds.pages.items() if key not in visited}
    visited.update(dict.fromkeys(todo, grounds.estate.phase))
    wrong: list[str] = []
    for name in sorted({road.name or "" for road in todo.values()}):
        urls = {road.url: road.rule for road in todo.values() if (road.name or "") == name}
        if not name and grounds.estate.phase == "announced":
            urls.update({url: f"refusal {url}" for url in REFUSALS})
        for viewport, worn in LOOKS:
            context = grounds.live.context(grounds.estate.cast, name, viewport=viewport, **worn)
            wrong += look(context, urls, viewport["width"])
    for walker, urls in grounds.walkers:
        cookie = walker.browser.client.get_cookie("laurel")
        for viewport, worn in LOOKS:
            context = grounds.live.context(viewport=viewport, **worn)
            context.add_cookies([{"name": "laurel", "value": cookie.value, "url": grounds.live.address}])
            wrong += look(context, {url: url for url in urls}, viewport["width"])
    assert wrong == [], "\n".join(wrong)


def look(context: Any, urls: dict[str, str], width: int) -> list[str]:
    """Loads each page and says what is wrong with it."""
    page, found = watched(context.new_page()), []
    for url, rule in urls.items():
        page.problems.clear()
        page.goto(url, wait_until="load")
        found += faults(page, f"{rule} {width}")
    context.close()
    return found


def test_axe_finds_what_is_wrong(browser):
    """The negative control: a picture without words, pale text."""
    page = browser.new_page()
    page.set_content("<html><body><img src='x'><p style='color:#ccc'>pale</p></body></html>")
    names = {name for name, _html in violations(page)}
    page.close()
    assert {"image-alt", "color-contrast", "html-has-lang"} <= names
