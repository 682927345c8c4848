"""The public pages of a program: its home, its colors, privacy and accessibility in plain words."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from portal.core import hx, web
from portal.core.access import may
from portal.core.db import db
from portal.nominations.rules.nominate import form_settings
from portal.programs import colors
from portal.programs.models import Program
from portal.programs.queries import all_programs, listed_programs
from portal.programs.rules import SEE_YEAR
from portal.programs.visiting import find_public
from portal.site import frontdoor, navigation, queries

bp = Blueprint("site", __name__)


@bp.get("/")
@web.public()
def home() -> ResponseReturnValue:
    """The one program, or the list of all that have published a year; drafts only for their staff."""
    programs = listed_programs() or [p for p in all_programs() if may(web.current_person(), SEE_YEAR, p)]
    if len(programs) == 1:
        return redirect(url_for("site.program", slug=programs[0].slug))
    return hx.page("site/home.html", programs=programs)


@bp.get("/awards/<slug>/")
@web.public(find_public)
def program(found: Program) -> ResponseReturnValue:
    """The program's page; for a visitor who is nobody yet it is the same for everybody, and kept (see `frontdoor`)."""
    page = queries.program_page(found)
    stranger = web.current_person() is None
    html = render_template("site/program.html", page=page, texts=found.texts, shared=stranger)
    response = make_response(html)
    response.vary.update(("Accept-Language", "Cookie", "HX-Request"))
    if stranger:
        response.set_etag(frontdoor.etag_of(html))
        response.headers["Cache-Control"] = "no-cache"
        frontdoor.keep(request.environ, page.version, page.good_until)
    return response


@bp.get("/awards/<slug>/theme.css")
@web.public(find_public)
def theme(found: Program) -> ResponseReturnValue:
    """The program's colors as custom properties, for light, dark and print."""
    response = Response(theme_css(found.colors), mimetype="text/css")
    named_by_version = request.args.get("v") == str(found.version)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if named_by_version else "no-cache"
    return response


@bp.get("/awards/<slug>/privacy")
@web.public(find_public)
def privacy(found: Program) -> ResponseReturnValue:
    """What is kept about whom, for how long, and who sees it."""
    asked = form_settings(found)
    return hx.page("site/privacy.html", adult_age=asked.adult_age, drafts_kept_days=asked.drafts_kept_days)


@bp.get("/awards/<slug>/accessibility")
@web.public(find_public)
def accessibility(found: Program) -> ResponseReturnValue:
    """How these pages are made to work for everyone, and whom to tell when one does not."""
    return hx.page("site/accessibility.html")


def theme_css(chosen: dict[str, Any]) -> str:
    """A program's stylesheet; the themes that were computed when its file was loaded, or else from its accent."""
    accent = chosen.get("accent") or "#1f4a36"
    light = chosen.get("light") or colors.light_theme(accent)._asdict()
    dark = chosen.get("dark") or colors.dark_theme(accent, chosen.get("accent_dark"))._asdict()
    return (
        f":root{_block(light)}\n"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){_block(dark)}}}\n'
        f'@media screen{{:root[data-theme="dark"]{_block(dark)}}}\n'
        f"@media print{{:root{_block(light)}}}\n"
    )


def _block(theme: dict[str, str]) -> str:
    # In the fields' own order: a database may hand the keys back in another one.
    shown = [(name, theme[name]) for name in colors.Theme._fields if colors.is_color(theme.get(name, ""))]
    pairs = (f"--{name.replace('_', '-')}:{value}" for name, value in shown)
    return "{" + ";".join(pairs) + "}"


def dollars(amount: int) -> str:
    """Whole US dollars, written alike in English and US Spanish: "$7,500"."""
    return f"${amount:,}"


@bp.record_once
def _settle(state: BlueprintSetupState) -> None:
    """Puts the front door before the application and gives every page its frame."""
    app: Flask = state.app  # type: ignore[assignment]
    app.jinja_env.filters.update(dollars=dollars)
    app.context_processor(lambda: navigation.frame(getattr(g, "program", None)))
    app.wsgi_app = frontdoor.FrontDoor(app, app.wsgi_app, _version_reader(app))  # type: ignore[method-assign]


def _version_reader(app: Flask) -> Callable[[str], str | None]:
    """Reads a page's version on a connection of its own, outside any request."""
    engines: list[Engine] = []  # looked up at the first request: the engine belongs to the process that serves

    def read(slug: str) -> str | None:
        if not engines:
            with app.app_context():
                engines.append(db.engine)
        with engines[0].connect() as connection:
            return queries.page_version(connection, slug)

    return read


BLUEPRINTS = (bp,)
