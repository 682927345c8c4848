"""What loading a program's file came to: what was made, what changed, what may no longer change, with the reason."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

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

    def update(self, thing: Any, wanted: dict[str, Any], what: str) -> bool:
        """Set the fields that differ; whether any did. Names the thing and the fields in the report."""
        different = {name: value for name, value in wanted.items() if not _same(getattr(thing, name), value)}
        for name, value in different.items():
            setattr(thing, name, value)
        if different:
            fields = ", ".join(sorted(name.replace("_", " ") for name in different))
            self.changed.append(f"{what}: {fields}.")
        return bool(different)


def _same(one: Any, other: Any) -> bool:
    return bool(plain(one) == plain(other))


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
