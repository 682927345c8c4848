"""A list of schools narrowed to a district: chosen from a list, or by its words where there are too many to choose."""

from collections.abc import Collection
from dataclasses import dataclass

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
        return number if number in {each.id for each in queries.every_district_of(program_id)} else None
    found = _named(program_id, fold(said)) if fold(said) else []
    return found[0] if len(found) == 1 else None


def _named(program_id: int, sought: str) -> list[int]:
    """The districts called so; if there is none, those with these words in a name."""
    query = select(District.id, District.name, District.aliases).where(District.program_id == program_id)
    names = {number: [fold(each) for each in (name, *aliases)] for number, name, aliases in db.session.execute(query)}
    exact = [number for number, called in names.items() if sought in called]
    return exact or [number for number, called in names.items() if any(sought in each for each in called)]
