"""Loads a program's file: makes what is missing, changes what still may change, and names the rest with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import audit, clock
from portal.core.db import db, referred_to
from portal.core.i18n import pick
from portal.core.moves import move
from portal.programs import queries, rules
from portal.programs.actions.columns import program_columns
from portal.programs.actions.cycles import ask_to_edit, change_program, touch
from portal.programs.actions.load_cycle import load_categories, load_eligibility, load_rounds, load_windows
from portal.programs.actions.load_forms import load_forms
from portal.programs.actions.report import LoadReport, plain
from portal.programs.definition import ProgramDefinition
from portal.programs.models import Cycle, District, Program, Round, School
from portal.programs.schools import SchoolRow
from portal.programs.whole import read_anew, whole_cycle
from portal.questions import actions as questions
from portal.questions import purposes


@dataclass
class Load:
    """One load on its way: what the file says, when, what came of it, and the parts that it is about (None: all)."""

    definition: ProgramDefinition
    at: datetime
    report: LoadReport
    parts: frozenset[str] | None = None
    founds: bool = False  # whether the program is new
    seen: int | None = None  # the version of the program that its values were read in
    raised: bool = False  # whether the program has a new version by now

    def is_about(self, *parts: str) -> bool:
        """Whether any of these parts of the file (its top-level keys) is to be brought to the database."""
        return self.parts is None or bool(self.parts & set(parts))


def load_definition(
    definition: ProgramDefinition,
    by: Any,
    *,
    cycle_name: str,
    opening_day: date,
    schools: Iterable[SchoolRow] = (),
    publish: bool = True,
) -> LoadReport:
    """Bring the database to what the file says, as far as it still may change; the report names the rest.

    Texts, colors, settings, schools and windows that lie ahead may always change. What people already rely on may
    not: windows that have opened or closed, the rubric of a round once it is frozen, rounds and eligibility once
    nominations have opened, places once decisions are confirmed. Loading the same file again changes nothing.
    """
    load = Load(definition, clock.now(), LoadReport())
    program = _program(load, by)
    districts = _districts(load, program)
    _schools(load, program, districts, schools)
    load_forms(load.report, definition, program, by, founding=load.founds)
    cycle = _cycle(load, program, cycle_name.strip(), opening_day)
    _apply(load, cycle)
    if publish and cycle.state == "draft":
        move(rules.CYCLE, "publish", cycle, by)
        load.report.made.append(f"The cycle {cycle.name} is published.")
    _record(load, program, cycle, by)
    return load.report


def change_year(
    cycle: Cycle,
    definition: ProgramDefinition,
    by: Any,
    *,
    parts: frozenset[str],
    opening_day: date | None = None,
    seen: int | None = None,
) -> LoadReport:
    """The same for one cycle and its program, as far as these parts of the file differ from what the database holds.

    What may no longer change is named in the report with its reason, and the rest is done. `seen` is the program's
    version when its values were read: Overtaken when somebody changed it since.
    """
    ask_to_edit(by, cycle)
    load = Load(definition, clock.now(), LoadReport(), parts, seen=seen)
    program = cycle.program
    if program.time_zone != definition.time_zone:  # then every window is at another moment
        load.parts = parts | {"windows"}
    _update_program(load, program, by)
    if load.is_about("districts"):
        _districts(load, program)
    if load.is_about("categories"):  # the program's version does not tell whether the decisions are confirmed
        db.session.refresh(cycle, ["decisions_confirmed_at"], with_for_update=True)
    _update_cycle(load, cycle, opening_day or cycle.opening_day)
    _apply(load, cycle)
    _record(load, program, cycle, by)
    return load.report


def _apply(load: Load, cycle: Cycle) -> None:
    """What belongs to the cycle: rounds and rubrics, windows, categories, eligibility."""
    definition, report = load.definition, load.report  # less what the program refused
    # Whether people rely on this cycle is asked once, before its windows move.
    begun = rules.has_begun(cycle, load.at)
    rounds: dict[str, Round] = {}
    if load.is_about("rounds", "rubrics", "levels", "ties", "windows"):
        rounds = load_rounds(report, definition, cycle, begun=begun, rubrics=load.is_about("rubrics", "levels", "ties"))
    if load.is_about("windows", "rounds"):
        load_windows(report, definition, cycle, rounds, load.at)
    if load.is_about("categories"):
        load_categories(report, definition, cycle, begun=begun)
    if load.is_about("eligibility"):
        load_eligibility(report, definition, cycle, begun=begun)
    read_anew(cycle)


def _record(load: Load, program: Program, cycle: Cycle, by: Any) -> None:
    report = load.report
    report.program, report.cycle = program, cycle
    if report.is_quiet:
        return
    if not load.raised:
        touch(program.id, load.seen)
    counts = {"made": len(report.made), "changed": len(report.changed), "refused": len(report.refused)}
    if load.parts is None:
        audit.record(by, "program.loaded", program, cycle=cycle.name, **counts)
    else:
        audit.record(by, "program.changed", program, cycle=cycle.name, parts=sorted(load.parts), **counts)


def _program(load: Load, by: Any) -> Program:
    definition, report = load.definition, load.report
    program = db.session.scalar(select(Program).where(Program.slug == definition.slug))
    if program is None:
        columns = program_columns(definition)
        program = Program(slug=definition.slug, time_zone=definition.time_zone, **columns)
        db.session.add(program)
        db.session.flush()
        load.founds = True
        report.made.append(f"The program {definition.name}, at /awards/{definition.slug}/.")
        return program
    ask_to_edit(by, program)
    _update_program(load, program, by)
    return program


def _update_program(load: Load, program: Program, by: Any) -> None:
    definition, report = load.definition, load.report
    columns = program_columns(definition)
    columns["settings"] = _settings_that_may_change(load, program, columns["settings"])
    if program.time_zone != definition.time_zone:
        if any(rules.has_begun(cycle, load.at) for cycle in queries.cycles_of(program)):
            report.refuse(_("The time zone (%(now)s)", now=program.time_zone), _("nominations have opened under it"))
        else:
            columns["time_zone"] = definition.time_zone
    if different := report.differing(program, columns, "The program"):
        before = [(purpose, purpose.plain(program)) for purpose in purposes.every()]
        change_program(program, load.seen, **different)
        load.raised = True
        for purpose, worded in before:
            questions.follow(by, program, purpose, worded)  # a question with answers is never silently changed


def _settings_that_may_change(load: Load, program: Program, wanted: dict[str, Any]) -> dict[str, Any]:
    """The new settings; what a running cycle relies on is kept, and named."""
    held = program.settings
    if all(held.get(what) == plain(wanted[what]) for what in ("tie_criteria", "positions", "relations")):
        return wanted
    cycles = queries.cycles_of(program)
    running = [cycle for cycle in cycles if rules.has_begun(cycle, load.at) and not cycle.announced_at]
    ties = held.get("tie_criteria", wanted["tie_criteria"])
    if ties != wanted["tie_criteria"] and _scoring_has_opened(running, load.at):
        load.report.refuse(_("The tie-break"), _("scoring has opened, and it is fixed before that"))
        wanted["tie_criteria"] = ties
        load.definition = replace(load.definition, tie_criteria=tuple(ties))
    for what in ("positions", "relations") if running else ():
        missing = {each["key"] for each in held.get(what, [])} - {each["key"] for each in wanted[what]}
        for each in held.get(what, []):
            if each["key"] in missing:
                load.report.refuse(f"“{pick(each['name'])}”", _("nominations that are already in may use it"))
                wanted[what].append(each)
    return wanted


def _scoring_has_opened(cycles: list[Cycle], at: datetime) -> bool:
    return any(w.key.endswith(".scoring") and w.opens_at <= at for cycle in cycles for w in cycle.windows)


def _districts(load: Load, program: Program) -> dict[str, District]:
    report = load.report
    held = {district.key: district for district in program.districts}
    for each in load.definition.districts:
        # The short form is one more thing that people write for the district.
        aliases = [alias for alias in (each.short, *each.aliases) if alias]
        if each.key in held:
            columns = {"name": each.name, "short": each.short, "aliases": aliases}
            report.update(held[each.key], columns, f"The district {each.name}")
        else:
            held[each.key] = District(
                program_id=program.id, key=each.key, name=each.name, short=each.short, aliases=aliases
            )
            db.session.add(held[each.key])
            report.made.append(f"The district {each.name}.")
    db.session.flush()
    gone = [held.pop(key) for key in sorted(set(held) - {each.key for each in load.definition.districts})]
    used = referred_to(District.__table__.c.id, [each.id for each in gone]) if gone else {}
    for district in gone:
        if leaning := [name for name, ids in used.items() if district.id in ids]:
            why = _("it has schools") if School.__tablename__ in leaning else _("nominations name it")
            report.refuse(_("The district %(name)s", name=district.name), why)
        else:
            db.session.delete(district)
            report.changed.append(f"The district {district.name} is gone.")
    return held


def _schools(load: Load, program: Program, districts: dict[str, District], rows: Iterable[SchoolRow]) -> None:
    """Add and update; schools that the file does not name stay, because nominations may name them."""
    rows = list(rows)
    if not rows:  # the whole directory of a state is not read for nothing
        return
    held = {
        (s.district_id, s.key): s for s in db.session.scalars(select(School).where(School.program_id == program.id))
    }
    added = changed = 0
    for row in rows:
        district_id = districts[row.district].id
        values = {"name": row.name, "level": row.level, "city": row.city, "charter": "charter" in row.key.split()}
        school = held.get((district_id, row.key))
        if school is None:
            db.session.add(School(program_id=program.id, district_id=district_id, key=row.key, **values))
            added += 1
        elif any(getattr(school, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(school, name, value)
            changed += 1
    if added:
        load.report.made.append(f"{added} schools in the directory.")
    if changed:
        load.report.changed.append(f"{changed} schools in the directory.")


def _cycle(load: Load, program: Program, name: str, opening_day: date) -> Cycle:
    found = queries.cycle_named(program, name)
    cycle = whole_cycle(found.public_id) if found else None
    if cycle is None:
        cycle = Cycle(program_id=program.id, name=name, opening_day=opening_day, places=load.definition.places)
        cycle.program = program
        db.session.add(cycle)
        db.session.flush()
        spoken = f"{opening_day:%A, %B} {opening_day.day}, {opening_day.year}"
        load.report.made.append(f"The cycle {name}, opening on {spoken}.")
        return cycle
    _update_cycle(load, cycle, opening_day)
    return cycle


def _update_cycle(load: Load, cycle: Cycle, opening_day: date) -> None:
    name, places = cycle.name, load.definition.places
    if cycle.opening_day != opening_day:
        if rules.has_begun(cycle, load.at):
            what = _("The opening day of %(year)s (%(now)s)", year=name, now=cycle.opening_day)
            load.report.refuse(what, _("nominations have opened"))
        else:
            load.report.update(cycle, {"opening_day": opening_day}, f"The cycle {name}")
    if cycle.places != places:
        if cycle.decisions_confirmed_at:
            what = _("The number of places of %(year)s (%(now)s)", year=name, now=cycle.places)
            load.report.refuse(what, _("the decisions are confirmed"))
        else:
            load.report.update(cycle, {"places": places}, f"The cycle {name}")
