"""A page of the list with the counts beside its chips: searched, filtered, counted and sorted in the database."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, Integer, Select, String, Subquery, case, cast, func, literal, null, select, union_all

from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.nominations.queries import eligibility
from portal.nominations.queries.files import standing
from portal.nominations.queries.files.asked import CHIPS, Asked, matching
from portal.nominations.queries.files.rows import Row, rows_of
from portal.nominations.rules.files import STEPS, terms_of
from portal.programs.models import Cycle

PAGE = 25


@dataclass(frozen=True)
class Page:
    """One page of the list, and how many files match."""

    rows: list[Row]
    total: int
    number: int
    counts: dict[str, int] = field(default_factory=dict)  # "all" and each chip, of what was searched for

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def listed(cycle: Cycle, asked: Asked) -> Page:
    """The files of the cycle as asked for; the cycle's program is loaded. Three queries.

    The database counts by step and cuts the page out; only the page's own files are loaded.
    """
    known, number = eligibility.known_of(cycle), max(asked.page, 1)
    counts, wanted = Counter[str](), []
    for file_id, step, single, files in db.session.execute(
        _counts_and_page(spine(cycle, asked, known).cte("spine"), asked, number)
    ):
        if files is None:
            wanted.append(file_id)
            continue
        counts.update({"all": files, step: files, "one": files if single else 0})
    shown = {name: counts[name] for name in ("all", *CHIPS)}
    rows = rows_of(wanted, terms_of(cycle.program.settings), known)
    return Page(rows, shown[asked.chip or "all"], number, shown)


def ids_as_asked(cycle: Cycle, asked: Asked) -> list[int]:
    """The numbers of all files as asked for, in order, whatever the page."""
    found = spine(cycle, asked, eligibility.known_of(cycle)).cte("spine")
    query = select(found.c.id).where(*_on_chip(found, asked.chip)).order_by(*_order(found, asked.sort))
    return list(db.session.scalars(query))


def spine(cycle: Cycle, asked: Asked, known: list[Any]) -> Select[Any]:
    """(id, step, single, rank, name_key) of each file that the search and the filters let through."""
    step = standing.step(terms_of(cycle.program.settings), eligibility.held(cycle, known))
    rank = case({key: each.rank for key, each in STEPS.items()}, value=step) if asked.sort == "step" else literal(0)
    return select(
        NomineeFile.id,
        step.label("step"),
        standing.single().label("single"),
        rank.label("rank"),
        NomineeFile.name_key,
    ).where(*matching(cycle.id, asked))


def _counts_and_page(spine: CTE, asked: Asked, number: int) -> Select[Any]:
    """(id, step, single, files): how many files stand at each step, and, with `files` None, the page's own in order.

    The spine is named twice, so both databases go through the cycle once.
    """
    column = spine.c
    no_key, no_number = cast(null(), String), cast(null(), Integer)
    counts = select(
        no_number.label("id"), column.step, column.single, func.count().label("files"), no_number.label("rank"),
        no_key.label("name_key"),
    ).group_by(column.step, column.single)  # fmt: skip
    page = (
        select(column.id, column.step, column.single, no_number, column.rank, column.name_key)
        .where(*_on_chip(spine, asked.chip))
        .order_by(*_order(spine, asked.sort))
        .limit(PAGE)
        .offset((number - 1) * PAGE)
        .subquery()
    )
    both = union_all(counts, select(page)).subquery()
    return select(both.c.id, both.c.step, both.c.single, both.c.files).order_by(*_order(both, asked.sort))


def _on_chip(spine: CTE, chip: str) -> list[Any]:
    if not chip:
        return []
    return [spine.c.single] if chip == "one" else [spine.c.step == chip]


def _order(listed: CTE | Subquery, sort: str) -> list[Any]:
    column = listed.c
    return [column.id.desc()] if sort == "newest" else [column.rank, column.name_key, column.id]
