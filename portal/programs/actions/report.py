"""What loading a program's file came to: what was made, what changed, what may no longer change, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from portal.programs.models import Cycle, Program


@dataclass
class LoadReport:
    """Sentences for the operator. `program` and `cycle` are set once the load has found or made them."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    program: Program | None = None
    cycle: Cycle | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether the file says what the database already holds."""
        return not (self.made or self.changed or self.refused)

    def refuse(self, what: str, why: str) -> None:
        self.refused.append(_("%(what)s stays as it is: %(why)s.", what=what, why=why))

    def differing(self, thing: Any, wanted: dict[str, Any], what: str) -> dict[str, Any]:
        """The fields that differ, with the values they shall have. Names the thing and the fields in the report."""
        found = different(thing, wanted)
        if found:
            fields = ", ".join(sorted(name.replace("_", " ") for name in found))
            self.changed.append(f"{what}: {fields}.")
        return found

    def update(self, thing: Any, wanted: dict[str, Any], what: str) -> None:
        """Set the fields that differ."""
        rewrite(thing, self.differing(thing, wanted, what), wanted)


def different(thing: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """The values that the thing does not have yet."""
    return {name: value for name, value in wanted.items() if plain(getattr(thing, name)) != plain(value)}


def rewrite(thing: Any, values: dict[str, Any], fields: Iterable[str]) -> None:
    """Set the values. When there are any, all of `fields` are written: rows that are written alike go to the database
    in one statement, however many they are.
    """
    for name, value in values.items():
        setattr(thing, name, value)
    for name in fields if values else ():
        flag_modified(thing, name)


def plain(value: Any) -> Any:
    """Mappings and sequences as JSON would keep them, so that what was read compares with what was stored."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def moment(at: datetime | None) -> str:
    """A moment as operators read it, in its own zone: "2026-11-29 23:59 EST"."""
    return f"{at:%Y-%m-%d %H:%M %Z}" if at else "no end"
