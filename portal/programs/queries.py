"""Programs, their current cycle, its windows and rubrics, and the school directory."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core import clock
from portal.core.db import db
from portal.core.names import fold, school_key
from portal.programs import rules
from portal.programs.directory.search import schools_matching
from portal.programs.directory.words import sense
from portal.programs.models import Cycle, District, Program, QuietAddress, Round, Rubric, School, Window

__all__ = ["schools_matching"]

SHORT_DIRECTORY = 400  # so many schools still fit into one select field
MOST_DISTRICTS = 300  # so many districts still fit into one
MOST_IN_EACH_ROW = 40  # and so many into one in each row of a list: ten rows have four hundred options then


def all_programs() -> list[Program]:
    """Every program of this installation, by name."""
    return sorted(db.session.scalars(select(Program)), key=lambda program: fold(program.slug))


def listed_programs() -> list[Program]:
    """Those that have published a year, by name: what a visitor of the installation is offered."""
    published = select(Cycle.program_id).where(Cycle.state == "published")
    return sorted(
        db.session.scalars(select(Program).where(Program.id.in_(published))), key=lambda each: fold(each.slug)
    )


def program_by_slug(slug: str) -> Program | None:
    """The program at /awards/<slug>/."""
    return db.session.scalar(select(Program).where(Program.slug == slug))


_WITH_STATE = select(
    Program, select(Cycle.id).where(Cycle.program_id == Program.id, Cycle.state == "published").exists()
).where(Program.slug == bindparam("slug"))


def program_and_state(slug: str) -> tuple[Program | None, bool]:
    """The program at /awards/<slug>/, and whether it has published a year: one query."""
    found = db.session.execute(_WITH_STATE, {"slug": slug}).one_or_none()
    return (found[0], bool(found[1])) if found else (None, False)


def cycle_by_public_id(public_id: str) -> Cycle | None:
    """The cycle of that public id, with its program."""
    return db.session.scalar(select(Cycle).where(Cycle.public_id == public_id).options(joinedload(Cycle.program)))


def cycle_named(program: Program, name: str) -> Cycle | None:
    """The cycle that people call by this name ("2027")."""
    return db.session.scalar(select(Cycle).where(Cycle.program_id == program.id, Cycle.name == name.strip()))


def cycles_of(program: Program) -> list[Cycle]:
    """Every cycle of a program with its windows, newest first, in one query."""
    query = select(Cycle).where(Cycle.program_id == program.id).options(joinedload(Cycle.windows))
    return list(db.session.scalars(query.order_by(Cycle.opening_day.desc(), Cycle.id.desc())).unique())


def newest_cycles(program_ids: Collection[int]) -> dict[int, Cycle]:
    """The newest cycle of each of these programs that has one, without its windows: one query."""
    query = select(Cycle).where(Cycle.program_id.in_(program_ids)).order_by(Cycle.opening_day, Cycle.id)
    return {cycle.program_id: cycle for cycle in db.session.scalars(query)}


def current_cycle(program: Program, at: datetime | None = None) -> Cycle | None:
    """The published cycle a visitor means by "this year", with its windows; None when there is none.

    The latest one that has opened, until all its windows have closed and a later one is published: then that one.
    """
    return current_among(cycles_of(program), at or clock.now())


def current_among(cycles: Sequence[Cycle], at: datetime) -> Cycle | None:
    """`current_cycle`, of cycles that are already loaded newest first."""
    published = [c for c in cycles if c.state == "published" and not c.archived_at]
    begun = [c for c in published if c.windows and c.windows[0].opens_at <= at]
    coming = [c for c in published if c not in begun]
    if begun and not (coming and rules.phase(begun[0].windows, at) == "after"):
        return begun[0]
    return coming[-1] if coming else None


def scoring_window(round_: Round) -> Window | None:
    """When the panel of this round scores; a round without such a window is scored while the round itself is open."""
    windows = round_.cycle.windows
    return rules.window_named(windows, rules.scoring_key(round_.key)) or rules.window_named(windows, round_.key)


def rubric_in_force(round_: Round) -> Rubric | None:
    """The newest version of the round's rubric, with its criteria."""
    query = select(Rubric).where(Rubric.round_id == round_.id).order_by(Rubric.version.desc()).limit(1)
    return db.session.scalar(query.options(selectinload(Rubric.criteria)))


def frozen_rubrics(cycle: Cycle) -> set[str]:
    """The rubrics (by key) that may no longer change, because every round that uses them has been scored."""
    held: dict[str, list[bool]] = {}
    for each in cycle.rounds:
        for rubric in each.rubrics[-1:]:
            held.setdefault(rubric.key, []).append(rubric.frozen_at is not None)
    return {key for key, frozen in held.items() if all(frozen)}


_EVERY_DISTRICT = select(District).where(District.program_id == bindparam("program")).order_by(District.id)
_DISTRICTS = _EVERY_DISTRICT.limit(MOST_DISTRICTS)


def districts_of(program_id: int) -> list[District]:
    """The districts in the order of the program's file; of very many only the first ones."""
    return list(db.session.scalars(_DISTRICTS, {"program": program_id}))


def every_district_of(program_id: int) -> list[District]:
    """All of them, however long a form of the staff gets by it."""
    return list(db.session.scalars(_EVERY_DISTRICT, {"program": program_id}))


def district_name(program_id: int, district_id: int) -> str:
    """Its name, "" when the program has no such district (any more)."""
    query = select(District.name).where(District.program_id == program_id, District.id == district_id)
    return db.session.scalar(query) or ""


def schools_to_choose(program_id: int, *names: str | None, held: str | None = "") -> list[School]:
    """Schools for a select field without scripts: the whole directory by district and name while it is short, else
    those that are found by one of these names, with the one that is held (its public id). A query for each name more.
    """
    query = select(School).where(School.program_id == program_id, School.closed_at.is_(None))
    query = query.options(joinedload(School.district)).order_by(School.district_id, School.key)
    found = list(db.session.scalars(query.limit(SHORT_DIRECTORY + 1)))
    if len(found) <= SHORT_DIRECTORY:
        return found
    near = [school for name in dict.fromkeys(filter(None, names)) for school in schools_matching(program_id, name)]
    kept = school_by_public_id(program_id, held) if held else None
    return list(dict.fromkeys([*filter(None, [kept]), *near]))


def school_by_public_id(program_id: int, public_id: str) -> School | None:
    """A school of this program's directory."""
    query = select(School).where(School.program_id == program_id, School.public_id == public_id)
    return db.session.scalar(query.options(joinedload(School.district)))


def school_anywhere(public_id: str) -> School | None:
    """A school of whatever program, with its district and program: one query."""
    query = select(School).where(School.public_id == public_id)
    return db.session.scalar(query.options(joinedload(School.district), joinedload(School.program)))


def quiet_since(school: School) -> datetime | None:
    """Since when the school's contact is not to be written to; None when there is none, or letters are welcome."""
    if not school.contact_email:
        return None
    here = (QuietAddress.program_id == school.program_id, QuietAddress.email == school.contact_email)
    return db.session.scalar(select(QuietAddress.since).where(*here))


def school_named(program_id: int, name: str, district_id: int | None = None) -> School | None:
    """The one school of that name (folded) in the district; without a district, only when the name is there once."""
    query = select(School).where(School.program_id == program_id, School.key == school_key(name))
    query = query.where(School.closed_at.is_(None))
    if district_id is not None:
        query = query.where(School.district_id == district_id)
    found = list(db.session.scalars(query.options(joinedload(School.district)).limit(2)))
    return found[0] if len(found) == 1 else None


def school_meant(program_id: int, typed: str | None) -> School | None:
    """The one open school that is called so, abbreviations, case and accents aside; None when none is, or several."""
    wanted = sense(typed)
    found = [s for s in schools_matching(program_id, typed or "", 50) if sense(s.name) == wanted] if wanted else []
    return found[0] if len(found) == 1 else None


def choices(program: Program, what: str) -> Sequence[dict[str, Any]]:
    """The program's "positions" or "relations": [{"key", "name": {language: text}, ...}, ...] in the file's order."""
    return list(program.settings.get(what, []))
