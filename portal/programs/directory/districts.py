"""Which district is meant, by a number or by what people call it; and a list of schools narrowed to some of them."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core import asked
from portal.core.db import db
from portal.core.names import fold
from portal.programs import queries
from portal.programs.models import District


@dataclass(frozen=True)
class ByDistrict:
    """What the field of a page shows, and which districts' schools are wanted (None: all of them).

    `choices` are None when they are too many for a select field: then `said` are words of a district.
    """

    choices: list[District] | None
    said: str
    ids: Collection[int] | None


def by_district(program_id: int, said: str) -> ByDistrict:
    """Reads what an address says, a number or words: one query, two for words. An unknown number counts as not said."""
    choices = queries.districts_of(program_id)
    if len(choices) < queries.MOST_DISTRICTS:
        number = asked.whole(said)
        if number in {each.id for each in choices}:
            return ByDistrict(choices, said, [number])
        return ByDistrict(choices, "", None)
    sought = fold(said)
    return ByDistrict(None, said if sought else "", _named(program_id, sought) if sought else None)


def find(program_id: int, said: str) -> int | None:
    """The one district that is meant by a number or by what people call it; None when it is none or not sure."""
    number = asked.whole(said)
    if number is not None:
        return db.session.scalar(select(District.id).where(District.program_id == program_id, District.id == number))
    found = _named(program_id, fold(said)) if fold(said) else []
    return found[0] if len(found) == 1 else None


def called(districts: Iterable[Any], said: str) -> list[Any]:
    """Those of these districts (rows or objects) that are called so.

    A name is stronger than what else people write: an alias, the key, the name with what tells it from its like.
    Names are not unique, so that there may be several.
    """
    wanted, known = fold(said), list(districts)
    named = [each for each in known if fold(each.name) == wanted]
    return named or [each for each in known if wanted in map(fold, (each.key, _apart(each), *map(str, each.aliases)))]


def labels(districts: Collection[District]) -> dict[int, str]:
    """What a list offers, by the district's number: its name, and what tells it apart where others have that name.

    `called` understands each of them.
    """
    names = Counter(fold(each.name) for each in districts)
    return {each.id: each.name if names[fold(each.name)] == 1 else _apart(each) for each in districts}


def _apart(district: Any) -> str:
    return f"{district.name} ({district.nces_id or district.key})"


_CALLED = (District.id, District.name, District.key, District.nces_id, District.aliases)


def _named(program_id: int, sought: str) -> list[int]:
    """The districts called so; if there is none, those with these words in a name."""
    rows = db.session.execute(select(*_CALLED).where(District.program_id == program_id)).all()
    found = called(rows, sought)
    found = found or [row for row in rows if any(sought in fold(each) for each in (row.name, *row.aliases))]
    return [row.id for row in found]
