"""The base of a section: filled from the plain values of a program's file, written back into them, told mistakes."""

import hashlib
import json
import re
from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from wtforms import HiddenField

from portal.core import clock
from portal.core.forms import Form
from portal.core.names import plain_key
from portal.programs.definition import Problem
from portal.programs.definition.shape import Offset, offset_from
from portal.programs.definition.windows import moment
from portal.programs.forms.kinds import Items, value_of

Data = dict[str, Any]
Path = tuple[str | int, ...]
_OFFSET = re.compile(r"day -?\d{1,4} at \d{2}:\d{2}")


class Section(Form):
    """One page of the editor. `places` says which value of the file a field is: {"headline": ("hero", "headline")}."""

    name: str
    title: Any
    lede: Any
    places: dict[str, Path]

    held = HiddenField()  # tells whether somebody changed the section since this page was opened
    now: str  # the mark of what is held now
    address: dict[str, Any] = {}  # what the page's address says of which part it shows
    cycle: Any = None
    reasons: dict[str, Any] = {}

    @classmethod
    def of(cls, cycle: Any, data: Data, formdata: Any = None, *, words: str = "", number: int = 1) -> "Section":
        """The section of a cycle, as it is held or (with formdata) as it was typed.

        Which part of a long list is asked for by `words` and the page's `number` (see `Paged`).
        """
        now = cls.mark(data)
        form = cls(formdata=formdata, data={**cls.read(data, cycle), "held": now})
        form.cycle, form.now = cycle, now
        form.settle(data)
        return form

    @classmethod
    def read(cls, data: Data, _cycle: Any) -> Data:
        """The fields' values, by field."""
        return {field: dig(data, path) for field, path in cls.places.items()}

    @classmethod
    def mark(cls, data: Data) -> str:
        """A mark of what the section's part of the file says."""
        said = {field: dig(data, path) for field, path in cls.places.items()}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    def settle(self, data: Data) -> None:
        """What depends on the rest of the file, such as the choices of a select."""

    def typed(self, data: Data) -> Data:
        """A copy of the file's values with what was typed in their places."""
        new = deepcopy(data)
        for field, path in self.places.items():
            put(new, path, value_of(self[field]))
        return new

    def opening_day(self) -> date:
        """The day from which the file's times are counted."""
        day: date = self.cycle.opening_day
        return day

    def fix(self, reasons: dict[str, Any]) -> None:
        """What may no longer change keeps its value, whatever was sent, and says why.

        A reason's key is a field as a path with stars for the numbers: "rounds.*.readers"; "rounds!" is the list,
        whose things then neither come nor go.
        """
        self.reasons = reasons
        for field in self:
            _fix(field, field.short_name, reasons)

    def shift(self, verb: str, name: str, place: int) -> bool:
        """Adds, removes or moves one thing of a list; whether there was something to do. Numbers begin at 0."""
        items = self._fields.get(name)
        if not isinstance(items, Items) or items.kept:
            return False
        values = [entry.data for entry in items.entries]
        if verb == "add":
            values.append(self.blank(name))
        elif not 0 <= place < len(values):
            return False
        elif verb == "remove" and len(values) > items.least:
            del values[place]
        elif verb == "up" and place and items.ordered:
            values[place - 1 : place + 1] = values[place], values[place - 1]
        else:
            return False
        while items.entries:
            items.pop_entry()
        items.last_index = -1
        for each in values:
            items.append_entry(each)
        at = {"add": len(values) - 1, "remove": min(place, len(values) - 1), "up": place - 1}[verb]
        items.moved = (verb, at)
        self.settle_again()
        self.fix(self.reasons)
        return True

    def blank(self, _name: str) -> Data:
        """What a new thing of a list begins with."""
        return {}

    def settle_again(self) -> None:
        """After things came or went: choices anew."""

    def take(self, problems: Iterable[Problem]) -> list[str]:
        """Puts each mistake at its field; sentences for those that are on no field of this section."""
        elsewhere = []
        for problem in problems:
            sentence = self.spoken(problem.sentence)
            field = self.at(problem.path)
            if field is None:
                elsewhere.append(f"{problem.field}: {sentence}")
            else:
                field.errors = [*field.errors, sentence[:1].upper() + sentence[1:]]
        for each in self:
            _told(each)
        return elsewhere

    def spoken(self, sentence: str) -> str:
        """The sentence with days counted from the opening as dates."""
        zone = ZoneInfo(self.cycle.program.time_zone)

        def as_date(found: re.Match[str]) -> str:
            given: Offset | None = offset_from(found[0])
            at = moment(given, self.opening_day(), zone) if given else None
            return clock.when(at, zone) if at else found[0]

        return _OFFSET.sub(as_date, sentence)

    def at(self, path: Path) -> Any:
        """The deepest field that stands for this path, or None."""
        for name, place in self.places.items():
            if path[: len(place)] == place:
                return _deepest(self[name], path[len(place) :])
            if place[: len(path)] == path:
                return _deepest(self[name], ())
        return None


def _deepest(field: Any, rest: Path) -> Any:
    while rest:
        step, *others = rest
        if isinstance(field, wtforms.FieldList) and isinstance(step, int) and step < len(field.entries):
            field = field.entries[step]
        elif isinstance(field, wtforms.FormField) and step in field.form:
            field = field.form[step]
        else:
            break
        rest = tuple(others)
    while isinstance(field, wtforms.FormField):  # a mistake of the whole stands at its first box
        field = next(iter(field.form))
    return field


def _told(field: Any) -> bool:
    """Whether there is a mistake in a field or within it; a list then says so too, as after its own validation."""
    if isinstance(field, wtforms.FormField):
        within = [_told(each) for each in field.form]
        return any(within)
    if isinstance(field, wtforms.FieldList):
        within = [_told(entry) for entry in field.entries]
        if any(within) and not field.errors:
            field.errors = [entry.errors for entry in field.entries]
    return bool(field.errors)


def _fix(field: Any, path: str, reasons: dict[str, Any]) -> None:
    reason = reasons.get(path, "")
    if reason:
        field.fixed = reason
    if isinstance(field, wtforms.FieldList):
        field.kept = reason or reasons.get(f"{path}!", "")  # type: ignore[attr-defined]
        for entry in field.entries:
            _fix(entry, f"{path}.*", {**reasons, f"{path}.*": reason} if reason else reasons)
    elif isinstance(field, wtforms.FormField):
        for each in field.form:
            _fix(
                each,
                f"{path}.{each.short_name}",
                {**reasons, f"{path}.{each.short_name}": reason} if reason else reasons,
            )
    elif reason:
        set_box(field, field.object_data)


def set_box(field: Any, value: Any) -> None:
    """Gives a field a value as if it had been typed, whatever was sent."""
    field.data, field.raw_data, field.process_errors = value, None, []
    if hasattr(field, "_value"):
        field.raw_data = [field._value()]


def dig(data: Any, path: Path) -> Any:
    """The value at a path, or None."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def put(data: Any, path: Path, value: Any) -> None:
    """Sets the value at a path; None takes it away."""
    *before, last = path
    for step in before:
        data = data[step]
    if value is None:
        data.pop(last, None)
    else:
        data[last] = value


def give_keys(things: list[Data], named: str = "name") -> list[Data]:
    """Each new thing gets a key made of its English name; the others keep theirs."""
    taken = {each["key"] for each in things if each.get("key")}
    for each in things:
        if not each.get("key"):
            words = each.get(named) or ""
            written = words if isinstance(words, str) else next(iter(words.values()), "")
            each["key"] = key = plain_key(written, taken)
            taken.add(key)
    return things
