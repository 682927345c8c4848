"""The windows of a year as dates in the program's time zone; kept as days from the opening, as in the file."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from portal.core.forms import DayAndTime
from portal.core.i18n import pick
from portal.programs.definition.shape import CYCLE_WINDOWS, Offset, offset_from
from portal.programs.definition.windows import moment
from portal.programs.forms.kinds import Group, Part, pair, value_of
from portal.programs.forms.section import Data, Path, Section, set_box
from portal.programs.rules import may_open_again


class Span(Part):
    """From when to when."""

    opens = DayAndTime(_l("Opens"), validators=[InputRequired(_l("Choose the day and time it opens."))])
    closes = DayAndTime(_l("Closes"), validators=[InputRequired(_l("Choose the day and time it closes."))])


class NamedSpan(Span):
    """A window that has words of its own."""

    name = pair(_l("Name"))
    text = pair(_l("What happens"))


class RoundSpan(Part):
    key = wtforms.HiddenField()
    window = Group(Span, _l("Nominees take part"))
    scoring = Group(Span, _l("The panel scores"))


class Dates(Section):
    """Every window; the picture above the form is drawn from what was typed."""

    name = "dates"
    title = _l("Dates")
    lede = _l("When everything opens and closes, in the program’s time zone; a window is open through its last minute.")
    places = {"windows": ("windows",), "rounds": ("rounds",)}

    nominations = Group(NamedSpan, _l("Nominations"))
    consent = Group(NamedSpan, _l("Nominees answer"))
    rounds = wtforms.FieldList(Group(RoundSpan), _l("Rounds"))
    notices = Group(NamedSpan, _l("Notices"))
    ceremony = Group(NamedSpan, _l("The ceremony"))

    @classmethod
    def read(cls, data: Data, cycle: Any) -> Data:
        def times(written: Data) -> Data:
            zone = ZoneInfo(cycle.program.time_zone)
            found = {name: offset_from(written.get(name, "")) for name in ("opens", "closes")}
            shown = {
                n: moment(o, cycle.opening_day, zone).replace(tzinfo=None) if o else None for n, o in found.items()
            }
            return {**written, **shown}

        rounds = [
            {"key": r["key"], "window": times(r["window"]), "scoring": times(r["scoring"])} for r in data["rounds"]
        ]
        return {**{key: times(data["windows"][key]) for key in CYCLE_WINDOWS}, "rounds": rounds}

    @classmethod
    def mark(cls, data: Data) -> str:
        return super().mark({**data, "rounds": [[r["window"], r["scoring"]] for r in data["rounds"]]})

    def settle(self, data: Data) -> None:
        for entry, each in zip(self.rounds.entries, data["rounds"], strict=False):
            entry.label.text = pick(each.get("name"))

    def opening_day(self) -> date:
        first = self.nominations.form.opens.data
        return first.date() if first else super().opening_day()

    def typed(self, data: Data) -> Data:
        new = {**data, "windows": {}, "rounds": [dict(each) for each in data["rounds"]]}
        for key in CYCLE_WINDOWS:
            new["windows"][key] = {**value_of(self[key]), **self._times(self[key].form)}
        for each, entry in zip(new["rounds"], self.rounds.entries, strict=False):
            each["window"] = self._times(entry.form.window.form)
            each["scoring"] = self._times(entry.form.scoring.form)
        return new

    def _times(self, form: Any) -> Data:
        return {name: self._offset(form[name].data) for name in ("opens", "closes")}

    def _offset(self, at: datetime | None) -> str:
        if at is None:
            return ""
        return str(Offset((at.date() - self.opening_day()).days, at.time().replace(second=0, microsecond=0)))

    def at(self, path: Path) -> Any:
        """The box of a window's time: ("rounds", 0, "window", "closes") or ("windows", "consent", "opens")."""
        match path:
            case ("windows", key, *rest) if key in CYCLE_WINDOWS:
                return _box(self[key], rest)
            case ("rounds", int(number), "window" | "scoring" as which, *rest) if number < len(self.rounds.entries):
                return _box(self.rounds.entries[number].form[which], rest)
        return None

    def fix_times(self, reasons: dict[str, dict[str, Any]]) -> None:
        """Times that may no longer change, by window ("application.scoring"): {"opens": reason, "closes": reason}."""
        boxes = {key: self[key].form for key in CYCLE_WINDOWS}
        for entry in self.rounds.entries:
            boxes[entry.form.key.object_data] = entry.form.window.form
            boxes[f"{entry.form.key.object_data}.scoring"] = entry.form.scoring.form
        for key, why in reasons.items():
            for name, reason in why.items():
                if key in boxes and reason:
                    field = boxes[key][name]
                    field.fixed = reason
                    set_box(field, field.object_data)


def _box(group: Any, rest: list[Any]) -> Any:
    field = group
    for step in rest:
        if isinstance(field, wtforms.FormField) and step in field.form:
            field = field.form[step]
    while isinstance(field, wtforms.FormField):
        field = next(iter(field.form))
    return field


def why_times_stay(windows: Any, published: bool, at: datetime) -> dict[str, dict[str, Any]]:
    """For each window of a published year that has opened or closed: what of it may no longer move, and why."""
    found: dict[str, dict[str, Any]] = {}
    for window in windows if published else ():
        has_closed = window.closes_at is not None and window.closes_at <= at
        if has_closed and not may_open_again(window, windows, at):
            found[window.key] = dict.fromkeys(("opens", "closes"), _("It has already closed."))
        elif window.opens_at <= at:
            found[window.key] = {"opens": _("It has already opened.")}
    return found
