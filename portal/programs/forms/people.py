"""Who may be nominated and by whom: eligibility, positions and categories; districts; relations; the form's rules."""

from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.core.forms import line
from portal.core.i18n import pick
from portal.programs.forms.kinds import Group, Items, Lines, Part, pair
from portal.programs.forms.paged import Paged
from portal.programs.forms.section import Data, Section, give_keys

HOW_CHECKED = {
    "position": _l("By the position"),
    "district": _l("By the school’s district"),
    "attest": _l("The nominee says so"),
    "not_winner": _l("No award in an earlier year, by our records"),
    "not_panel": _l("Not on this year’s panel or staff, by our records"),
}
GROUPS = {
    "student": _l("Students"), "family": _l("Families"), "colleague": _l("Colleagues"), "leader": _l("School leaders"),
    "community": _l("Community"), "self": _l("The educator"),
}  # fmt: skip
ONE_A_LINE = _l("One on each line. Case and accents do not matter.")


def whole(label: Any, low: int, high: int, *, needed: bool = True, hint: Any = "") -> wtforms.IntegerField:
    """A whole number within bounds."""
    first = InputRequired(_l("Write a whole number.")) if needed else Optional()
    return wtforms.IntegerField(label, validators=[first, NumberRange(low, high)], description=hint)


class RulePart(Part):
    key = wtforms.HiddenField()
    text = pair(_l("The rule, as people read it"), rows=2, hint=_l("Two stars make words **bold**."))
    check = wtforms.SelectField(
        _l("How it is checked"), choices=[SelectChoice(value=k, label=v) for k, v in HOW_CHECKED.items()]
    )
    public = wtforms.BooleanField(_l("Show it on the public page"))


class PositionPart(Part):
    key = wtforms.HiddenField()
    name = pair(_l("Position"))
    eligible = wtforms.BooleanField(_l("May be nominated"))
    words = Lines(_l("What people write for it"), description=ONE_A_LINE)


class CategoryPart(Part):
    key = wtforms.HiddenField()
    name = pair(_l("Category"))
    places = whole(_l("How many are honored"), 1, 10_000)
    positions = wtforms.SelectMultipleField(_l("Positions that belong to it"), validate_choice=False)


class Eligible(Section):
    """Rules, positions, categories."""

    name = "eligible"
    title = _l("Who may be nominated")
    lede = _l("The rules a nominee must meet, the positions on the form, and the categories with their places.")
    places = {"eligibility": ("eligibility",), "positions": ("positions",), "categories": ("categories",)}

    eligibility = Items(RulePart, _l("Rules"), one=_l("rule"), named="text")
    positions = Items(PositionPart, _l("Positions"), one=_l("position"), named="name")
    categories = Items(CategoryPart, _l("Categories"), one=_l("category"), named="name")

    def settle(self, _data: Data) -> None:
        self.settle_again()

    def settle_again(self) -> None:
        choices = [
            SelectChoice(value=entry.form.key.data, label=pick(entry.form["name"].data))
            for entry in self.positions.entries
            if entry.form.key.data
        ]
        for entry in self.categories.entries:
            entry.form.positions.choices = choices

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        give_keys(new["eligibility"], "text")
        give_keys(new["positions"])
        give_keys(new["categories"])
        keys = {each["key"] for each in new["positions"]}
        for each in new["categories"]:
            each["positions"] = [key for key in each.get("positions", ()) if key in keys]
        self._place_new_positions(data, new)
        return new

    def _place_new_positions(self, data: Data, new: Data) -> None:
        """A new position that may be nominated belongs to the only category there is."""
        known = {each["key"] for each in data["positions"]}
        fresh = [each["key"] for each in new["positions"] if each.get("eligible") and each["key"] not in known]
        if len(new["categories"]) == 1:
            new["categories"][0]["positions"] += fresh


class DistrictPart(Part):
    key = wtforms.HiddenField()
    name = line(_l("Name"), required=_l("Write the district’s name."))
    short = line(_l("Short form"), longest=60, description=_l("Such as GCPS."))
    aliases = Lines(_l("Other ways people write it"), description=ONE_A_LINE)


class Districts(Paged):
    """The districts."""

    name = "districts"
    title = _l("Districts")
    lede = _l("Educators of these districts may be nominated. Schools belong to one of them.")
    places = {"districts": ("districts",)}
    many = "districts"

    districts = Items(DistrictPart, _l("Districts"), one=_l("district"), named="name", ordered=False)

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        give_keys(new["districts"])
        return new


class RelationPart(Part):
    key = wtforms.HiddenField()
    name = pair(_l("How they know the educator"))
    hint = pair(_l("Small text below"), needed=False)
    group = wtforms.SelectField(_l("Counts among"), choices=[SelectChoice(value=k, label=v) for k, v in GROUPS.items()])
    alone = wtforms.BooleanField(_l("Such a voice may stand alone"))
    words = Lines(_l("What people write for it"), description=ONE_A_LINE)


class GroupNames(Part):
    student = pair(GROUPS["student"])
    family = pair(GROUPS["family"])
    colleague = pair(GROUPS["colleague"])
    leader = pair(GROUPS["leader"])
    community = pair(GROUPS["community"])
    self = pair(GROUPS["self"])


class FormRules(Part):
    story_question = pair(_l("The main question"))
    story_hint = pair(_l("Small text below it"), rows=2)
    story_min_words = whole(_l("At least so many words"), 1, 2000, hint=_l("A soft limit with a live count."))
    story_max_words = whole(_l("At most so many words"), 1, 5000)
    adult_age = whole(_l("An adult sends it for whoever is younger than"), 0, 21)
    self_needs_seconders = whole(_l("A self-nomination needs so many others"), 0, 20)
    family_alone_qualifies = wtforms.BooleanField(
        _l("The educator’s own family alone is enough"),
        description=_l("Family here are the relations below that may not stand alone."),
    )
    confirm_within_days = whole(_l("Days to confirm the address"), 1, 365)
    remind_after_days = whole(_l("Days until the one reminder to confirm"), 1, 365)
    consent_within_days = whole(_l("Days for the nominee to answer"), 1, 365)
    consent_remind_after_days = whole(_l("Days until the one reminder to answer"), 1, 365)
    drafts_kept_days = whole(_l("Days after the closing until an unsent nomination is erased"), 1, 365)
    least_seconds = whole(
        _l("Seconds that filling in the form takes at least"), 0, 600, hint=_l("Whoever is faster is asked to wait.")
    )
    network_an_hour = whole(
        _l("Nominations an hour from one network"), 1, 100_000,
        hint=_l("A whole school writes from one. Past the limit each waits a little; none is dropped."),
    )  # fmt: skip
    address_an_hour = whole(_l("Nominations an hour from one e-mail address"), 1, 1000)
    proof_of_work = whole(
        _l("Work for the sender’s browser"), 0, 18,
        hint=_l("0: off. 12 to 16: the browser calculates a moment before it sends."),
    )  # fmt: skip


class Nominators(Section):
    """Relations, groups, the rules of the form."""

    name = "nominators"
    title = _l("Who nominates, and how")
    lede = _l("How nominators may know the educator, the reporting groups, and the rules of the nomination form.")
    places = {"nominations": ("nominations",), "relations": ("relations",), "groups": ("groups",)}

    nominations = Group(FormRules, _l("The form"))
    relations = Items(RelationPart, _l("Relations"), one=_l("relation"), named="name")
    groups = Group(GroupNames, _l("Names of the groups"))

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        give_keys(new["relations"])
        return new

    def blank(self, _name: str) -> Data:
        return {"alone": True, "group": "community"}
