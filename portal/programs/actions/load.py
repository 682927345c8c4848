"""Loads a program's file: makes what is missing, changes what still may change, and names the rest with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal.core import audit, clock
from portal.core.db import db
from portal.core.moves import move
from portal.programs import rules
from portal.programs.actions.columns import program_columns
from portal.programs.actions.cycles import ask_to_edit, touch
from portal.programs.actions.load_cycle import load_categories, load_eligibility, load_rounds, load_windows
from portal.programs.actions.report import LoadReport
from portal.programs.definition import ProgramDefinition
from portal.programs.models import Cycle, District, Program, School
from portal.programs.schools import SchoolRow


@dataclass
class Load:
    """One load on its way: what the file says, what the database holds so far, when, and what has come of it."""

    definition: ProgramDefinition
    at: datetime
    report: LoadReport


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
    cycle = _cycle(load, program, cycle_name.strip(), opening_day)
    definition = load.definition  # less what the program refused
    # Whether people rely on this cycle is asked once, before its windows move.
    begun = rules.has_begun(cycle, load.at)
    rounds = load_rounds(load.report, definition, cycle, begun=begun)
    load_windows(load.report, definition, cycle, rounds, load.at)
    load_categories(load.report, definition, cycle, begun=begun)
    load_eligibility(load.report, definition, cycle, begun=begun)
    if publish and cycle.state == "draft":
        move(rules.CYCLE, "publish", cycle, by)
        load.report.made.append(f"The cycle {cycle.name} is published.")
    _record(load, program, cycle, by)
    return load.report


def _record(load: Load, program: Program, cycle: Cycle, by: Any) -> None:
    report = load.report
    report.program, report.cycle = program, cycle
    if report.is_quiet:
        return
    touch(program.id)
    counts = {"made": len(report.made), "changed": len(report.changed), "refused": len(report.refused)}
    audit.record(by, "program.loaded", program, cycle=cycle.name, **counts)


def _program(load: Load, by: Any) -> Program:
    definition, report = load.definition, load.report
    columns = program_columns(definition)
    program = db.session.scalar(select(Program).where(Program.slug == definition.slug))
    if program is None:
        program = Program(slug=definition.slug, time_zone=definition.time_zone, **columns)
        db.session.add(program)
        db.session.flush()
        report.made.append(f"The program {definition.name}, at /awards/{definition.slug}/.")
        return program
    ask_to_edit(by, program)
    columns["settings"] = _settings_that_may_change(load, program, columns["settings"])
    report.update(program, columns, "The program")
    if program.time_zone != definition.time_zone:
        if any(rules.has_begun(cycle, load.at) for cycle in _cycles(program)):
            report.refuse(f"The time zone ({program.time_zone})", "nominations have opened under it")
        else:
            report.update(program, {"time_zone": definition.time_zone}, "The program")
    return program


def _cycles(program: Program) -> list[Cycle]:
    return list(db.session.scalars(select(Cycle).where(Cycle.program_id == program.id)))


def _settings_that_may_change(load: Load, program: Program, wanted: dict[str, Any]) -> dict[str, Any]:
    """The new settings; what a running cycle relies on is kept, and named."""
    held = program.settings
    running = [cycle for cycle in _cycles(program) if rules.has_begun(cycle, load.at) and not cycle.announced_at]
    ties = held.get("tie_criteria", wanted["tie_criteria"])
    if ties != wanted["tie_criteria"] and _scoring_has_opened(running, load.at):
        load.report.refuse("The tie-break", "scoring has opened, and it is fixed before that")
        wanted["tie_criteria"] = ties
        load.definition = replace(load.definition, tie_criteria=tuple(ties))
    for what in ("positions", "relations") if running else ():
        missing = {each["key"] for each in held.get(what, [])} - {each["key"] for each in wanted[what]}
        for each in held.get(what, []):
            if each["key"] in missing:
                load.report.refuse(f"“{each['key']}” of the {what}", "nominations that are already in may use it")
                wanted[what].append(each)
    return wanted


def _scoring_has_opened(cycles: list[Cycle], at: datetime) -> bool:
    return any(w.key.endswith(".scoring") and w.opens_at <= at for cycle in cycles for w in cycle.windows)


def _districts(load: Load, program: Program) -> dict[str, District]:
    report = load.report
    query = select(District).where(District.program_id == program.id)
    held = {district.key: district for district in db.session.scalars(query)}
    for each in load.definition.districts:
        # The short form is one more thing that people write for the district.
        aliases = [alias for alias in (each.short, *each.aliases) if alias]
        if each.key in held:
            report.update(held[each.key], {"name": each.name, "aliases": aliases}, f"The district {each.name}")
        else:
            held[each.key] = District(program_id=program.id, key=each.key, name=each.name, aliases=aliases)
            db.session.add(held[each.key])
            report.made.append(f"The district {each.name}.")
    db.session.flush()
    for key in set(held) - {each.key for each in load.definition.districts}:
        district = held.pop(key)
        if db.session.scalar(select(func.count(School.id)).where(School.district_id == district.id)):
            report.refuse(f"The district {district.name}", "it has schools")
        else:
            db.session.delete(district)
            report.changed.append(f"The district {district.name} is gone.")
    return held


def _schools(load: Load, program: Program, districts: dict[str, District], rows: Iterable[SchoolRow]) -> None:
    """Add and update; schools that the file does not name stay, because nominations may name them."""
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
    cycle = db.session.scalar(select(Cycle).where(Cycle.program_id == program.id, Cycle.name == name))
    places = load.definition.places
    if cycle is None:
        cycle = Cycle(program_id=program.id, name=name, opening_day=opening_day, places=places)
        cycle.program = program
        db.session.add(cycle)
        db.session.flush()
        spoken = f"{opening_day:%A, %B} {opening_day.day}, {opening_day.year}"
        load.report.made.append(f"The cycle {name}, opening on {spoken}.")
        return cycle
    if cycle.opening_day != opening_day:
        if rules.has_begun(cycle, load.at):
            load.report.refuse(f"The opening day of {name} ({cycle.opening_day})", "nominations have opened")
        else:
            load.report.update(cycle, {"opening_day": opening_day}, f"The cycle {name}")
    if cycle.places != places:
        if cycle.decisions_confirmed_at:
            load.report.refuse(f"The number of places of {name} ({cycle.places})", "the decisions are confirmed")
        else:
            load.report.update(cycle, {"places": places}, f"The cycle {name}")
    return cycle
