"""A page of the list with the counts beside its chips: searched, filtered, counted and sorted in the database."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select, union_all

from portal.core import paging
from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.nominations.queries import eligibility
from portal.nominations.queries.files.asked import CHIPS, Asked, matching
from portal.nominations.queries.files.order import is_by_step, ordered
from portal.nominations.queries.files.rows import Row, rows_of, whole
from portal.nominations.queries.files.standing import Standings, read, standings
from portal.nominations.rules.files import STEPS, terms_of
from portal.programs.models import Cycle

PAGE = paging.PAGE_SIZE
IN_ORDER = sorted(STEPS, key=lambda step: STEPS[step].rank)


@dataclass(frozen=True)
class Page(paging.Page[Row]):
    """One page of the list; its number may lie past the end."""

    counts: dict[str, int] = field(default_factory=dict)  # "all" and each chip, of what was searched for


def listed(cycle: Cycle, asked: Asked) -> Page:
    """The files of the cycle as asked for; the cycle's program is loaded. Three queries.

    How the files stand is counted first; then it is known at which steps the page begins and ends.
    """
    known, number = eligibility.known_of(cycle), max(asked.page, 1)
    wanted, terms = matching(cycle.id, asked), terms_of(cycle.program.settings)
    stand = standings(cycle.id, wanted, terms, known)
    counts = Counter[str]()
    for kind in stand.kinds():
        counts.update({"all": kind.files, stand.step(kind): kind.files, "one": kind.files * kind.told.single})
    total = counts[asked.chip or "all"]
    order = ordered(asked.sort, cycle.program.settings)
    page = _page(stand, asked, wanted, order, (number - 1) * PAGE) if (number - 1) * PAGE < total else None
    rows = rows_of(page, terms, known) if page is not None else []
    return Page(rows, number, total, counts={name: counts[name] for name in ("all", *CHIPS)})


def ids_as_asked(cycle: Cycle, asked: Asked) -> list[int]:
    """The numbers of all files as asked for, in order, whatever the page."""
    wanted, settings = matching(cycle.id, asked), cycle.program.settings
    stand = standings(cycle.id, wanted, terms_of(settings), eligibility.known_of(cycle))
    query = select(NomineeFile.id, NomineeFile.standing).where(*wanted, _at(stand, _steps(asked), asked.chip))
    rows = db.session.execute(query.order_by(*ordered(asked.sort, settings))).all()
    if is_by_step(asked.sort):
        place = {step: at for at, step in enumerate(_steps(asked))}
        rows = sorted(rows, key=lambda row: place[stand.odd_steps.get(row.id) or stand.steps[row.standing]])
    return [row.id for row in rows]


def _steps(asked: Asked) -> list[str]:
    """The steps that are on the list, in its order."""
    if asked.chip in STEPS:
        return [asked.chip]
    return IN_ORDER[::-1] if asked.sort == "-step" else IN_ORDER


def _at(stand: Standings, steps: list[str], chip: str = "") -> ColumnElement[bool]:
    """Whether a file stands at one of the steps (and, on the chip "one", is one that a single group wrote about)."""
    if len(steps) == len(IN_ORDER) and chip != "one":
        return literal(True)
    fits = lambda word: chip != "one" or read(word).single  # noqa: E731
    words = [word for word, step in stand.steps.items() if step in steps and fits(word)]
    odd = [o.id for o in stand.odd if stand.odd_steps[o.id] in steps and fits(o.word)]
    alike = NomineeFile.standing.in_(words)
    if not stand.odd:
        return alike
    return or_(and_(alike, NomineeFile.id.not_in(list(stand.odd_steps))), NomineeFile.id.in_(odd))


def _page(stand: Standings, asked: Asked, wanted: list[Any], order: list[Any], skip: int) -> Select[Any]:
    """The files of the page with all that their rows tell, in order; their numbers come from an index alone."""

    def some(steps: list[str], most: int, after: int) -> Select[Any]:
        part = literal(_steps(asked).index(steps[0])).label("part")
        query = select(NomineeFile.id, part).where(*wanted, _at(stand, steps, asked.chip))
        return select(query.order_by(*order).limit(most).offset(after).subquery())

    if is_by_step(asked.sort):
        parts = [some([step], most, after) for step, most, after in _cuts(stand, asked, skip)]
    else:
        parts = [some(_steps(asked), PAGE, skip)]
    page = union_all(*parts).subquery()
    return whole().join(page, page.c.id == NomineeFile.id).order_by(page.c.part, *order)


def _cuts(stand: Standings, asked: Asked, skip: int) -> list[tuple[str, int, int]]:
    """(step, how many files, after how many of that step) that make up the page which begins after `skip` files."""
    there, cuts, left = Counter[str](), [], PAGE
    for kind in stand.kinds():
        if asked.chip != "one" or kind.told.single:
            there[stand.step(kind)] += kind.files
    for step in _steps(asked):
        if skip < there[step] and left:
            cuts.append((step, left, skip))
            left -= min(left, there[step] - skip)
        skip = max(0, skip - there[step])
    return cuts
