"""How a request is let in and how a refusal is shown: declared access on every route, error pages, response headers."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from portal.core import hx, kept, links
from portal.core.access import may
from portal.core.db import db, lost_a_deadlock
from portal.core.errors import Mistaken, NotThere, Refusal, Refused

DEADLOCKS = 3  # so often one request is answered anew
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def current_person() -> Any:
    """The signed-in person (the real object, never the login proxy), or None."""
    person = current_user._get_current_object() if current_user else None
    return person if person is not None and person.is_authenticated else None


def show_program(program: Any) -> None:
    """Makes this the program whose name, colors and time zone the page shows."""
    g.program = program


def _enter(thing: Any) -> None:
    program = getattr(thing, "program", None)
    if program is not None:
        show_program(program)


def _arguments(find: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    wanted = inspect.signature(find).parameters
    return {name: given.pop(name) for name in list(given) if name in wanted}


def _anew(enter: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Whoever lost a deadlock is let in anew, and never learns of it: what they began was taken back whole, and what
    had been committed before is as safe to repeat as a double click.
    """

    @wraps(enter)
    def entered(**given: Any) -> ResponseReturnValue:
        for _try in range(DEADLOCKS):
            try:
                return enter(**given)
            except DBAPIError as error:
                if not lost_a_deadlock(error):
                    raise
                db.session.rollback()
                for _name, upload in request.files.items(multi=True):
                    upload.seek(0)  # the first try has read it to its end
        return enter(**given)

    return entered


def requires(name: str, find: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """The route needs a signed-in person who may `name`, asked of the thing that `find(person, **url parts)` loads.

    `find` looks only among what this person may see: None is a 404. The view gets the thing first, then the parts of
    the address that `find` did not take. Without `find` the view gets no thing.
    """

    def door(person: Any, given: dict[str, Any]) -> Any:
        """The thing, for a person who may; raises NotThere or Refused. Takes out of `given` what `find` needs."""
        thing = find(person, **_arguments(find, given)) if find else None
        if find and thing is None:
            raise NotThere()
        _enter(thing)
        answer = may(person, name, thing)
        if not answer:
            raise Refused(answer.reason)
        return thing

    def wrap(view: View) -> View:
        @_anew
        @wraps(view)
        def entered(**given: Any) -> ResponseReturnValue:
            person = current_person()
            if person is None:
                return ask_to_sign_in()
            thing = door(person, given)
            return view(thing, **given) if find else view(**given)

        entered.access = ("requires", name)  # type: ignore[attr-defined]
        entered.door = door  # type: ignore[attr-defined]
        return entered  # type: ignore[return-value]

    return wrap


def public(find: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """The route is for everybody. With `find(**url parts)`, the thing is loaded (None: 404) and given to the view."""

    def wrap(view: View) -> View:
        @_anew
        @wraps(view)
        def entered(**given: Any) -> ResponseReturnValue:
            if find is None:
                return view(**given)
            thing = find(**_arguments(find, given))
            if thing is None:
                raise NotThere()
            _enter(thing)
            return view(thing, **given)

        entered.access = ("public", "")  # type: ignore[attr-defined]
        return entered  # type: ignore[return-value]

    return wrap


def by_link(purpose: str, find: Callable[[links.Link], Any], *, used: bool = False) -> Callable[[View], View]:
    """The route is for the bearer of a mailed link (`<token>` in the address): the view gets (thing, link).

    `used` also lets in a link that was used, to show what came of it. Dead links meet one answer, `Gone`.
    """

    def wrap(view: View) -> View:
        @_anew
        @wraps(view)
        def entered(*, token: str, **given: Any) -> ResponseReturnValue:
            link = links.open_link(purpose, token, used=used)
            thing = find(link)
            if thing is None:
                raise NotThere()
            _enter(thing)
            return view(thing, link, **given)

        entered.access = ("link", purpose)  # type: ignore[attr-defined]
        return entered  # type: ignore[return-value]

    return wrap


def remember(cookie: str) -> None:
    """Puts a sign-in's secret into this browser's signed cookie; whatever somebody else left there goes."""
    kept_form = session.get("kept")
    session.clear()
    session.permanent = True
    session["_user_id"], session["_fresh"] = cookie, True
    if kept_form:
        session["kept"] = kept_form


def device() -> str:
    """What the browser calls itself, for the list of one's sign-ins."""
    return request.user_agent.string


def ask_to_sign_in() -> Response:
    """Sends a stranger to sign in and back; what was posted is kept and offered again afterward."""
    back = request.full_path.rstrip("?")
    if request.method not in ("GET", "HEAD"):
        back = kept.keep() or _page_asking() or "/"
    login_view = current_app.login_manager.login_view  # type: ignore[attr-defined]
    return hx.go(url_for(login_view, next=back))


def _page_asking() -> str:
    """The path of the page that htmx asks from, which it names by its whole address; "" when it names none."""
    _scheme, _mark, named = request.headers.get("HX-Current-URL", "").partition("://")
    _host, slash, path = named.partition("#")[0].partition("/")
    return slash + path


def safe_next(target: str | None) -> str:
    """A path inside this site, or "/": never another host.

    Browsers drop tabs and line ends from an address, so that "/<tab>/evil.example" would leave the site.
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    if any(sign < " " or sign == "\x7f" for sign in target):
        return "/"
    return target


def _refused(error: Refusal) -> ResponseReturnValue:
    db.session.rollback()
    if hx.wants_partial():
        return hx.notice("errors/_notice.html", error.status, reason=error.reason, **error.context)
    context = {"reason": error.reason, **error.context}
    return make_response(render_template(error.template, **context), error.status)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    known = status if status in (403, 404, 409, 410, 422, 429, 500) else (404 if status == 405 else 422)
    if status < 400:
        return error
    if hx.wants_partial():
        return hx.notice("errors/_notice.html", status, reason=_("That did not work. Please load the page again."))
    reason = _too_large() if status == 413 else ""
    return make_response(render_template(f"errors/{known}.html", reason=reason), status)


def _too_large() -> str:
    most = current_app.config["MAX_CONTENT_LENGTH"] // (1024 * 1024)
    return _("This file is too large: at most %(most)s MB can be sent at once. Please choose a smaller one.", most=most)


def _broken(error: Exception) -> ResponseReturnValue:
    current_app.logger.exception("a request failed: %s %s", request.method, request.path)
    db.session.rollback()
    if current_app.config["PORTAL"].testing:
        raise error
    if hx.wants_partial():
        return hx.notice(
            "errors/_notice.html", 500, reason=_("Something broke on our side. What you typed is still here.")
        )
    return make_response(render_template("errors/500.html", reason=""), 500)


def _old_token(_error: CSRFError) -> ResponseReturnValue:
    """An old or missing token never loses what was typed: the page shows it and sends it again by a button.

    To htmx the answer brings a fresh token (no other site can read it): `laurel.js` puts it into the page, and a form
    that saves itself is sent again at once.
    """
    if hx.wants_partial():
        reason = _("You signed in or out in another window. Nothing you typed is lost: please press the button again.")
        answer = hx.notice("errors/_notice.html", 409, reason=reason)
        answer.headers["X-CSRFToken"] = generate_csrf()
        return answer
    return kept.resend_page(request.full_path.rstrip("?"), kept.typed_fields(), status=422)


def _no_nul() -> None:
    """No person types the sign NUL, and PostgreSQL takes no text with it: such a request is refused at the door."""
    typed = [text for name, values in (*request.args.lists(), *request.form.lists()) for text in (name, *values)]
    if any("\0" in text for text in (request.path, *typed)):
        raise Mistaken(_("This holds a sign that can't be read. Please remove it and try again."))


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cache-Control", "no-store")
    if current_app.config["PORTAL"].base_url.startswith("https://"):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    """Registers the refusals' pages and the headers of every answer."""
    # The cookie outlasts the sign-in row that it names: signing it anew in every answer would buy nothing.
    lasts = timedelta(days=app.config["PORTAL"].sign_in_days + 1)
    app.config.update(SESSION_REFRESH_EACH_REQUEST=False, PERMANENT_SESSION_LIFETIME=lasts)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _old_token)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)
    app.before_request(_no_nul)
    app.after_request(_headers)
