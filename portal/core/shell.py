"""What every template may use: the program's identity, navigation, dates, permissions; and the core's own routes."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Flask, Response, g, has_request_context, jsonify, request
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from jinja2 import Template
from sqlalchemy import text

from portal.core import access, clock, dress, forms, i18n, kept, ornament, plots, ways, web
from portal.core.db import db

bp = Blueprint("core", __name__)
NavBuilder = Callable[[Any, Any], list[dict[str, Any]]]
_nav: list[NavBuilder] = []


class Links:
    """The header's links, built when a template asks for them: a fragment never does."""

    def __init__(self, person: Any, program: Any) -> None:
        self._of = person, program
        self._built: list[dict[str, Any]] | None = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self._built is None:
            self._built = _nav[0](*self._of) if _nav else []
        return iter(self._built)

    def __bool__(self) -> bool:
        return any(True for _link in self)


def navigation(builder: NavBuilder) -> NavBuilder:
    """Registers the function (person, program) -> [{label, url, current}] that builds the header's navigation."""
    _nav[:] = [builder]
    return builder


@bp.get("/kept/<public_id>")
@web.public()
def kept_form(public_id: str) -> Response:
    """A form that could not be taken, offered again to the browser that typed it."""
    return kept.show(public_id)


@bp.get("/health")
@web.public()
def health() -> Response:
    """Whether the server answers and reaches its database."""
    db.session.execute(text("SELECT 1"))
    return jsonify(ok=True)


class KitTemplate(Template):
    """A template whose macros are imported at once. Jinja compares the globals of the two templates at each import, to
    see whether some were given to one template alone; here all are the environment's own, so they never differ.
    """

    def _get_default_module(self, _ctx: Any = None) -> Any:
        if self._module is None:
            self._module = self.make_module()
        return self._module


def _context() -> dict[str, Any]:
    program = getattr(g, "program", None)
    locale = get_locale()
    shared: dict[str, Any] = {
        "program": program,
        "program_name": i18n.pick(program.name) if program else "Laurel",
        "program_tagline": i18n.pick(program.tagline) if program else "",
        "locale": locale.language if locale else "en",
    }
    if has_request_context():
        person = web.current_person()
        settings = web.current_app.config["PORTAL"]
        shared.update(
            person=person,
            demo=settings.demo,
            mailbox_url="/mailbox",
            demo_people_url="/demo",
            home_url=f"/awards/{program.slug}/" if program else "/",
            nav=Links(person, program),
            may=lambda name, thing=None: access.may(person, name, thing),
            csrf_token=generate_csrf,
            here=request.path,
        )
    return shared


def init_app(app: Flask) -> None:
    """Registers filters, the shared context and the core's routes."""
    app.register_blueprint(bp)
    app.context_processor(_context)
    app.jinja_env.template_class = KitTemplate
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(wreath_of=ornament.wreath, sprig_of=ornament.sprig, said=dress.said)
    app.jinja_env.globals.update(came_from=ways.came_from, again=ways.again, in_language=ways.in_language)
    app.jinja_env.globals.update(plot_at=plots.at, plot_lines=plots.lines, plot_interval=plots.interval)
    app.jinja_env.globals.update(plot_cells=plots.cells, signed=plots.signed)
    app.jinja_env.filters.update(
        when=clock.when,
        day=clock.day,
        month=clock.month,
        long_day=clock.long_day,
        clock_time=clock.clock_time,
        number=i18n.counted,
        percent=i18n.percent,
        wordcount=forms.words,
        pick=i18n.pick,
        breaking=i18n.breaking,
    )
