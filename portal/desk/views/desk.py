"""The desk: what needs me today, in order, one button each; for staff also how the cycle stands."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.models import Person
from portal.accounts.rules import ROLE_NAMES
from portal.core import clock, hx, outbox, pages, web
from portal.core.access import may
from portal.core.errors import NotThere
from portal.desk import figures, nav, todos
from portal.desk.find import program_for, programs_of
from portal.desk.queries import cycle as queries
from portal.nominations.rules import GROUPS
from portal.nominations.rules.files import GROUP_NAMES
from portal.programs import queries as programs
from portal.programs.models import Cycle, Program
from portal.programs.rules import is_open, window_named

bp = Blueprint("desk", __name__)


def find_cycle(person: Person, public_id: str) -> Cycle | None:
    """A cycle of a program in which this person has a role."""
    cycle = programs.cycle_by_public_id(public_id)
    return cycle if cycle is not None and person.holds(tuple(ROLE_NAMES), cycle) else None


@bp.get("/desk")
@web.requires("desk.see")
def desk() -> ResponseReturnValue:
    """Every role the person holds, in one list."""
    person = web.current_person()
    mine = programs_of(person)
    program = program_for(person, "desk.see_figures") if mine else None
    if mine and program is None:
        raise NotThere()
    cycle = None
    if program is not None:
        web.show_program(program)
        cycle = programs.current_among(programs.cycles_of(program), clock.now())
    context: dict[str, Any] = {"cycle": cycle, "mine": mine, "board": None, "organizes": False}
    found: list[todos.Todo] = []
    if cycle is not None and may(person, "desk.see_figures", cycle):
        counts, drawn = queries.counts(cycle), queries.pictures(cycle)
        context |= {"board": board(cycle, counts, drawn), "organizes": person.holds("organizer", cycle)}
        if context["organizes"]:
            found += todos.organizer_todos(cycle, counts) + quiet(cycle, drawn)
    found += todos.of_everybody(person, program, cycle)
    items = todos.in_order(found)
    return hx.page(
        "desk/desk.html",
        hello=greeting(person, len(items)),
        items=items,
        clock=deadline(cycle),
        today=clock.today(),
        site_url=nomination_page(program),
        more=nav.more_links(person, program, cycle) if program is not None else [],
        **context,
    )


def nomination_page(program: Program | None) -> str:
    """The address to share, whole; "" without a program."""
    return outbox.address("nominations_public.start", slug=program.slug) if program is not None else ""


def greeting(person: Person, n: int) -> str:
    """ "Good morning, Renée. Three things need you." """
    hour = clock.now().astimezone(clock.zone()).hour
    first = person.name.split()[0] if person.name.split() else person.name
    hello = (
        _("Good morning, %(name)s.", name=first)
        if hour < 12
        else _("Good afternoon, %(name)s.", name=first)
        if hour < 18
        else _("Good evening, %(name)s.", name=first)
    )
    words = ("", _("One"), _("Two"), _("Three"), _("Four"), _("Five"), _("Six"), _("Seven"), _("Eight"), _("Nine"))
    if n == 0:
        return hello + " " + _("Nothing needs you now.")
    count = words[n] if n < len(words) else str(n)
    return hello + " " + ngettext("%(count)s thing needs you.", "%(count)s things need you.", n, count=count)


def deadline(cycle: Cycle | None) -> figures.Clock | None:
    """The clock to the next moment that matters in the cycle."""
    return figures.next_deadline(cycle.windows, clock.now()) if cycle is not None else None


def quiet(cycle: Cycle, drawn: queries.Pictures) -> list[todos.Todo]:
    """While nominations are open: the district that is much quieter than the others."""
    district = figures.quiet_district(drawn.schools) if is_open(cycle.windows, "nominations", clock.now()) else None
    if district is None:
        return []
    heard, total = drawn.schools[district]
    return [todos.quiet_todo(cycle, drawn.districts.get(district, ""), heard, total)]


def board(cycle: Cycle, counts: dict[str, int], drawn: queries.Pictures) -> dict[str, Any]:
    """The pictures, as the macros of `_kit/charts.html` read them."""
    return {
        "counts": counts,
        "funnel": funnel(counts),
        "heat": heat(drawn),
        "schools": [(drawn.districts.get(d, ""), *drawn.schools.get(d, (0, 0))) for d in drawn.districts],
        "silent": sum(total - heard for heard, total in drawn.schools.values()),
        "total_schools": sum(total for _heard, total in drawn.schools.values()),
        "days": days(cycle, drawn),
    }


def funnel(counts: dict[str, int]) -> list[dict[str, Any]]:
    """From nominations to eligible files."""
    n = counts
    waits = n["sent"] - n["proven"]
    said_no = n["declined"] + n["erased"]
    steps = [
        (_("Nominations sent"), n["sent"], ngettext("by one person", "by %(num)s people", n["people"])),
        (_("Address confirmed"), n["proven"], ngettext("one waits for a click", "%(num)s wait for a click", waits)),
        (_("Educators named"), n["educators"], _("some are named more than once")),
        (_("Told and asked"), n["asked"], ngettext("one can be asked now", "%(num)s can be asked now", n["ready"])),
        (
            _("Said yes"),
            n["accepted"],
            _("%(waiting)s have not answered; %(no)s said no", waiting=n["waiting"], no=said_no),
        ),
        (
            _("Screened: eligible"),
            n["eligible"],
            _("%(out)s are not; %(wait)s wait for you", out=n["ineligible"], wait=n["to_screen"]),
        ),
    ]
    return [{"label": label, "n": number, "note": note} for label, number, note in steps]


def heat(drawn: queries.Pictures) -> dict[str, Any]:
    """Districts by who wrote; small numbers hidden."""
    rows: list[tuple[int | None, str]] = list(drawn.districts.items())
    if any(district is None for district, _group in drawn.groups):
        rows.append((None, _("Not known")))
    cells = {(d, g): drawn.groups.get((d, g), 0) for d, _name in rows for g in GROUPS}
    shown = figures.heat(cells)
    return {
        "columns": [GROUP_NAMES[g] for g in GROUPS],
        "rows": [(name, [shown[d, g] for g in GROUPS]) for d, name in rows],
    }


def days(cycle: Cycle, drawn: queries.Pictures) -> dict[str, Any] | None:
    """Nominations day by day, for the clock; None when there is no window of nominations."""
    window = window_named(cycle.windows, "nominations")
    if window is None or window.closes_at is None:
        return None
    zone = clock.zone()
    opens, closes = window.opens_at.astimezone(zone).date(), window.closes_at.astimezone(zone).date()
    bars = figures.bars(drawn.days, opens, closes, clock.today())
    return {"bars": bars, "first": clock.day(opens), "last": clock.day(closes), "sent": sum(n for n, _state in bars)}


@bp.get("/cycles/<public_id>/silent-schools")
@web.requires("desk.see_figures", find_cycle)
def silent(cycle: Cycle) -> ResponseReturnValue:
    """The schools of which nobody has written yet."""
    chosen = request.args.get("district", type=int)
    districts = programs.districts_of(cycle.program_id)
    page = pages.page_of(queries.silent_schools(cycle, chosen))
    names = {d.id: d.name for d in districts}
    return hx.page("desk/silent.html", cycle=cycle, page=page, districts=districts, names=names, chosen=chosen)


@bp.get("/desk/<slug>/<any(files, panel, results, convening):place>")
@web.requires("desk.see", lambda person, slug: next((p for p in programs_of(person) if p.slug == slug), None))
def go(program: Program, place: str) -> ResponseReturnValue:
    """Where the header's links lead: the page of this name of the cycle that runs now."""
    cycle = programs.current_among(programs.cycles_of(program), clock.now())
    return hx.go((nav.address(place, program, cycle) if cycle else "") or url_for("desk.desk", program=program.slug))
