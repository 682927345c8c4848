"""Changing one section of a program: the form, its lists' buttons, the picture of the dates, saving."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import asked, clock, hx, paging, web
from portal.core.db import transaction
from portal.core.errors import NotThere
from portal.core.i18n import pick
from portal.programs import actions, rules, stored, timeline
from portal.programs.definition import DefinitionErrors, ProgramDefinition, read_definition
from portal.programs.forms import RUBRIC, SECTIONS, Section
from portal.programs.forms.dates import Dates, why_times_stay
from portal.programs.forms.looks import Looks, verdict
from portal.programs.forms.rounds import rubric_form
from portal.programs.models import Cycle
from portal.programs.queries import frozen_rubrics
from portal.programs.views.base import bp, find_cycle, tell
from portal.programs.views.looks import save_logo, typed_files
from portal.programs.whole import parts_of

Data = dict[str, Any]


def form_of(section: str, data: Data) -> type[Section]:
    """The form of a section, or of a rubric ("rubric-file"); an unknown one is not there."""
    if section in SECTIONS:
        return SECTIONS[section]
    keys = [each["key"] for each in data["rubrics"]]
    key = section.removeprefix(RUBRIC)
    if section.startswith(RUBRIC) and key in keys:
        return rubric_form(keys.index(key), key)
    raise NotThere()


def opened(cycle: Cycle, section: str, formdata: Any = None) -> tuple[Section, Data]:
    """The form as held or as typed, what may no longer change being fixed; and the file's values as held."""
    data = stored.data_of(cycle)
    words, number = asked.text(request.args, "q"), paging.asked_page()
    form = form_of(section, data).of(cycle, data, formdata, words=words, number=number)
    at = clock.now()
    reasons = rules.fixed(cycle, at)
    if section.startswith(RUBRIC):
        key = section.removeprefix(RUBRIC)
        if key in frozen_rubrics(cycle):
            reasons |= {"criteria": rules.FROZEN, "called": rules.FROZEN}
    form.fix(reasons)
    if isinstance(form, Dates):
        form.fix_times(why_times_stay(cycle.windows, cycle.state == "published", at))
    return form, data


def show(cycle: Cycle, section: str, form: Section, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The section's page, or its form alone to htmx."""
    if isinstance(form, Dates):
        more["picture"] = typed_picture(cycle, form)
    if isinstance(form, Looks):
        more["verdict"] = verdict(form.accent.data or "", form.accent_dark.data or None)
    return hx.page(
        "programs/edit.html", "programs/_edit.html", status=status, cycle=cycle, section=section, form=form, **more
    )


@bp.get("/cycles/<public_id>/edit/<section>")
@web.requires(rules.EDIT, find_cycle)
def edit(cycle: Cycle, section: str) -> ResponseReturnValue:
    """One section as it is held."""
    form, _data = opened(cycle, section)
    return show(cycle, section, form)


@bp.post("/cycles/<public_id>/edit/<section>")
@web.requires(rules.EDIT, find_cycle)
def save(cycle: Cycle, section: str) -> ResponseReturnValue:
    """Saves a section, or does what a list's button says (which saves nothing yet)."""
    form, data = opened(cycle, section, typed_files() if section == Looks.name else request.form)
    verb, _colon, rest = request.form.get("do", "").partition(":")
    if verb:
        name, _dot, place = rest.partition(".")
        number = asked.whole(place)
        form.shift(verb, name, -1 if number is None else number)
        return show(cycle, section, form, unsaved=True)
    if form.held.data != form.now:
        form.held.data = form.now
        return show(cycle, section, form, 409, overtaken=True)
    return checked(cycle, section, form, data) or hx.go(url_for("programs.year", public_id=cycle.public_id))


def checked(cycle: Cycle, section: str, form: Section, data: Data) -> ResponseReturnValue | None:
    """Saves what was typed and says what came of it; the page with every mistake when there is one."""
    if not form.validate():
        return show(cycle, section, form, 422)
    new = form.typed(data)
    try:
        definition = read_definition(new)
    except DefinitionErrors as errors:
        return show(cycle, section, form, 422, elsewhere=form.take(errors.problems))
    report = save_typed(cycle, form, definition, new, data)
    if isinstance(form, Looks):
        save_logo(cycle, form, report)
    tell(report)
    return None


def save_typed(cycle: Cycle, form: Section, definition: ProgramDefinition, new: Data, data: Data) -> actions.LoadReport:
    """Brings to the database what differs; everything was checked before the transaction begins."""
    parts = frozenset(key for key in new if new[key] != data.get(key))
    seen, day = cycle.program.version, form.opening_day()
    with transaction(keeping=parts_of(cycle)):
        return actions.change_year(cycle, definition, web.current_person(), parts=parts, opening_day=day, seen=seen)


def typed_picture(cycle: Cycle, form: Dates) -> timeline.Picture | None:
    """The year as typed; a window that can't be read or ends before it begins is left out."""
    zone = ZoneInfo(cycle.program.time_zone)
    boxes = [(form[key].form["name"].data, "", form[key].form) for key in ("nominations", "consent")]
    for entry in form.rounds.entries:
        boxes.append((entry.label.text, _("Nominees take part"), entry.form.window.form))
        boxes.append((entry.label.text, _("The panel scores"), entry.form.scoring.form))
    boxes += [(form[key].form["name"].data, "", form[key].form) for key in ("notices", "ceremony")]
    spans = [
        (pick(label), note, box.opens.data.replace(tzinfo=zone), box.closes.data.replace(tzinfo=zone))
        for label, note, box in boxes
        if box.opens.data and box.closes.data and box.opens.data <= box.closes.data
    ]
    return timeline.picture(spans, clock.now(), zone)


@bp.post("/cycles/<public_id>/edit/dates/picture")
@web.requires(rules.EDIT, find_cycle)
def dates_picture(cycle: Cycle) -> ResponseReturnValue:
    """The picture of dates that are being typed; nothing is saved."""
    form, _data = opened(cycle, Dates.name, request.form)
    assert isinstance(form, Dates)
    return hx.page("programs/_picture.html", picture=typed_picture(cycle, form))


@bp.post("/cycles/<public_id>/edit/looks/contrast")
@web.requires(rules.EDIT, find_cycle)
def contrast(cycle: Cycle) -> ResponseReturnValue:
    """Whether colors that are being typed can be read; nothing is saved."""
    accent, dark = (request.form.get(name, "").strip().lower() for name in ("accent", "accent_dark"))
    return hx.page("programs/_contrast.html", verdict=verdict(accent, dark or None))
