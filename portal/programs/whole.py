"""A year with all that its program's file tells, in one query: what its pages show and its changes compare with."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, bindparam, literal, select, true, union_all
from sqlalchemy.orm.attributes import set_committed_value

from portal.core.db import db
from portal.programs.models import (
    Category,
    Criterion,
    Cycle,
    District,
    EligibilityRule,
    Program,
    Round,
    Rubric,
    Window,
)

# The tables lie side by side: a row holds the cycle and a row of one of these parts, so that none multiplies another.
_PROGRAM, _WINDOWS, _ROUNDS, _ELIGIBILITY, _CATEGORIES, _DISTRICTS = range(6)
_PART = union_all(*(select(literal(part).label("part")) for part in range(6))).subquery("parts").c.part
_WHOLE = (
    select(Cycle, Program, Window, Round, Rubric, Criterion, EligibilityRule, Category, District)
    .select_from(Cycle)
    .join(_PART.table, true())
    .outerjoin(Program, and_(_PART == _PROGRAM, Program.id == Cycle.program_id))
    .outerjoin(Window, and_(_PART == _WINDOWS, Window.cycle_id == Cycle.id))
    .outerjoin(Round, and_(_PART == _ROUNDS, Round.cycle_id == Cycle.id))
    .outerjoin(Rubric, Rubric.round_id == Round.id)
    .outerjoin(Criterion, Criterion.rubric_id == Rubric.id)
    .outerjoin(EligibilityRule, and_(_PART == _ELIGIBILITY, EligibilityRule.cycle_id == Cycle.id))
    .outerjoin(Category, and_(_PART == _CATEGORIES, Category.cycle_id == Cycle.id))
    .outerjoin(District, and_(_PART == _DISTRICTS, District.program_id == Cycle.program_id))
    .where(Cycle.public_id == bindparam("public_id"))
    .order_by(
        Window.opens_at,
        Round.position,
        Rubric.version,
        Criterion.position,
        EligibilityRule.position,
        Category.position,
        District.id,
    )
)


def whole_cycle(public_id: str) -> Cycle | None:
    """The cycle with its windows, rounds, rubrics (all versions, oldest first), criteria, rules and categories, and its
    program with the districts.
    """
    rows = db.session.execute(_WHOLE, {"public_id": public_id}).all()
    if not rows:
        return None
    columns = [list(dict.fromkeys(each for each in column if each is not None)) for column in zip(*rows, strict=True)]
    (cycle,), (program,), windows, rounds, rubrics, criteria, eligibility, categories, districts = columns
    for thing, name, value in (
        (cycle, "program", program),
        (program, "districts", districts),
        (cycle, "windows", windows),
        (cycle, "rounds", rounds),
        *((each, "rubrics", [r for r in rubrics if r.round_id == each.id]) for each in rounds),
        *((each, "criteria", [c for c in criteria if c.rubric_id == each.id]) for each in rubrics),
        (cycle, "eligibility", eligibility),
        (cycle, "categories", categories),
    ):
        set_committed_value(thing, name, value)
    return cycle  # type: ignore[no-any-return]


def parts_of(cycle: Cycle) -> Iterable[Any]:
    """The cycle and everything that was read with it."""
    yield from (cycle, cycle.program, *cycle.program.districts)
    yield from (*cycle.windows, *cycle.eligibility, *cycle.categories)
    for each in cycle.rounds:
        yield each
        for rubric in each.rubrics:
            yield from (rubric, *rubric.criteria)


def read_anew(cycle: Cycle) -> None:
    """After things came or went: its lists are read again by whoever looks at them."""
    db.session.expire(cycle, ["windows", "taking", "rounds", "eligibility", "categories"])
    db.session.expire(cycle.program, ["districts"])
