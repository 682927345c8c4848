"""The first page: whether nominations are open, how old the nominator is, and drafts that this browser has begun."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.core import hx, i18n, web
from portal.core.db import transaction
from portal.core.limits import limiter
from portal.nominations.actions import drafts
from portal.nominations.forms.nomination import AgeForm, EducatorForm
from portal.nominations.queries import nomination as reads
from portal.nominations.views.public import holding
from portal.nominations.views.public.base import bp, called, find_place
from portal.programs import queries as programs
from portal.programs.models import Program
from portal.programs.visiting import find_public
from portal.questions.rules import is_own


def _first_page(place: reads.Place, form: AgeForm, status: int = 200) -> ResponseReturnValue:
    own = reads.unfinished(place.cycle, list(holding.held())) if place.cycle else []
    begun = [(called(n.answers), n) for n in own]
    return hx.page("nominations/nominate/start.html", place=place, form=form, begun=begun, status=status)


@bp.get("/awards/<slug>/nominate")
@web.public(find_place)
def start(place: reads.Place) -> ResponseReturnValue:
    if not place.is_open:
        return hx.page("nominations/nominate/closed.html", place=place)
    return _first_page(place, AgeForm(place.program, formdata=None, data={"start": holding.starting()}))


@bp.post("/awards/<slug>/nominate")
@limiter.limit("300 per minute")
@web.public(find_place)
def begin(place: reads.Place) -> ResponseReturnValue:
    form = AgeForm(place.program)
    if not place.is_open or place.cycle is None:
        return hx.page("nominations/nominate/closed.html", place=place, status=409)
    if not form.validate():
        return _first_page(place, form, status=422)
    public_id = holding.to_begin(form.start.data or "")
    slug, under = place.program.slug, form.age.data == "under"
    with transaction():
        drafts.begin(place.cycle, public_id, form.age.data, i18n.language())
    if public_id not in holding.held():
        holding.hold(public_id)
    step = "helper" if under else "educator"
    return hx.go(url_for("nominations_public.show_step", slug=slug, public_id=public_id, step=step))


@bp.get("/awards/<slug>/nominate/schools")
@web.public(find_public)
def schools(program: Program) -> ResponseReturnValue:
    """The schools that fit what is typed, to choose from: the same piece that the page of the educator includes."""
    asked = {k: request.args.get(k, "")[:300] for k in ("school", "school_choice", "district")}
    pick = reads.school_pick(program.id, asked["school"], asked["school_choice"])
    form = EducatorForm(program, pick, programs.districts_of(program.id), formdata=None, data=asked)
    return hx.page("nominations/nominate/_schools.html", form=form, pick=pick, program_slug=program.slug)


@bp.get("/awards/<slug>/nominate/school-names")
@web.public(find_public)
def school_names(program: Program) -> ResponseReturnValue:
    """Names of schools that fit what is typed, for questions of the organizers' own that ask for a school."""
    key = next((name for name in request.args if is_own(name)), "")
    found = reads.school_pick(program.id, request.args.get(key, "")[:300], "").candidates if key else []
    return hx.page("nominations/nominate/_names.html", key=key, schools=found)
