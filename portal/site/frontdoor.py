"""Answers for a program's public page before the framework's per-request work, from a kept copy that is surely current.

A view marks its answer as one that everybody may get (`keep`). Whoever brings no cookie of ours, or only the language
one, then gets the kept bytes, as long as the database still says the same version and the next moment that changes the
page has not come. Each web process keeps its own copies; the version is asked of the database on every request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

from portal.core import clock
from portal.core.i18n import COOKIE, LANGUAGES

if TYPE_CHECKING:
    from flask import Flask

Environ = dict[str, Any]
MARK = "laurel.keep"
MOST = 64  # kept pages a process: a program in a language is one


@dataclass(frozen=True)
class Kept:
    """One answer: for which version, from when until when, and the bytes."""

    version: str
    made: datetime
    until: datetime
    headers: list[tuple[str, str]]
    body: bytes
    etag: str


def keep(environ: Environ, version: str, until: datetime) -> None:
    """The view's word that this answer is the same for everybody while the version stands and `until` has not come."""
    environ[MARK] = (version, until)


class FrontDoor:
    """WSGI middleware. `version_of(slug)` reads the version now in the database, or None."""

    def __init__(
        self, app: Flask, inner: Callable[..., Iterable[bytes]], version_of: Callable[[str], str | None]
    ) -> None:
        self.app, self.inner, self.version_of = app, inner, version_of
        self.kept: dict[tuple[str, ...], Kept] = {}
        self.session_cookie = app.config["SESSION_COOKIE_NAME"]

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        slug = self._slug(environ)
        if slug is None:
            return self.inner(environ, start_response)
        name = (slug, _language(environ), environ.get("SCRIPT_NAME", ""))
        kept = self.kept.get(name)
        if kept and kept.made <= clock.now() < kept.until and self.version_of(slug) == kept.version:
            return _answer(kept, environ, start_response)
        return self._ask(name, environ, start_response)

    def _slug(self, environ: Environ) -> str | None:
        """The program whose page is asked for by somebody who may get the kept one; None for everything else."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/awards/") or path.count("/") != 3 or not path.endswith("/"):
            return None
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD") or environ.get("QUERY_STRING"):
            return None
        if "HTTP_HX_REQUEST" in environ or self.session_cookie + "=" in environ.get("HTTP_COOKIE", ""):
            return None
        return str(path[8:-1])

    def _ask(self, name: tuple[str, ...], environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Lets the application answer, and keeps what it marked."""
        said: list[Any] = []
        made = clock.now()

        def remember(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said[:] = [status, headers]
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        asked_for_body = environ.get("REQUEST_METHOD") == "GET"
        answer = self.inner(environ, remember)
        marked = environ.get(MARK)
        if not marked or not asked_for_body or not said or not said[0].startswith("200"):
            return answer
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close:
                close()
        headers = [(key, value) for key, value in said[1] if key.lower() != "set-cookie"]
        if len(self.kept) >= MOST:
            self.kept.clear()
        etag = next((value for key, value in headers if key.lower() == "etag"), "")
        self.kept[name] = Kept(marked[0], made, marked[1], headers, body, etag)
        return [body]


def _answer(kept: Kept, environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
    if kept.etag and kept.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        dropped = ("content-length", "content-type")
        start_response("304 NOT MODIFIED", [pair for pair in kept.headers if pair[0].lower() not in dropped])
        return []
    start_response("200 OK", list(kept.headers))
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [kept.body]


def etag_of(text: str) -> str:
    """A strong validator of a page."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _language(environ: Environ) -> str:
    """The language `core.i18n.choose` would choose, without a request object."""
    cookie = environ.get("HTTP_COOKIE", "")
    asked = parse_cookie(cookie).get(COOKIE) if cookie else None
    return asked if asked in LANGUAGES else _best(environ.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=512)
def _best(accepted: str) -> str:
    return parse_accept_header(accepted, LanguageAccept).best_match(list(LANGUAGES), "en") or "en"
