"""The desk's list of nominee files: searched, filtered and sorted in the database; what each file needs next.

A fixed number of queries whatever the number of rows: whom the rules shut out, one that goes once over the cycle, for
the counts and for the page's place in the order, and the files of that page.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload, undefer

from portal.core.db import db
from portal.core.names import fold
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import eligibility
from portal.nominations.rules import CONSENT, GROUPS, SCREENING
from portal.nominations.rules.eligibility import Known, held_by
from portal.nominations.rules.files import LIVE, STEPS, Standing, Terms, Voices, next_step, terms_of
from portal.programs.models import Cycle

PAGE = 25
PORTION = 500  # files of a sheet that are read at once
SORTS = ("step", "name", "newest")
# Chips: steps of their own, and "one": only one relation group has written.
CHIPS = ("screen", "mend", "address", "ask", "wait", "second", "one")


@dataclass(frozen=True)
class Asked:
    """What the list is asked for; unknown words mean "any"."""

    search: str = ""
    district: int | None = None
    consent: str = ""
    screening: str = ""
    chip: str = ""
    sort: str = "step"
    page: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.search or self.district is not None or self.consent or self.screening or self.chip)


@dataclass(frozen=True)
class Row:
    """One file of the list: which groups have written (in the order of `rules.GROUPS`) and its next step."""

    file: NomineeFile
    heard: tuple[bool, ...]
    step: str
    answer_due: Any = None
    held: str = ""  # why a person has to look first: a key of `rules.eligibility.HELD`
    proven: int = 0  # nominations
    unproven: int = 0


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


def file_by_public_id(public_id: str) -> NomineeFile | None:
    """The file with its cycle and that one's rules of eligibility, program, school and district: one query."""
    cycle = joinedload(NomineeFile.cycle)
    query = select(NomineeFile).options(
        cycle.joinedload(Cycle.program),
        cycle.joinedload(Cycle.eligibility),
        joinedload(NomineeFile.school),
        joinedload(NomineeFile.district),
        undefer(NomineeFile.stopped),
    )
    return db.session.scalars(query.where(NomineeFile.public_id == public_id)).unique().one_or_none()


def listed(cycle: Cycle, asked: Asked) -> Page:
    """The files of the cycle as asked for; the cycle's program is loaded. Three queries.

    The database counts by step and cuts the page out; only the page's own files are loaded.
    """
    terms, number = terms_of(cycle.program.settings), max(asked.page, 1)
    known = eligibility.known_of(cycle)
    spine = _spine(cycle.id, asked, terms, eligibility.held(cycle, known)).cte("spine")
    counts, wanted = Counter[str](), []
    for file_id, step, single, files in db.session.execute(_counts_and_page(spine, asked, number)):
        if files is None:
            wanted.append(file_id)
            continue
        counts.update({"all": files, step: files, "one": files if single else 0})
    shown = {name: counts[name] for name in ("all", *CHIPS)}
    return Page(_rows(cycle.id, wanted, terms, known), shown[asked.chip or "all"], number, shown)


def ids_as_asked(cycle: Cycle, asked: Asked) -> list[int]:
    """The numbers of all files as asked for, in order, whatever the page."""
    held = eligibility.held(cycle, eligibility.known_of(cycle))
    spine = _spine(cycle.id, asked, terms_of(cycle.program.settings), held).cte("spine")
    query = select(spine.c.id).where(*_on_chip(spine, asked.chip)).order_by(*_order(spine, asked.sort))
    return list(db.session.scalars(query))


def all_rows(cycle: Cycle, file_ids: Sequence[int]) -> Iterator[Row]:
    """The rows of these files of the cycle in this order, read portion by portion."""
    terms, known = terms_of(cycle.program.settings), eligibility.known_of(cycle)
    for at in range(0, len(file_ids), PORTION):
        yield from _rows(cycle.id, file_ids[at : at + PORTION], terms, known)


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


def _spine(cycle_id: int, asked: Asked, terms: Terms, held: ColumnElement[bool]) -> Select[Any]:
    """(id, step, single, rank, name_key) of each file that the search and the filters let through."""
    mine = Nomination.cycle_id == cycle_id
    # Of few files, few voices are counted; one or two letters are in nearly every file.
    if asked.district is not None or any(len(word) > 2 for word in asked.search.split()):
        mine = and_(mine, Nomination.file_id.in_(select(NomineeFile.id).where(*_matching(cycle_id, asked))))
    voices = _voices(terms).where(mine).subquery("voices")
    step = _step(voices, terms, held)
    rank = case({key: each.rank for key, each in STEPS.items()}, value=step) if asked.sort == "step" else literal(0)
    single = func.coalesce(voices.c.first_group == voices.c.last_group, false())
    return (
        select(NomineeFile.id, step.label("step"), single.label("single"), rank.label("rank"), NomineeFile.name_key)
        .outerjoin(voices, voices.c.file_id == NomineeFile.id)
        .where(*_matching(cycle_id, asked))
    )


def _rows(cycle_id: int, file_ids: Sequence[int], terms: Terms, known: list[Known]) -> list[Row]:
    """The files of one page in this order, with their voices: one query, none for an empty page."""
    if not file_ids:
        return []
    proven = Nomination.state == "confirmed"
    heard = [func.max(_one(and_(proven, Nomination.relation_group == g))).label(f"heard_{g}") for g in GROUPS]
    mine = and_(Nomination.cycle_id == cycle_id, Nomination.file_id.in_(file_ids))
    voices = _voices(terms, *heard).where(mine).subquery("voices")
    query = (
        select(NomineeFile, voices)
        .outerjoin(voices, voices.c.file_id == NomineeFile.id)
        .where(NomineeFile.id.in_(file_ids))
        .options(joinedload(NomineeFile.district), undefer(NomineeFile.stopped))
    )
    found = {each[0].id: _row(each, terms, known) for each in db.session.execute(query)}
    return [found[file_id] for file_id in file_ids if file_id in found]


def step_of(file: NomineeFile, voices: Voices, terms: Terms, held: str) -> str:
    """The next step of one file, from what is loaded of it."""
    return next_step(
        Standing(
            consent=file.consent,
            screening=file.screening,
            withdrawn=file.withdrawn_at is not None,
            has_address=bool(file.email),
            stopped=file.stopped,
            held=held,
            voices=voices,
        ),
        terms,
    )


def voices_in(nominations: Sequence[Nomination], terms: Terms) -> Voices:
    """The voices of a file whose nominations are loaded."""
    proven = [n for n in nominations if n.state == "confirmed"]
    own = [n for n in proven if n.relation_group == "self"]
    relatives = [n for n in proven if n.relation_group != "self" and n.relation in terms.weak_relations]
    return Voices(len(proven), sum(n.state == "submitted" for n in nominations), len(own), len(relatives))


def answer_due(file: NomineeFile, terms: Terms) -> Any:
    """The moment until which the nominee was asked to answer; None when nobody asked."""
    return file.asked_at + timedelta(days=terms.answer_days) if file.asked_at else None


def _row(found: Any, terms: Terms, known: list[Known]) -> Row:
    file = found[0]
    heard = tuple(bool(getattr(found, f"heard_{group}")) for group in GROUPS)
    voices = Voices(*(int(getattr(found, name) or 0) for name in ("proven", "unproven", "own", "relatives")))
    held = held_by(file, terms.closed_positions, known)
    step = step_of(file, voices, terms, held)
    return Row(file, heard, step, answer_due(file, terms), held, voices.proven, voices.unproven)


def _one(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _voices(terms: Terms, *more: Any) -> Select[Any]:
    """Each file's voices: how many are proven, unproven, the educator's own, relatives'; and of the proven ones the
    first and the last group by name (when they are the same, only one group has written).
    """
    proven = Nomination.state == "confirmed"
    own = Nomination.relation_group == "self"
    relative = and_(proven, ~own, Nomination.relation.in_(terms.weak_relations))
    group = case((proven, Nomination.relation_group))
    return (
        select(
            Nomination.file_id,
            func.sum(_one(proven)).label("proven"),
            func.sum(_one(~proven)).label("unproven"),
            func.sum(_one(and_(proven, own))).label("own"),
            func.sum(_one(relative)).label("relatives"),
            func.min(group).label("first_group"),
            func.max(group).label("last_group"),
            *more,
        )
        .where(Nomination.state.in_(LIVE))
        .group_by(Nomination.file_id)
    )


def _step(voices: Subquery, terms: Terms, held: ColumnElement[bool]) -> ColumnElement[str]:
    """`rules.files.next_step` in SQL: the key of each file's next step."""
    proven, own, relatives = (func.coalesce(voices.c[name], 0) for name in ("proven", "own", "relatives"))
    others = proven - own
    outside = others if terms.family_alone else others - relatives
    doubtful = or_(and_(own > 0, others < terms.seconders), and_(others > 0, outside < 1))
    unscreened = NomineeFile.screening == "unscreened"
    return case(
        (or_(NomineeFile.withdrawn_at.is_not(None), NomineeFile.consent.in_(("declined", "erased"))), "over"),
        (NomineeFile.screening == "ineligible", "ineligible"),
        (and_(proven == 0, func.coalesce(voices.c.unproven, 0) > 0), "prove"),
        (proven == 0, "empty"),
        (and_(unscreened, or_(held, NomineeFile.consent == "accepted")), "screen"),
        (and_(unscreened, doubtful), "second"),
        (NomineeFile.stopped, "mend"),
        (and_(NomineeFile.consent == "open", NomineeFile.email == ""), "address"),
        (NomineeFile.consent == "open", "ask"),
        (NomineeFile.consent == "asked", "wait"),
        else_="ready",
    )


def _matching(cycle_id: int, asked: Asked) -> list[Any]:
    wanted: list[Any] = [NomineeFile.cycle_id == cycle_id, NomineeFile.joined_into_id.is_(None)]
    # Folded words hold letters and digits only, so no wildcard can slip in.
    wanted += [NomineeFile.search.like(f"%{word}%") for word in fold(asked.search).split()]
    if asked.district is not None:
        none_known = NomineeFile.district_id.is_(None)
        wanted.append(none_known if asked.district == 0 else NomineeFile.district_id == asked.district)
    if asked.consent in CONSENT.states:
        wanted.append(NomineeFile.consent == asked.consent)
    if asked.screening in SCREENING.states:
        wanted.append(NomineeFile.screening == asked.screening)
    return wanted


def _order(listed: CTE | Subquery, sort: str) -> list[Any]:
    column = listed.c
    return [column.id.desc()] if sort == "newest" else [column.rank, column.name_key, column.id]
