"""How the list is put in order: by a number or a text of each file, then by name; what has none comes last."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import case, select

from portal.nominations.models import NomineeFile
from portal.programs.models import District


class Key(NamedTuple):
    """What files are sorted by, which of them come last either way, and whether the usual way is downward."""

    by: list[Any]
    last: list[Any] = []
    falls: bool = False


def is_by_step(sort: str) -> bool:
    """Whether the steps come one after the other: `listing` sees to that, here is the order within each."""
    return sort.removeprefix("-") == "step"


def ordered(sort: str, settings: Mapping[str, Any]) -> list[Any]:
    """The ORDER BY of a word of `asked.SORTS`, given the program's settings; a "-" turns it round."""
    key = Key([]) if is_by_step(sort) else _key(sort.removeprefix("-"), settings)
    down = key.falls != sort.startswith("-")
    named = any(each is NomineeFile.name_key or each is NomineeFile.id for each in key.by)
    usual = [NomineeFile.id] if named else [NomineeFile.name_key, NomineeFile.id]
    return [*key.last, *(each.desc() if down else each for each in key.by), *usual]


def _key(order: str, settings: Mapping[str, Any]) -> Key:
    file = NomineeFile
    match order:
        case "newest":
            return Key([file.id], falls=True)
        case "school":
            return Key([file.school_key], [file.school_key == ""])
        case "district":
            name = select(District.name).where(District.id == file.district_id).scalar_subquery()
            return Key([name], [file.district_id.is_(None)])
        case "position":
            places = {each["key"]: at for at, each in enumerate(settings.get("positions", []))}
            place = [case(places, value=file.position_key, else_=len(places))] if places else []
            return Key([*place, file.position], [file.position_key == ""])
        case "proven":
            return Key([file.proven], falls=True)
        case "unproven":
            return Key([file.unproven], falls=True)
        case "asked":
            return Key([file.asked_at], [file.asked_at.is_(None)])
        case "answered":
            return Key([file.answered_at], [file.answered_at.is_(None)])
    return Key([file.name_key])
