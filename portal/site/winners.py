"""The classes of winners that have been announced, newest first. What is not announced is never looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy import and_, func, select

from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.nominations.positions import said
from portal.programs.models import Cycle, District, Program
from portal.selection.models import Decision

won = (Decision.state == "announced", Decision.outcome == "winner")
may_be_named = and_(NomineeFile.public_name_ok, NomineeFile.consent == "accepted")

# How many winners of a program are named in public: a kept page is out of date when one of them takes the name back.
NAMED = (
    select(func.count(Decision.id))
    .join(NomineeFile, NomineeFile.id == Decision.file_id)
    .where(Decision.program_id == Program.id, *won, may_be_named)
    .correlate(Program)
    .scalar_subquery()
)


@dataclass(frozen=True)
class Winner:
    """One person as the public reads them: "Thomas Adeyemi", "Band · DeKalb County"."""

    name: str
    about: str


@dataclass(frozen=True)
class WinnerClass:
    """The winners of one announced cycle. `count` also counts those who do not wish to be named."""

    year: str
    count: int
    url: str
    winners: tuple[Winner, ...] = ()


def winner_classes(program: Program) -> list[WinnerClass]:
    """Every announced class of a program, newest first, in one query."""
    query = (
        select(
            Cycle.name.label("year"),
            NomineeFile.name,
            NomineeFile.position,
            NomineeFile.position_key,
            may_be_named.label("may_be_named"),
            District.name.label("district"),
        )
        .join(Decision, Decision.cycle_id == Cycle.id)
        .join(NomineeFile, NomineeFile.id == Decision.file_id)
        .outerjoin(District, District.id == NomineeFile.district_id)
        .where(
            Cycle.program_id == program.id,
            Cycle.announced_at.is_not(None),
            *won,
        )
        .order_by(Cycle.opening_day.desc(), Cycle.id.desc(), NomineeFile.name_key, NomineeFile.id)
    )
    rows = db.session.execute(query).all()
    return [_class(program, year, tuple(group)) for year, group in groupby(rows, key=lambda row: str(row.year))]


def _class(program: Program, year: str, rows: Sequence[Any]) -> WinnerClass:
    winners = tuple(_winner(program, row) for row in rows if row.may_be_named)
    return WinnerClass(year, len(rows), url_for("winners.winners", slug=program.slug, _anchor=f"class-{year}"), winners)


def _winner(program: Program, row: Any) -> Winner:
    about = " · ".join(part for part in (said(program, row.position_key, row.position), row.district) if part)
    return Winner(row.name, about)
