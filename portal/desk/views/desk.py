"""The desk: what needs me today, in order, one button each; for staff also how the cycle stands."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.accounts.rules import ROLE_NAMES
from portal.core import clock, hx, outbox, web
from portal.core.access import may
from portal.core.errors import NotThere
from portal.core.i18n import ngettext
from portal.desk import figures, nav, todos
from portal.desk.find import programs_of
from portal.desk.queries import cycle as queries
from portal.desk.queries import roles, work
from portal.desk.queries.picture import shown_districts
from portal.desk.voices import voices_of
from portal.nominations.rules import GROUPS
from portal.nominations.rules.files import GROUP_NAMES
from portal.programs import queries as programs
from portal.programs.models import Cycle, Program
from portal.programs.rules import FOUND, is_open, window_named

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
    mine = roles.programs_and_cycles(person)
    program, cycle = chosen(person, mine)
    if program is not None:
        web.show_program(program)
    seats = seats_of(person)
    drawn, found = None, todos_of_roles(person, seats)
    if cycle is not None and may(person, "desk.see_figures", cycle):
        counts, pictures = queries.counts(cycle, work.staff_numbers(cycle, person)), queries.pictures(cycle)
        drawn = board(cycle, counts, pictures)
        if person.holds("organizer", cycle):
            found += todos.organizer_todos(cycle, counts) + quiet(cycle, pictures)
            found += todos.organizer_numbers_todos(cycle.program, counts)
    if cycle is not None and leads(person, cycle):
        found += todos.leading_todos(person, cycle, work.rounds(person, cycle))
    items = todos.in_order(found)
    return hx.page(
        "desk/desk.html",
        hello=greeting(person, len(items)),
        items=items,
        cycle=cycle,
        mine=[each for each, _cycles in mine],
        board=drawn,
        clock=deadline(cycle) if drawn else figures.next_due(seats, clock.now()) or deadline(cycle),
        today=clock.today(),
        site_url=nomination_page(program),
        more=nav.more_links(person, program, cycle or newest(program, mine)) if program is not None else [],
        founds=program is None and bool(may(person, FOUND)),
    )


def newest(program: Program, mine: list[tuple[Program, list[Cycle]]]) -> Cycle | None:
    """The program's newest year, published or not: what its organizers set up."""
    return next((cycles[0] for each, cycles in mine if each.id == program.id and cycles), None)


@bp.get("/desk/programs")
@web.requires("desk.see")
def programs_page() -> ResponseReturnValue:
    """Every program in which the person has a role, and what they are in it."""
    person = web.current_person()
    held: dict[int, list[str]] = {}
    for role in person.roles:
        if role.holds_now() and ROLE_NAMES[role.name] not in held.setdefault(role.program_id, []):
            held[role.program_id].append(ROLE_NAMES[role.name])
    rows = [(program, held[program.id]) for program in programs_of(person)]
    return hx.page("desk/programs.html", rows=rows, founds=bool(may(person, FOUND)))


def chosen(person: Person, mine: list[tuple[Program, list[Cycle]]]) -> tuple[Program | None, Cycle | None]:
    """The program asked for, else the first that this person works for, else the first; with the cycle that runs."""
    asked = request.args.get("program")
    fitting = [each for each in mine if each[0].slug == asked] if asked else mine
    if not mine:
        return None, None
    if not fitting:
        raise NotThere()
    program, cycles = next((each for each in fitting if may(person, "desk.see_figures", each[0])), fitting[0])
    return program, programs.current_among(cycles, clock.now())


def leads(person: Person, cycle: Cycle) -> bool:
    """Whether the person leads anything in this program (a chair's role may be for one panel)."""
    return any(
        role.program_id == cycle.program_id and role.name in ("organizer", "chair") and role.holds_now()
        for role in person.roles
    )


def seats_of(person: Person) -> list[work.SeatRow]:
    """Where the person reads; nobody else is asked for."""
    reads = any(role.name in ("reviewer", "chair") and role.holds_now() for role in person.roles)
    return work.seats(person) if reads else []


def todos_of_roles(person: Person, seats: list[work.SeatRow]) -> list[todos.Todo]:
    """What is the person's own, in whatever program: files to read, sessions to answer for, the Collective."""
    held = {role.name for role in person.roles if role.holds_now()}
    found = todos.reading_todos(seats)
    if "member" in held:
        found += todos.member_todos(work.own_proposals(person), work.memberships(person), person)
    return found


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
        "schools": school_rows(drawn),
        "silent": sum(total - heard for heard, total in drawn.schools.values()),
        "total_schools": sum(total for _heard, total in drawn.schools.values()),
        "days": days(cycle, drawn),
    }


def school_rows(drawn: queries.Pictures) -> list[tuple[str, int, int]]:
    """(district, schools heard from, all); of very many districts those that wrote most, the others together."""
    own, rest = shown_districts(drawn)
    rows = [(drawn.districts[d], *drawn.schools.get(d, (0, 0))) for d in own]
    if rest:
        others = [drawn.schools.get(d, (0, 0)) for d in rest]
        rows.append((_("All other districts"), sum(yes for yes, _n in others), sum(n for _yes, n in others)))
    return rows


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
            ngettext("one has not answered", "%(num)s have not answered", n["waiting"])
            + "; "
            + ngettext("one said no", "%(num)s said no", said_no),
        ),
        (
            _("Screened: eligible"),
            n["eligible"],
            ngettext("one is not", "%(num)s are not", n["ineligible"])
            + "; "
            + ngettext("one waits for you", "%(num)s wait for you", n["to_screen"]),
        ),
    ]
    return [{"label": label, "n": number, "note": note} for label, number, note in steps]


def heat(drawn: queries.Pictures) -> dict[str, Any]:
    """Districts by who wrote; small numbers hidden."""
    voices = voices_of(drawn)
    return {
        "columns": [GROUP_NAMES[g] for g in GROUPS],
        "rows": [(row.name, voices.cells(row.key)) for row in voices.rows],
    }


def days(cycle: Cycle, drawn: queries.Pictures) -> dict[str, Any] | None:
    """Nominations day by day, for the clock; None when there is no window of nominations."""
    window = window_named(cycle.windows, "nominations")
    if window is None or window.closes_at is None:
        return None
    zone = clock.zone()
    opens, closes = window.opens_at.astimezone(zone).date(), window.closes_at.astimezone(zone).date()
    bars = figures.bars(drawn.days, opens, closes, clock.today())
    return {
        "bars": bars,
        "table": figures.days_written(bars, closes),
        "first": clock.day(opens),
        "last": clock.day(closes),
        "sent": sum(n for n, _state in bars),
    }


@bp.get("/desk/<slug>/<any(files, panel, results, convening):place>")
@web.requires("desk.see", lambda person, slug: next((p for p in programs_of(person) if p.slug == slug), None))
def go(program: Program, place: str) -> ResponseReturnValue:
    """Where the header's links lead: the page of this name in the cycle that runs now, else the desk."""
    person = web.current_person()
    cycle = programs.current_among(programs.cycles_of(program), clock.now())
    target = ""
    if place == "convening":
        staff = person.holds(("organizer", "auditor"), program)
        target = nav.known("convenings.all_of", slug=program.slug) if staff else nav.known("convenings.own")
    elif cycle is not None and place == "files":
        target = nav.known("nominations_organizer.files", public_id=cycle.public_id)
    elif cycle is not None:
        rows = work.rounds(person, cycle)
        row = next((each for each in reversed(rows) if each.panel is not None), rows[0] if rows else None)
        endpoint = {"panel": "review.panel", "results": "selection.results"}[place]
        target = nav.known(endpoint, public_id=row.round.public_id) if row else ""
    return hx.go(target or url_for("desk.desk", program=program.slug))
