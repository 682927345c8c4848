"""A browser without a screen: opens pages, fills in the forms that stand on them, presses their buttons."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask


class Unexpected(Exception):
    """A page did not answer as it should, or lacks the form or the link that somebody would use."""


@dataclass
class Form:
    """A form as it stands on a page: what it would send if its button were pressed now."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, text

    def filled(self, given: dict[str, Any], button: str = "") -> list[tuple[str, str]]:
        """The fields with these values instead (a list for several; None leaves one out), and the button pressed."""
        kept = [(name, value) for name, value in self.fields if name not in given]
        for name, value in given.items():
            values = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
            kept += [(name, str(each)) for each in values]
        pressed = next((b for b in self.buttons if button and button in (b[1], b[2])), None)
        if button and pressed is None:
            raise Unexpected(f"the form to {self.action} has no button {button!r}: {self.buttons}")
        chosen = pressed or next(iter(self.buttons), None)
        if chosen and chosen[0]:
            kept.append((chosen[0], chosen[1]))
        return kept


class _Reader(HTMLParser):
    """Finds links and forms: hidden fields, texts, chosen options, ticked boxes, buttons."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._button: list[str] | None = None

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in pairs}
        if tag == "a" and "href" in at:
            self.links.append(urljoin(self.url, at["href"]))
        elif tag == "form":
            self._form = Form(urljoin(self.url, at.get("action", "") or self.url), at.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and "disabled" not in at:
            self._field(tag, at)

    def _field(self, tag: str, at: dict[str, str]) -> None:
        assert self._form is not None
        name = at.get("name", "")
        if tag == "textarea" and name:
            self._area = (name, [])
        elif tag == "select" and name:
            self._select = (name, [])
        elif tag == "option" and self._select is not None:
            self._select[1].append((at.get("value", ""), "selected" in at))
        elif tag == "button" or (tag == "input" and at.get("type") == "submit"):
            self._button = [name, at.get("value", ""), ""]
        elif tag == "input" and name and at.get("type") not in ("file", "image", "reset"):
            if at.get("type") not in ("checkbox", "radio"):
                self._form.fields.append((name, at.get("value", "")))
            elif "checked" in at:
                self._form.fields.append((name, at.get("value", "y")))

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "textarea" and self._area is not None:
            # Browsers leave out the line break that follows the tag.
            self._form.fields.append((self._area[0], "".join(self._area[1]).removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select is not None:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [value for value, _s in options[:1]]
            self._form.fields += [(name, value) for value in chosen[:1]]
            self._select = None
        elif tag == "button" and self._button is not None:
            self._form.buttons.append((self._button[0], self._button[1], " ".join(self._button[2].split())))
            self._button = None
        elif tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)
        if self._button is not None:
            self._button[2] += data


@dataclass
class Page:
    """What came back: where one is, the words, the links and the forms."""

    status: int
    path: str
    html: str
    links: list[str]
    forms: list[Form]

    @property
    def words(self) -> str:
        """The page's words without tags, spaces folded."""
        import html

        body = re.sub(r"<(script|style)\b.*?</\1>", " ", self.html, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def form(self, to: str = "") -> Form:
        """The first form that posts to an address that ends in this, or else has it somewhere."""
        posts = [f for f in self.forms if f.method == "post" and "/sign-out" not in f.action]
        ending = [f for f in posts if f.action.endswith(to)]
        for each in [*ending, *(f for f in posts if to in f.action)]:
            return each
        raise Unexpected(f"{self.path} has no form to {to!r}: {[f.action for f in posts]}")

    def link(self, part: str) -> str:
        """The first link with this in its address."""
        found = next((link for link in self.links if part in link), None)
        if found is None:
            raise Unexpected(f"{self.path} has no link with {part!r}")
        return found


class Browser:
    """One person's browser, with its cookies."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def open(self, url: str, *, expect: int = 200) -> Page:
        """Goes to an address (a whole one, or a path)."""
        return self._page(self.client.get(local(url), follow_redirects=True), expect)

    def send(self, form: Form, given: dict[str, Any] | None = None, *, button: str = "", expect: int = 200) -> Page:
        """Presses a button of a form with these fields filled in, and goes where it leads."""
        data: dict[str, list[str]] = {}
        for name, value in form.filled(given or {}, button):
            data.setdefault(name, []).append(value)
        return self._page(self.client.post(local(form.action), data=data, follow_redirects=True), expect)

    def press(self, url: str, to: str = "", given: dict[str, Any] | None = None, *, button: str = "") -> Page:
        """Opens a page and sends its form."""
        return self.send(self.open(url).form(to), given, button=button)

    def _page(self, answer: Any, expect: int) -> Page:
        html = answer.get_data().decode(errors="replace")  # a spreadsheet to download is no text
        answer.close()
        path = answer.request.path
        reader = _Reader(path)
        if answer.mimetype == "text/html":
            reader.feed(html)
        page = Page(answer.status_code, path, html, reader.links, reader.forms)
        if expect and page.status != expect:
            raise Unexpected(f"{answer.request.method} {path} answered {page.status}: {page.words[:600]}")
        return page


def local(url: str) -> str:
    """The path and query of an address."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
