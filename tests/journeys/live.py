"""The application on a real port of this machine, for real browsers; and pages that note what goes wrong."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from werkzeug.serving import make_server

from tests.cast import Cast, sign_in

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}
# Only what is wrong is written out, in full: half the time.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Live:
    """An application that answers on 127.0.0.1, and browsers that visit it."""

    def __init__(self, app: Flask, address: str, chromium: Any) -> None:
        self.app, self.address, self.chromium = app, address, chromium
        self.contexts: list[Any] = []

    def context(self, cast: Cast | None = None, name: str | None = None, **options: Any) -> Any:
        """A browser context (a phone unless told otherwise), signed in as one of the cast if a name is given."""
        made = self.chromium.new_context(
            base_url=self.address, **{"viewport": PHONE, "reduced_motion": "reduce", **options}
        )
        made.set_default_timeout(20_000)
        self.contexts.append(made)
        if cast and name:
            client = self.app.test_client()
            sign_in(self.app, client, cast.person(name))
            cookie = client.get_cookie("laurel")
            assert cookie is not None
            made.add_cookies([{"name": "laurel", "value": cookie.value, "url": self.address}])
        return made

    def page(self, cast: Cast | None = None, name: str | None = None, **options: Any) -> Any:
        """A page of its own context; what its console and scripts complain of gathers in `page.problems`."""
        return watched(self.context(cast, name, **options).new_page())

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()


# What a console says of a page's own refusal (4xx), and of a search that was still asked for when the person went on.
HARMLESS = ("the server responded with a status of 4", "htmx:afterRequest", "htmx:sendAbort")


def watched(page: Any) -> Any:
    """Notes errors of scripts and of the console in `page.problems`."""
    page.problems = []

    def note(said: Any) -> None:
        if said.type == "error" and not any(text in said.text for text in HARMLESS):
            page.problems.append(said.text)

    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", note)
    return page


def violations(page: Any) -> list[tuple[str, str]]:
    """What axe finds on the page: (rule, the first element)."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:160]) for v in found]


def faults(page: Any, said: str, *, scripts: bool = True) -> list[str]:
    """What is wrong with a watched page as it stands, a line each that begins with `said`.

    axe (which needs scripts), sideways scroll, and what the console has said since the last time.
    """
    found = [f"{rule}: {html}" for rule, html in violations(page)] if scripts else []
    wide, width = page.locator("html").evaluate("e => e.scrollWidth"), page.viewport_size["width"]
    found += [f"{wide} px wide of {width}"] if wide > width else []
    found += page.problems
    page.problems.clear()
    return [f"{said}: {fault}" for fault in found]


@contextmanager
def serving(make_app: Callable[..., Flask], chromium: Any, **settings: Any) -> Iterator[Live]:
    """Makes an application on an empty database and serves it in a thread until the block ends."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    app = make_app(base_url=address, **settings)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_handler())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    live = Live(app, address, chromium)
    try:
        yield live
    finally:
        live.close()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler() -> Any:
    from werkzeug.serving import WSGIRequestHandler

    class Quiet(WSGIRequestHandler):
        """Answers without a line for each request."""

        def log_request(self, *_args: Any, **_kwargs: Any) -> None:
            return None

    return Quiet
