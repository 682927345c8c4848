"""Another year like this one, with its dates moved; another program on this installation."""

import tomllib
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, hx, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.i18n import pick
from portal.programs import actions, files, queries, rules, stored, timeline
from portal.programs.definition import DefinitionErrors
from portal.programs.definition.shape import offset_from
from portal.programs.definition.windows import moment
from portal.programs.forms.years import FoundForm, YearForm
from portal.programs.models import Cycle
from portal.programs.views.base import bp, find_cycle
from portal.programs.whole import whole_cycle

YEAR = timedelta(weeks=52)  # the same weekday


def moved(cycle: Cycle, form: YearForm) -> timeline.Picture | None:
    """The windows as they will stand: the same days after the new opening, at the same hour on the wall.

    None without a day.
    """
    day = form.opening_day.data
    if day is None:
        return None
    zone = ZoneInfo(cycle.program.time_zone)
    notes = {True: _("The panel scores"), False: _("Nominees take part")}

    def again(at: datetime | None) -> datetime:
        offset = offset_from(stored.offset(at, cycle.opening_day, zone))
        assert offset is not None  # just written
        return moment(offset, day, zone)

    spans = [
        (
            w.name,
            notes[w.key.endswith(".scoring")] if w.round_id else "",
            again(w.opens_at),
            again(w.closes_at or w.opens_at),
        )
        for w in cycle.windows
    ]
    return timeline.picture(spans, clock.now(), zone)


def show_copy(cycle: Cycle, form: YearForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page, or the dates alone to htmx."""
    return hx.page(
        "programs/copy.html",
        "programs/_picture.html",
        status=status,
        cycle=cycle,
        form=form,
        picture=moved(cycle, form),
        **more,
    )


@bp.get("/cycles/<public_id>/copy")
@web.requires(rules.EDIT, find_cycle)
def copy(cycle: Cycle) -> ResponseReturnValue:
    """What a year like this one would look like; a day in the address moves the picture."""
    typed = YearForm(request.args, meta={"csrf": False}) if "opening_day" in request.args else None
    form = YearForm(formdata=None)
    day = typed.opening_day.data if typed else None
    form.opening_day.data = day or cycle.opening_day + YEAR
    form.cycle_name.data = str(int(cycle.name) + 1) if cycle.name.isdecimal() else ""
    return show_copy(cycle, form)


@bp.post("/cycles/<public_id>/copy")
@web.requires(rules.EDIT, find_cycle)
def begin_year(cycle: Cycle) -> ResponseReturnValue:
    """Makes the draft."""
    form = YearForm()
    if not form.validate():
        return show_copy(cycle, form, 422)
    data = {"name": form.cycle_name.data or "", "opening_day": form.opening_day.data}
    try:
        with transaction():
            made = actions.copy_year(cycle, web.current_person(), **data)
    except Mistaken as mistake:
        form.cycle_name.errors = [str(mistake)]
        return show_copy(cycle, form, 422)
    except DefinitionErrors as errors:
        return show_copy(cycle, form, 422, elsewhere=[str(each) for each in errors.problems])
    flash(_("The year %(name)s is a draft: look at its dates, then publish it.", name=made.name))
    return hx.go(url_for("programs.year", public_id=made.public_id))


def models(person: Any) -> dict[str, tuple[str, Any]]:
    """What a new program may begin as: the shipped ones, and the newest year of each that this person organizes."""
    found: dict[str, tuple[str, Any]] = {}
    for name in files.default_names():
        found[f"file:{name}"] = (_("%(name)s, as it comes with Laurel", name=name), None)
    mine = [program for program in queries.all_programs() if person.holds("organizer", program)]
    newest = queries.newest_cycles([program.id for program in mine])
    for program in mine:
        cycle = newest.get(program.id)
        if cycle is not None:
            found[f"cycle:{cycle.public_id}"] = (f"{pick(program.name)}, {cycle.name}", cycle)
    return found


def data_like(key: str, cycle: Any) -> dict[str, Any]:
    """The values of what a program begins as."""
    if cycle is not None:
        return stored.whole_of(whole_cycle(cycle.public_id) or cycle)
    data = tomllib.loads(files.find(key.removeprefix("file:")).read_text(encoding="utf-8"))
    data["program"].pop("schools_file", None)  # the directory is brought by its own import
    return data


@bp.get("/programs/new")
@web.requires(rules.FOUND)
def new() -> ResponseReturnValue:
    """The form for another program."""
    known = models(web.current_person())
    form = FoundForm().offer([(key, name) for key, (name, _cycle) in known.items()])
    return hx.page("programs/new.html", form=form)


@bp.post("/programs/new")
@web.requires(rules.FOUND)
def found() -> ResponseReturnValue:
    """Makes the program as a draft; whoever founds it organizes it."""
    person = web.current_person()
    known = models(person)
    form = FoundForm().offer([(key, name) for key, (name, _cycle) in known.items()])
    if not form.validate():
        return hx.page("programs/new.html", status=422, form=form)
    data = data_like(form.like.data, known[form.like.data][1])
    data["program"] |= {"name": form.name.data, "slug": form.slug.data, "contact": form.contact.data}
    data["program"] |= {"short_name": (form.name.data or "")[:30], "mail_sender": form.name.data}
    day, called = form.opening_day.data, form.cycle_name.data or ""
    try:
        with transaction():
            program = actions.found_program(data, person, cycle_name=called, opening_day=day)
    except Mistaken as mistake:
        form.slug.errors = [str(mistake)]
        return hx.page("programs/new.html", status=422, form=form)
    except DefinitionErrors as errors:
        sentences = [str(each) for each in errors.problems]
        return hx.page("programs/new.html", status=422, form=form, elsewhere=sentences)
    flash(_("%(name)s is a draft: its page is not listed anywhere yet.", name=pick(program.name)))
    return hx.go(url_for("programs.year", public_id=queries.cycles_of(program)[0].public_id))
