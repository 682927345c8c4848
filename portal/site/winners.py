"""The classes of winners that have been announced, newest first. What is not announced is never looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle, District, Program
from portal.selection.models import Decision
from portal.site.navigation import known


@dataclass(frozen=True)
class Winner:
    """One person as the public reads them: "Thomas Adeyemi", "Band · DeKalb County"."""

    name: str
    about: str
    url: str | None = None


@dataclass(frozen=True)
class WinnerClass:
    """The winners of one announced cycle. `count` also counts those who do not wish to be named."""

    year: str
    count: int
    url: str | None
    winners: tuple[Winner, ...] = ()


def winner_classes(program: Program) -> list[WinnerClass]:
    """Every announced class of a program, newest first, in one query."""
    query = (
        select(
            Cycle.name.label("year"),
            Cycle.public_id.label("cycle"),
            NomineeFile.public_id,
            NomineeFile.name,
            NomineeFile.position,
            NomineeFile.public_name_ok,
            District.name.label("district"),
        )
        .join(Decision, Decision.cycle_id == Cycle.id)
        .join(NomineeFile, NomineeFile.id == Decision.file_id)
        .outerjoin(District, District.id == NomineeFile.district_id)
        .where(
            Cycle.program_id == program.id,
            Cycle.announced_at.is_not(None),
            Decision.state == "announced",
            Decision.outcome == "winner",
        )
        .order_by(Cycle.opening_day.desc(), Cycle.id.desc(), NomineeFile.name_key, NomineeFile.id)
    )
    rows = db.session.execute(query).all()
    return [_class(program, year, tuple(group)) for year, group in groupby(rows, key=lambda row: str(row.year))]


def _class(program: Program, year: str, rows: Sequence[Any]) -> WinnerClass:
    winners = tuple(_winner(program, row) for row in rows if row.public_name_ok)
    return WinnerClass(year, len(rows), known("selection.winners", slug=program.slug), winners)


def _winner(program: Program, row: Any) -> Winner:
    about = " · ".join(part for part in (row.position, row.district) if part)
    return Winner(row.name, about, known("selection.winner", slug=program.slug, public_id=row.public_id))
