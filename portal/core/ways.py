"""Ways that a page leads on: back to where its reader came from, and to itself, anew or in the other language."""

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from flask import current_app, request

from portal.core.web import safe_next

FIRST = "/"  # where one goes when nothing better is known


def came_from() -> str:
    """The page of this site that the request came from, or the first page: never another host, nor an address that
    only takes forms.
    """
    whence = request.referrer or ""
    if not whence.startswith(request.host_url):
        return FIRST
    parts = urlsplit(whence)
    return _with_query(parts.path, parts.query) if _is_page(parts.path) else FIRST


def again() -> str:
    """Where the present page is had again. The answer to a form may stand at an address that only takes forms: then
    it is the page that the form stood on.
    """
    if request.method in ("GET", "HEAD"):
        return _with_query(_here(), urlencode(list(request.args.items(multi=True))))
    whence = came_from()
    return _here() if whence == FIRST and _is_page(_here()) else whence


def in_language(language: str, *, plain: bool = False) -> str:
    """The same page in another language; `plain`: without what this reader asked of it, for a page kept for all."""
    path, _mark, query = (_here(), "", "") if plain else again().partition("?")
    asked = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "lang"]
    return _with_query(path, urlencode([*asked, ("lang", language)]))


def _here() -> str:
    return safe_next(quote(request.script_root + request.path))


def _with_query(path: str, query: str) -> str:
    return safe_next(path + ("?" + query if query else ""))


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(unquote(path).removeprefix(request.script_root), method="GET")
