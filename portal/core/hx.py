"""The one seam to htmx: whole page or partial, redirects that htmx follows, headers set by hand."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request
from htmx_flask import Htmx

htmx = Htmx()


def wants_partial() -> bool:
    """Whether htmx asked for a fragment (not a boosted link, not a restored history entry)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page(template: str, partial: str | None = None, /, *, status: int = 200, **context: Any) -> Response:
    """The whole page, or its partial alone when htmx asks: one file, two uses. Varies by `HX-Request`."""
    name = partial if partial and wants_partial() else template
    response = make_response(render_template(name, **context), status)
    response.vary.add("HX-Request")
    return response


def go(url: str) -> Response:
    """Sends the browser on to a page after a change: 303, or `HX-Redirect` when htmx asked."""
    if request.headers.get("HX-Request") == "true":
        response = make_response("", 200)
        response.headers["HX-Redirect"] = url
        return response
    return redirect(url, 303)  # type: ignore[return-value]


def notice(template: str, status: int, **context: Any) -> Response:
    """A refusal answered to htmx: shown in the page's notice place, whatever the request's own target was."""
    response = make_response(render_template(template, **context), status)
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
