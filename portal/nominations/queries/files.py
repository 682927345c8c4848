"""The desk's list of nominee files: searched, filtered, sorted and paged in the database; what each file needs next.

Two queries whatever the number of rows: the counts behind the chips, and one page with its total.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.core.names import fold
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.rules import CONSENT, GROUPS, SCREENING
from portal.nominations.rules.files import LIVE, STEPS, Standing, Terms, Voices, next_step, terms_of
from portal.programs.models import Cycle

PAGE = 25
SORTS = ("step", "name", "newest")
# Chips: steps of their own, and "one": only one relation group has written.
CHIPS = ("screen", "address", "ask", "wait", "second", "one")


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
        return not (self.search or self.district or self.consent or self.screening or self.chip)


@dataclass(frozen=True)
class Row:
    """One file of the list: which groups have written (in the order of `rules.GROUPS`) and its next step."""

    file: NomineeFile
    heard: tuple[bool, ...]
    step: str
    answer_due: Any = None


@dataclass(frozen=True)
class Page:
    """One page of the list, and how many files match."""

    rows: list[Row]
    total: int
    number: int
    counts: dict[str, int] = field(default_factory=dict)  # "all" and each chip, over the whole cycle

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def file_by_public_id(public_id: str) -> NomineeFile | None:
    """The file with its cycle, program, school and district: one query."""
    query = select(NomineeFile).where(NomineeFile.public_id == public_id)
    cycle = joinedload(NomineeFile.cycle).joinedload(Cycle.program)
    return db.session.scalar(query.options(cycle, joinedload(NomineeFile.school), joinedload(NomineeFile.district)))


def listed(cycle: Cycle, asked: Asked) -> Page:
    """The files of the cycle as asked for; the cycle's program is loaded."""
    terms = terms_of(cycle.program.settings)
    voices = _voices(cycle.id, terms)
    step = _step(voices, terms)
    wanted = _matching(cycle.id, asked, voices, step)
    number = max(asked.page, 1)
    query = (
        select(NomineeFile, voices, func.count().over().label("total"))
        .outerjoin(voices, voices.c.file_id == NomineeFile.id)
        .where(*wanted)
        .options(joinedload(NomineeFile.school), joinedload(NomineeFile.district))
        .order_by(*_order(asked.sort, step))
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    found = db.session.execute(query).all()
    rows = [_row(each, terms) for each in found]
    return Page(rows, found[0].total if found else 0, number, _counts(cycle.id, voices, step))


def step_of(file: NomineeFile, voices: Voices, terms: Terms) -> str:
    """The next step of one file, from what is loaded of it."""
    return next_step(
        Standing(
            consent=file.consent,
            screening=file.screening,
            withdrawn=file.withdrawn_at is not None,
            has_address=bool(file.email),
            position_closed=file.position_key in terms.closed_positions,
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


def _row(found: Any, terms: Terms) -> Row:
    file = found[0]
    heard = tuple(bool(getattr(found, f"heard_{group}")) for group in GROUPS)
    voices = Voices(*(int(getattr(found, name) or 0) for name in ("proven", "unproven", "own", "relatives")))
    return Row(file, heard, step_of(file, voices, terms), answer_due(file, terms))


def _one(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _voices(cycle_id: int, terms: Terms) -> Subquery:
    """Each file's voices: how many are proven, unproven, the educator's own, relatives'; which groups wrote."""
    proven = Nomination.state == "confirmed"
    own = Nomination.relation_group == "self"
    relative = and_(~own, Nomination.relation.in_(terms.weak_relations)) if terms.weak_relations else None
    heard = [
        func.max(_one(and_(proven, Nomination.relation_group == group))).label(f"heard_{group}") for group in GROUPS
    ]
    return (
        select(
            Nomination.file_id,
            func.sum(_one(proven)).label("proven"),
            func.sum(_one(Nomination.state == "submitted")).label("unproven"),
            func.sum(_one(and_(proven, own))).label("own"),
            func.sum(_one(and_(proven, relative)) if relative is not None else 0).label("relatives"),
            *heard,
        )
        .where(Nomination.cycle_id == cycle_id, Nomination.state.in_(LIVE))
        .group_by(Nomination.file_id)
        .subquery("voices")
    )


def _step(voices: Subquery, terms: Terms) -> ColumnElement[str]:
    """`rules.files.next_step` in SQL: the key of each file's next step."""
    proven, own, relatives = (func.coalesce(voices.c[name], 0) for name in ("proven", "own", "relatives"))
    others = proven - own
    outside = others if terms.family_alone else others - relatives
    doubtful = or_(and_(own > 0, others < terms.seconders), and_(others > 0, outside < 1))
    closed = NomineeFile.position_key.in_(terms.closed_positions)
    unscreened = NomineeFile.screening == "unscreened"
    return case(
        (or_(NomineeFile.withdrawn_at.is_not(None), NomineeFile.consent.in_(("declined", "erased"))), "over"),
        (NomineeFile.screening == "ineligible", "ineligible"),
        (and_(proven == 0, func.coalesce(voices.c.unproven, 0) > 0), "prove"),
        (proven == 0, "empty"),
        (and_(unscreened, or_(closed, NomineeFile.consent == "accepted")), "screen"),
        (and_(unscreened, doubtful), "second"),
        (and_(NomineeFile.consent == "open", NomineeFile.email == ""), "address"),
        (NomineeFile.consent == "open", "ask"),
        (NomineeFile.consent == "asked", "wait"),
        else_="ready",
    )


def _one_group(voices: Subquery) -> ColumnElement[bool]:
    return sum((voices.c[f"heard_{group}"] for group in GROUPS[1:]), voices.c[f"heard_{GROUPS[0]}"]) == 1


def _matching(cycle_id: int, asked: Asked, voices: Subquery, step: ColumnElement[str]) -> list[Any]:
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
    if asked.chip == "one":
        wanted.append(_one_group(voices))
    elif asked.chip in CHIPS:
        wanted.append(step == asked.chip)
    return wanted


def _order(sort: str, step: ColumnElement[str]) -> list[Any]:
    if sort == "newest":
        return [NomineeFile.id.desc()]
    by_name = [NomineeFile.name_key, NomineeFile.id]
    rank = case({key: each.rank for key, each in STEPS.items()}, value=step)
    return by_name if sort == "name" else [rank, *by_name]


def _counts(cycle_id: int, voices: Subquery, step: ColumnElement[str]) -> dict[str, int]:
    """How many files the cycle has, and how many each chip would show."""
    chips = [func.sum(_one(_one_group(voices) if chip == "one" else step == chip)).label(chip) for chip in CHIPS]
    query: Select[Any] = (
        select(func.count().label("all"), *chips)
        .select_from(NomineeFile)
        .outerjoin(voices, voices.c.file_id == NomineeFile.id)
        .where(NomineeFile.cycle_id == cycle_id, NomineeFile.joined_into_id.is_(None))
    )
    found = db.session.execute(query).one()
    return {name: int(value or 0) for name, value in found._mapping.items()}
