"""The rounds with their readers, the tie-break, the levels, and each rubric as a table of criteria and descriptors."""

from datetime import datetime, time, timedelta
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from portal.core.i18n import pick
from portal.programs.definition.shape import Offset, offset_from
from portal.programs.forms.kinds import Group, Items, Part, pair, value_of
from portal.programs.forms.people import whole
from portal.programs.forms.section import Data, Section, dig, give_keys
from portal.programs.rules import KIND_NAMES

EPOCH = datetime(2000, 1, 1)


class RoundPart(Part):
    key = wtforms.HiddenField()
    name = pair(_l("Name"))
    text = pair(_l("What happens in it"), rows=2)
    kind = wtforms.SelectField(_l("Kind"), choices=[SelectChoice(value=k, label=v) for k, v in KIND_NAMES.items()])
    rubric = wtforms.SelectField(_l("Scored on"), validate_choice=False)
    readers = whole(_l("Readers of each file"), 1, 50)
    past_winners = whole(_l("Past winners among them, at least"), 0, 50)
    max_load = whole(_l("Most files a reader"), 1, 10_000)
    panel_size = whole(_l("People on the panel, at least"), 1, 10_000)
    advance = whole(_l("Files that go on"), 1, 1_000_000, needed=False, hint=_l("Empty: as many as there are places."))


class RubricShare(Part):
    key = wtforms.HiddenField()
    final_weight = whole(_l("Percent of the final score"), 1, 100)
    min_judged_share = whole(_l("Percent of the weight a review must judge to count"), 1, 100)


class RoundsForm(Section):
    """Rounds, what each rubric counts, ties."""

    name = "rounds"
    title = _l("Rounds and readers")
    lede = _l("The rounds in order, how many read each file, and how the rounds add up to the final score.")
    places = {"rounds": ("rounds",), "ties": ("ties", "criteria"), "rubrics": ("rubrics",)}

    rounds = Items(RoundPart, _l("Rounds"), one=_l("round"), named="name")
    rubrics = wtforms.FieldList(Group(RubricShare), _l("The final score"))
    ties = wtforms.SelectMultipleField(
        _l("When files are tied, compare first"),
        description=_l("Then the median, then a vote of the panel. Never the number of nominations, never the date."),
        validate_choice=False,
    )

    def settle(self, data: Data) -> None:
        self.rubric_names = {each["key"]: pick(each.get("name")) for each in data["rubrics"]}
        first = next((each.get("rubric") for each in data["rounds"]), "")
        criteria: list[Data] = next((each["criteria"] for each in data["rubrics"] if each["key"] == first), [])
        self.ties.choices = [SelectChoice(value=each["key"], label=pick(each.get("name"))) for each in criteria]
        for entry in self.rubrics.entries:
            entry.label.text = self.rubric_names.get(entry.form.key.object_data, "")
        self.settle_again()

    def settle_again(self) -> None:
        choices = [SelectChoice(value=key, label=name) for key, name in self.rubric_names.items()]
        for entry in self.rounds.entries:
            entry.form.rubric.choices = choices

    def blank(self, _name: str) -> Data:
        return {"readers": 3, "past_winners": 0, "max_load": 12, "panel_size": 5}

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        shares = {each["key"]: each for each in value_of(self.rubrics)}
        new["rubrics"] = [{**each, **shares.get(each["key"], {})} for each in data["rubrics"]]
        new["ties"]["criteria"] = [
            choice.value for choice in self.ties.choices if choice.value in (self.ties.data or ())
        ]
        old = {each["key"]: each for each in data["rounds"]}
        give_keys(new["rounds"])
        for number, each in enumerate(new["rounds"]):
            kept = old.get(each["key"])
            times = kept or _times_after(new["rounds"][number - 1] if number else None, data)
            each["window"], each["scoring"] = dict(times["window"]), dict(times["scoring"])
        return new


def _times_after(before: Data | None, data: Data) -> Data:
    """A new round takes the time between the last round and the notices: half for nominees, half for the panel."""
    ends = dig(before, ("window", "closes")) if before else dig(data, ("windows", "nominations", "closes"))
    start = _on_a_line(ends) + timedelta(minutes=1)
    stop = max(
        _on_a_line(dig(data, ("windows", "notices", "opens"))) - timedelta(minutes=1), start + timedelta(minutes=2)
    )
    middle = (start + (stop - start) / 2).replace(second=0, microsecond=0)
    return {
        "window": {"opens": _offset(start), "closes": _offset(middle)},
        "scoring": {"opens": _offset(middle), "closes": _offset(stop)},
    }


def _on_a_line(written: Any) -> datetime:
    given = offset_from(str(written or "")) or Offset(0, time())
    return datetime.combine(EPOCH + timedelta(days=given.day), given.at)


def _offset(at: datetime) -> str:
    return str(Offset((at.date() - EPOCH.date()).days, at.time()))


class LevelPart(Part):
    name = pair(_l("Name of the level"))


class Levels(Section):
    """The levels that all rubrics share."""

    name = "levels"
    title = _l("Levels of the rubrics")
    lede = _l(
        "All rubrics share these levels, lowest first. A new level begins in every rubric with its own name as text."
    )
    places = {"names": ("levels", "names"), "reference": ("levels", "reference")}

    names = Items(LevelPart, _l("Levels, lowest first"), one=_l("level"), named="name", least=2)
    reference = wtforms.FloatField(
        _l("The level the award hopes to see"),
        validators=[InputRequired(_l("Write a number, such as 3.0.")), NumberRange(1, 10)],
    )

    @classmethod
    def read(cls, data: Data, cycle: Any) -> Data:
        shown = [{"name": name} for name in data["levels"]["names"]]
        return {**super().read(data, cycle), "names": shown}

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        names = [each.get("name", {}) for each in value_of(self["names"])]
        new["levels"]["names"] = names
        for rubric in new["rubrics"]:
            for criterion in rubric["criteria"]:
                written = criterion["levels"][: len(names)]
                criterion["levels"] = [*written, *(dict(name) for name in names[len(written) :])]
        return new


class CriterionPart(Part):
    key = wtforms.HiddenField()
    name = pair(_l("Criterion"))
    text = pair(_l("What it is about, in a sentence"))
    weight = whole(_l("Weight"), 1, 100, hint=_l("All weights add up to 100."))
    from_round = wtforms.SelectField(_l("Asked from"), validate_choice=False)
    levels = wtforms.FieldList(pair(_l("Level"), rows=3))


class RubricForm(Section):
    """One rubric: criteria down, levels across, both languages side by side."""

    name = "rubric"
    title = _l("Rubric")
    lede = _l("What the panel scores, and what each level of it looks like.")
    number: int = 0
    level_names: list[Any] = []

    called = pair(_l("Name of the rubric"))
    criteria = Items(CriterionPart, _l("Criteria"), one=_l("criterion"), named="name")

    def settle(self, data: Data) -> None:
        self.level_names = list(data["levels"]["names"])
        uses = [each for each in data["rounds"] if each.get("rubric") == data["rubrics"][self.number]["key"]]
        first = _("The first round that uses this rubric")
        self.round_choices = [SelectChoice(value="", label=first)]
        self.round_choices += [SelectChoice(value=each["key"], label=pick(each.get("name"))) for each in uses[1:]]
        self.settle_again()

    def settle_again(self) -> None:
        for entry in self.criteria.entries:
            entry.form.from_round.choices = self.round_choices
            for level, name in zip(entry.form.levels.entries, self.level_names, strict=False):
                level.label.text = pick(name)

    def blank(self, _name: str) -> Data:
        return {"levels": [{} for _level in self.level_names]}

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        give_keys(new["rubrics"][self.number]["criteria"])
        for each in new["rubrics"][self.number]["criteria"]:
            each["levels"] = [text or {} for text in each["levels"]]
        return new


def rubric_form(number: int, key: str) -> type[RubricForm]:
    """The form of the file's rubric of this number."""
    places = {"called": ("rubrics", number, "name"), "criteria": ("rubrics", number, "criteria")}
    return type("OneRubric", (RubricForm,), {"number": number, "places": places, "name": f"rubric-{key}"})
