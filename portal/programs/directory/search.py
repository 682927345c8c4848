"""Finding schools as one types: fast on both databases at 100,000 schools, whatever was typed.

A search begins at the rarest word (`words.leader`), read as a range of the table of words, and at the next rare one;
the schools that have both are looked through for the other words. At most `CANDIDATES` schools are looked through:
whoever types only beginnings that more schools than that share sees some of them, and types on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.core.db import db
from portal.core.names import fold
from portal.programs.directory.words import leaders, written_words
from portal.programs.models import District, School, SchoolWord

CANDIDATES = 1_500
MOST_WORDS = 8
LEADING = ("first", "second")


def _after(word: str) -> str:
    """The first string behind all that begin so."""
    return word[:-1] + chr(ord(word[-1]) + 1)


def beginning(program_id: int, word: str) -> Any:
    """The condition that a row of the table of words begins so."""
    return and_(SchoolWord.program_id == program_id, SchoolWord.word >= word, SchoolWord.word < _after(word))


def matching(program_id: int, typed: str, *, closed: bool = False) -> Select[School] | None:
    """The schools that have, for every word typed, a word that begins so, best first. None: too little was typed."""
    asked = _asked(program_id, typed)
    return None if asked is None else _statement(*asked.shape, closed).params(asked.values)


@dataclass(frozen=True)
class _Asked:
    """A search as values for a statement of this shape: (words beyond the leading ones, whether two words lead)."""

    shape: tuple[int, bool]
    values: dict[str, Any]


def _asked(program_id: int, typed: str) -> _Asked | None:
    words = list(dict.fromkeys(word[:40] for word in written_words(typed)))[:MOST_WORDS]
    if sum(map(len, words)) < 2:
        return None
    leading = leaders(words)
    values: dict[str, Any] = {"program": program_id, "begins": f"{fold(typed)}%"}
    for name, word in zip(LEADING, leading, strict=False):
        values |= {name: word, f"{name}_after": _after(word)}
    # Folded words hold letters and digits only: no wildcard can slip in.
    others = [word for word in words if word not in leading]
    values |= {f"other_{at}": f"% {word}%" for at, word in enumerate(others)}
    return _Asked((len(others), len(leading) > 1), values)


@cache  # putting the statement together costs more than running it, and there are few shapes of it
def _statement(others: int, both: bool, closed: bool) -> Select[School]:
    """Schools by the words bound as `first`, `second` and `other_0`, ..."""
    candidates = select(SchoolWord.school_id).where(_begins(SchoolWord, "first"))
    if both:
        second = aliased(SchoolWord)
        candidates = candidates.where(
            SchoolWord.school_id.in_(select(second.school_id).where(_begins(second, "second")))
        )
    # The order is the index's own: whole words come before longer ones, and nothing is sorted.
    candidates = candidates.order_by(SchoolWord.word, SchoolWord.school_id).limit(CANDIDATES)
    query = select(School).where(School.id.in_(candidates))
    if not closed:
        query = query.where(School.closed_at.is_(None))
    for at in range(others):
        query = query.where(School.search.like(bindparam(f"other_{at}")))
    begins = case((School.key.like(bindparam("begins")), 0), else_=1)
    return query.order_by(begins, School.key, School.district_id, School.id)


def _begins(words: Any, name: str) -> Any:
    return and_(
        words.program_id == bindparam("program"),
        words.word >= bindparam(name),
        words.word < bindparam(f"{name}_after"),
    )


@cache
def _best(others: int, both: bool) -> Select[School]:
    return _statement(others, both, False).options(joinedload(School.district)).limit(bindparam("most"))


def schools_matching(program_id: int, typed: str, limit: int = 12) -> list[School]:
    """The best `limit` schools for what is typed, open ones only: one query."""
    asked = _asked(program_id, typed)
    return [] if asked is None else list(db.session.scalars(_best(*asked.shape), {**asked.values, "most": limit}))


def in_directory(program_id: int, typed: str, districts: Collection[int] | None, *, closed: bool) -> Select[School]:
    """The directory as its page lists it, each school with its district: by name, narrowed by what is typed and by
    districts (None: any).
    """
    whole = select(School).where(School.program_id == program_id).order_by(School.key, School.id)
    found = matching(program_id, typed, closed=True) if typed.strip() else None
    found = whole if found is None else found
    found = found.options(joinedload(School.district))
    if districts is not None:
        found = found.where(School.district_id.in_(districts))
    return found.where(School.closed_at.is_not(None) if closed else School.closed_at.is_(None))


def near(program_id: int, names: list[str], each: int = 60) -> list[Any]:
    """Schools that share the beginning of a telling word with one of these names, a limited number a name: one query.

    Rows of (id, public_id, name, city, district_id, district's name, search).
    """
    parts = []
    for name in names:
        words = sorted((w for w in written_words(name) if len(w) > 2), key=lambda w: -len(w))
        starts = [beginning(program_id, word[:4]) for word in (leaders(words) if words else [])]
        if starts:
            parts.append(select(SchoolWord.school_id).where(or_(*starts)).distinct().limit(each))
    if not parts:
        return []
    wanted = or_(*(School.id.in_(part) for part in parts))
    query = (
        select(School.id, School.public_id, School.name, School.city, School.district_id, District.name, School.search)
        .join(District, District.id == School.district_id)
        .where(wanted, School.closed_at.is_(None))
    )
    return list(db.session.execute(query))
