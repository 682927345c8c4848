"""What the public reads: the program's name and address, its page, its award."""

from typing import Any
from zoneinfo import available_timezones

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from portal.core.forms import email, line
from portal.core.i18n import LANGUAGES
from portal.programs.forms.kinds import Items, Part, pair
from portal.programs.forms.section import Data, Section, give_keys

AMERICAN = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico",
)  # fmt: skip


class Naming(Section):
    """Names, contact, language, time zone."""

    name = "program"
    title = _l("Name and contact")
    lede = _l("How people call the program, where they write to, and the clock on its wall.")
    places = {
        "called": ("program", "name"), "short_name": ("program", "short_name"), "contact": ("program", "contact"),
        "mail_sender": ("program", "mail_sender"), "place": ("program", "place"), "tagline": ("program", "tagline"),
        "time_zone": ("program", "time_zone"), "languages": ("program", "languages"),
    }  # fmt: skip

    called = line(_l("Name"), required=_l("Write the program’s name."), longest=120)
    short_name = line(_l("Short name"), required=_l("Write a short name."), longest=30)
    contact = email(
        _l("Address for questions"),
        required=_l("Write the address where questions go."),
        description=_l("Shown on every page. Answers to our letters come here, too."),
    )
    mail_sender = line(
        _l("Name in people’s inbox"), required=_l("Write the name people shall see."), longest=120,
        description=_l("Letters come from this name."),
    )  # fmt: skip
    place = pair(_l("Under the name, on every page"), hint=_l("Such as “Metro Atlanta, since 2006”."))
    tagline = pair(_l("What it is, in one sentence"))
    time_zone = wtforms.SelectField(_l("Time zone"))
    languages = wtforms.SelectMultipleField(
        _l("Languages"),
        description=_l("A language that is added begins with the texts of the other one, for you to translate."),
    )

    def settle(self, data: Data) -> None:
        now = data["program"].get("time_zone", "")
        zones = [*AMERICAN, *([now] if now in available_timezones() and now not in AMERICAN else [])]
        self.time_zone.choices = [SelectChoice(value=zone, label=zone.replace("_", " ")) for zone in zones]
        self.languages.choices = [SelectChoice(value=code, label=name) for code, name in LANGUAGES.items()]

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        new["program"]["languages"] = [code for code in LANGUAGES if code in (self.languages.data or ())]
        spoken = new["program"]["languages"]
        return new if spoken == data["program"].get("languages") else respelled(new, spoken)

    def validate_languages(self, field: Any) -> None:
        if not field.data:
            raise wtforms.ValidationError(_l("Choose at least one language."))


def respelled(value: Any, languages: list[str]) -> Any:
    """The file's values with every text in exactly these languages; a new one begins with the words of another."""
    if isinstance(value, dict):
        if value and set(value) <= set(LANGUAGES) and languages:
            return {code: value.get(code) or next(iter(value.values())) for code in languages}
        return {key: respelled(each, languages) for key, each in value.items()}
    if isinstance(value, list):
        return [respelled(each, languages) for each in value]
    return value


class StoryPart(Part):
    title = pair(_l("Heading"))
    text = pair(_l("Text"), rows=4)


class VoicePart(Part):
    language = wtforms.SelectField(
        _l("Language of the words"),
        choices=[SelectChoice(value=code, label=name) for code, name in LANGUAGES.items()],
    )
    quote = line(_l("The words"), required=_l("Write the words, or remove this voice."), longest=400)
    by = pair(_l("Whose they are"), hint=_l("Such as “A mother, about a 2025 winner”."))


class PublicCriterionPart(Part):
    key = wtforms.HiddenField()
    name = pair(_l("Name"))
    headline = pair(_l("In a few words"))
    text = pair(_l("Text"), rows=3)


class QuestionPart(Part):
    question = pair(_l("Question"))
    answer = pair(_l("Answer"), rows=4)


class PublicPage(Section):
    """The texts of the program's page."""

    name = "page"
    title = _l("The public page")
    lede = _l("Everything that a visitor reads about the program.")
    places = {
        "headline": ("hero", "headline"), "emphasis": ("hero", "emphasis"), "lead": ("hero", "lead"),
        "story": ("story",), "criteria": ("criteria",), "voices": ("voices",), "questions": ("questions",),
    }  # fmt: skip

    headline = pair(_l("Headline"), rows=2)
    emphasis = pair(_l("Second line, in gold"))
    lead = pair(_l("First paragraph"), rows=4)
    story = Items(StoryPart, _l("The story"), one=_l("part of the story"), named="title", least=0)
    criteria = Items(PublicCriterionPart, _l("What the award looks for"), one=_l("criterion"), named="name")
    voices = Items(VoicePart, _l("Voices"), one=_l("voice"), named="quote", least=0)
    questions = Items(QuestionPart, _l("Questions and answers"), one=_l("question"), named="question", least=0)

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        give_keys(new["criteria"])
        return new


class AwardPart(Part):
    key = wtforms.HiddenField()
    amount = wtforms.IntegerField(
        _l("Dollars"), validators=[InputRequired(_l("Write an amount.")), NumberRange(1, 1_000_000)]
    )
    text = pair(_l("What it is for"))


class Award(Section):
    """What winners receive."""

    name = "award"
    title = _l("The award")
    lede = _l("What winners receive. The total is the sum of its parts.")
    places = {
        "parts": ("award", "parts"), "before": ("honored", "before"), "since": ("honored", "since"),
    }  # fmt: skip

    parts = Items(AwardPart, _l("Parts of the award"), one=_l("part"), named="text")
    before = wtforms.IntegerField(
        _l("Educators honored before Laurel kept the count"),
        validators=[InputRequired(_l("Write a number, 0 for none.")), NumberRange(0, 1_000_000)],
    )
    since = wtforms.IntegerField(
        _l("Since the year"), validators=[InputRequired(_l("Write a year.")), NumberRange(1800, 2200)]
    )

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        give_keys(new["award"]["parts"], "text")
        new["award"]["total"] = sum(part.get("amount") or 0 for part in new["award"]["parts"])
        return new
