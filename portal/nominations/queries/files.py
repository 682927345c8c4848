"""The desk's list of nominee files: searched, filtered and sorted in the database; what each file needs next.

A fixed number of queries whatever the number of rows: whom the rules shut out, a light one over the cycle for order
and counts, and the files of one page.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
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
        return not (self.search or self.district or self.consent or self.screening or self.chip)


@dataclass(frozen=True)
class Row:
    """One file of the list: which groups have written (in the order of `rules.GROUPS`) and its next step."""

    file: NomineeFile
    heard: tuple[bool, ...]
    step: str
    answer_due: Any = None
    held: str = ""  # why a person has to look first: a key of `rules.eligibility.HELD`


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

    One light row a file settles the order, the chips' counts and the total; only the page's own files are loaded.
    """
    terms = terms_of(cycle.program.settings)
    known = eligibility.known_of(cycle)
    spine = _spine(cycle.id, asked, terms, eligibility.held(cycle, known))
    steps = Counter(step for _id, step, _single in spine)
    counts = {"all": len(spine), **{chip: steps[chip] for chip in CHIPS}}
    counts["one"] = sum(bool(single) for _id, _step, single in spine)
    chip = asked.chip
    fitting = [i for i, step, single in spine if not chip or (single if chip == "one" else step == chip)]
    number = max(asked.page, 1)
    wanted = fitting[(number - 1) * PAGE : number * PAGE]
    return Page(_rows(cycle.id, wanted, terms, known), len(fitting), number, counts)


def _spine(cycle_id: int, asked: Asked, terms: Terms, held: ColumnElement[bool]) -> Sequence[Any]:
    """(id, step, single) of each file that the search and the filters let through, in the order asked for."""
    voices = _voices(terms).where(Nomination.cycle_id == cycle_id).subquery("voices")
    step = _step(voices, terms, held)
    query = (
        select(NomineeFile.id, step.label("step"), (voices.c.first_group == voices.c.last_group).label("single"))
        .outerjoin(voices, voices.c.file_id == NomineeFile.id)
        .where(*_matching(cycle_id, asked))
        .order_by(*_order(asked.sort, step))
    )
    return db.session.execute(query).all()


def _rows(cycle_id: int, file_ids: list[int], terms: Terms, known: list[Known]) -> list[Row]:
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
    return Row(file, heard, step_of(file, voices, terms, held), answer_due(file, terms), held)


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


def _order(sort: str, step: ColumnElement[str]) -> list[Any]:
    if sort == "newest":
        return [NomineeFile.id.desc()]
    by_name = [NomineeFile.name_key, NomineeFile.id]
    rank = case({key: each.rank for key, each in STEPS.items()}, value=step)
    return by_name if sort == "name" else [rank, *by_name]
