"""The forms of every page, as the people who may use them see them: who posts what, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select

from portal.core.db import transaction
from portal.review.models import AssignmentPlan
from tests.cast import Browser
from tests.guards.estate import PEOPLE, Estate
from tests.guards.test_matrix import ask, doors
from tests.journeys.roads import mailed, roads, walkers

TYPED = ("text", "textarea", "search", "email", "url", "tel")


@dataclass
class Field:
    """One field: its type, what it holds, and what may be chosen."""

    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    """One form in one person's browser."""

    browser: Browser
    rule: str
    url: str
    fields: dict[str, Field] = field(default_factory=dict)

    def honest(self) -> dict[str, Any]:
        """What the form would send as it stands, with something chosen wherever there is a choice."""
        return {name: f.values[0] for name, f in self.fields.items() if f.values and f.kind not in ("file", "checkbox")}

    def typed(self) -> list[str]:
        return [name for name, f in self.fields.items() if f.kind in TYPED]

    def takes_files(self) -> list[str]:
        return [name for name, f in self.fields.items() if f.kind == "file"]


class _Forms(HTMLParser):
    """Reads the forms that are posted."""

    def __init__(self, here: str) -> None:
        super().__init__(convert_charrefs=True)
        self.here, self.forms = here, []  # type: ignore[var-annotated]
        self.open: dict[str, Field] | None = None
        self.area: Field | None = None
        self.choice: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = {} if given.get("method", "").lower() == "post" else None
            if self.open is not None:
                self.forms.append((given.get("action") or self.here, self.open))
        if self.open is not None and "hx-post" in given:
            self.forms.append((given["hx-post"], self.open))
        elif "hx-post" in given:
            self.forms.append((given["hx-post"], {}))
        if self.open is None:
            return
        if tag in ("input", "button", "select", "textarea") and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            found = self.open.setdefault(given["name"], Field(kind))
            if tag in ("input", "button"):
                found.values.append(given.get("value", ""))
            self.choice = found if tag == "select" else self.choice
            self.area = found if tag == "textarea" else self.area
        elif tag == "option" and self.choice is not None:
            self.choice.values.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.values.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "textarea":
            self.area = None
        if tag == "select":
            self.choice = None


class Site:
    """An estate with everybody's browser, and every address that its people may visit."""

    def __init__(self, app: Any, phase: str) -> None:
        self.estate = Estate(app, phase)
        self.app = app
        with app.app_context(), transaction() as session:  # the estate's plan is a bare row, that no reckoning made
            for plan in session.scalars(select(AssignmentPlan)):
                plan.report = {"new": 0, "files": 6, "loads": {}, "compared": 0, "components": 1, "moved": 0,
                               "without_past_winner": 0}  # fmt: skip
        self.browsers: dict[str | None, Browser] = {}
        self.pages: list[tuple[Browser, str]] = []
        self.doors = list(self._doors())  # before letters are sent and jobs run: those change what there is
        seen: dict[str, int] = {}
        for road in [*roads(self.estate), *mailed(self.estate)]:
            seen[road.url] = seen.get(road.url, 0) + 1
            if seen[road.url] == 1:  # the first who may: what differs by person is guarded elsewhere
                self.pages.append((self.browser(road.name), road.url))
        for walker, urls in walkers(self.estate):
            self.pages += [(walker.browser, url) for url in urls]

    def browser(self, name: str | None) -> Browser:
        if name not in self.browsers:
            self.browsers[name] = self.estate.cast.browser(name)
            self.browsers[name].token()
        return self.browsers[name]

    def forms(self) -> list[Form]:
        """Every form of every page, once for each of its shapes; then every door that no form leads to."""
        found: dict[Any, Form] = {}
        urls = self.app.url_map.bind("localhost")
        for browser, url in self.pages:
            answer = browser.client.get(url)
            page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            answer.close()
            if answer.mimetype != "text/html":
                continue
            reader = _Forms(url)
            reader.feed(page)
            for action, fields in reader.forms:
                try:
                    rule, _values = urls.match(action.partition("?")[0], method="POST", return_rule=True)
                except Exception:  # an address of another kind is no form of ours
                    continue
                if "sign-out" not in rule.rule:
                    found.setdefault((rule.rule, tuple(sorted(fields))), Form(browser, rule.rule, action, fields))
        known = {form.rule for form in found.values()}
        return [*found.values(), *(form for form in self.doors if form.rule not in known)]

    def _doors(self) -> Iterator[Form]:
        """Each POST route as somebody who may use it (or else as an organizer, who is refused)."""
        urls = self.app.url_map.bind("localhost")
        shut = {rule.rule: (rule, view) for rule, method, view in doors(self.app) if method == "POST"}
        for rule in self.app.url_map.iter_rules():
            if "POST" not in (rule.methods or ()) or rule.rule.startswith(("/sign-out", "/demo/")):
                continue
            name = None
            if rule.rule in shut:
                _rule, view = shut[rule.rule]
                may = (p for p in PEOPLE if p and ask(self.estate, rule, view, p) == "in")
                name = next(may, "sam")
            url = urls.build(rule.endpoint, self.estate.arguments(rule), method="POST")
            yield Form(self.browser(name), rule.rule, url)
