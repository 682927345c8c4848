"""What an organizer types: the convening and its call, rooms, blocks, and sessions that nobody proposes."""

from datetime import UTC, datetime, time
from operator import eq
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, TimeField, validators
from wtforms.fields.choices import SelectChoice

from portal.convenings import defaults
from portal.convenings.models import Block, Convening, Session
from portal.convenings.rules import KIND_NAMES, KINDS, LANGUAGES
from portal.core import tokens
from portal.core.asked import whole
from portal.core.clock import SPOKEN_ZONES
from portal.core.forms import Day, DayAndTime, Form, line, text
from portal.core.i18n import pick
from portal.core.names import are_alike

LONGEST_SESSION = 480  # minutes


def both(english: Any, spanish: Any) -> dict[str, str]:
    """A text by language; an empty one is left out."""
    given = {"en": english.data or "", "es": spanish.data or ""}
    return {lang: words for lang, words in given.items() if words}


def split(text_by_language: Any, name: str) -> dict[str, str]:
    """{"name_en": ..., "name_es": ...} for a form's two fields."""
    return {f"{name}_{lang}": (text_by_language or {}).get(lang, "") for lang in ("en", "es")}


def _new_key() -> str:
    """The key of an area or an audience. None is given twice: proposals may still name one that was removed."""
    return tokens.new_public_id()


class NewForm(Form):
    """The least a convening needs."""

    name_en = line(_l("Name in English"), required=_l("Write the convening's name."), longest=120)
    name_es = line(_l("Name in Spanish"), longest=120)
    day = Day(_l("Day"), validators=[validators.InputRequired(_l("Choose the day."))])
    place = line(_l("Place"), description=_l("Building, street and city."))


class SetupForm(NewForm):
    """The convening whole, with its call."""

    text_en = text(_l("What it is, in English"), longest=1000, description=_l("One or two sentences below the name."))
    text_es = text(_l("What it is, in Spanish"), longest=1000)
    time_zone = SelectField(
        _l("Time zone"), choices=[SelectChoice(value=zone, label=zone.replace("_", " ")) for zone in SPOKEN_ZONES]
    )
    agenda_on = Day(
        _l("Agenda promised for"),
        validators=[validators.Optional()],
        description=_l("Visitors read this date until you release the agenda."),
    )
    area1_en, area1_es = line(_l("Area 1, circle")), line(_l("In Spanish"))
    area2_en, area2_es = line(_l("Area 2, square")), line(_l("In Spanish"))
    area3_en, area3_es = line(_l("Area 3, triangle")), line(_l("In Spanish"))
    area4_en, area4_es = line(_l("Area 4, diamond")), line(_l("In Spanish"))
    opens_at = DayAndTime(
        _l("The call opens"), validators=[validators.InputRequired(_l("Choose when the call opens."))]
    )
    closes_at = DayAndTime(
        _l("The call closes"), validators=[validators.InputRequired(_l("Choose when the call closes."))]
    )
    call_en = text(_l("What the call says, in English"), longest=2000)
    call_es = text(_l("What the call says, in Spanish"), longest=2000)
    lengths = line(
        _l("Lengths in minutes"), required=_l("Write at least one length."), description=_l("Such as 30, 45, 60.")
    )
    audiences = text(
        _l("Audiences"),
        required=_l("Write at least one audience."),
        description=_l("One a line: English | Spanish."),
    )

    def offer(self, convening: Convening) -> "SetupForm":
        """Adds the convening's own zone to the choices."""
        if convening.time_zone not in [choice.value for choice in self.time_zone.choices]:
            self.time_zone.choices = [*self.time_zone.choices, SelectChoice(value=convening.time_zone)]
        return self

    def validate_closes_at(self, field: Any) -> None:
        """The call closes after it opens."""
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise validators.ValidationError(_("The call closes after it opens."))

    def validate_lengths(self, field: Any) -> None:
        """Every length is a number of minutes that a day holds."""
        if not self.minutes() or any(not 5 <= n <= LONGEST_SESSION for n in self.minutes()):
            raise validators.ValidationError(_("Write minutes as numbers with commas between: 30, 45, 60."))

    def minutes(self) -> list[int]:
        """The lengths as numbers, in order; empty when one is not a number."""
        read = [whole(part.strip()) for part in (self.lengths.data or "").split(",") if part.strip()]
        found = {number for number in read if number is not None}
        return [] if None in read else sorted(found)

    def areas(self, before: list[Any]) -> list[dict[str, Any]]:
        """The content areas; one that keeps its place keeps its key, which proposals refer to."""
        named = [(i, both(self[f"area{i + 1}_en"], self[f"area{i + 1}_es"])) for i in range(defaults.MAX_AREAS)]
        found: list[dict[str, Any]] = []
        for i, name in named:
            old = before[i] if i < len(before) else {"key": _new_key()}
            if name:  # an area whose name is new loses its short name: that spoke of the old one
                found.append(old if old.get("name") == name else {"key": old["key"], "name": name})
        return found

    def audience_list(self, before: list[Any]) -> list[dict[str, Any]]:
        """The audiences of the text; one whose English name is as before, or only mended, keeps its key."""
        names: list[dict[str, str]] = []
        for typed in (self.audiences.data or "").splitlines():
            english, _bar, spanish = (part.strip() for part in typed.partition("|"))
            if english:
                names.append({"en": english, **({"es": spanish} if spanish else {})})
        known = {each["key"]: pick(each["name"], "en") for each in before}
        kept: dict[int, str] = {}
        for same in (eq, are_alike):
            for at, name in enumerate(names):
                free = (key for key, was in known.items() if key not in kept.values() and same(was, name["en"]))
                if at not in kept and (key := next(free, "")):
                    kept[at] = key
        return [{"key": kept.get(at) or _new_key(), "name": name} for at, name in enumerate(names)]

    def convening(self, before: Convening) -> dict[str, Any]:
        """The convening's own values."""
        return {
            "name": both(self.name_en, self.name_es),
            "text": both(self.text_en, self.text_es),
            "day": self.day.data,
            "time_zone": self.time_zone.data,
            "place": self.place.data or "",
            "agenda_on": self.agenda_on.data,
            "areas": self.areas(before.areas),
        }

    def call(self, before: Convening) -> dict[str, Any]:
        """The call's values; moments are read in the convening's zone."""
        zone = ZoneInfo(self.time_zone.data)
        opens, closes = self.opens_at.data, self.closes_at.data
        assert opens is not None, "the form is valid"
        assert closes is not None, "the form is valid"
        return {
            "opens_at": opens.replace(tzinfo=zone),
            "closes_at": closes.replace(tzinfo=zone),
            "text": both(self.call_en, self.call_es),
            "lengths": self.minutes(),
            "audiences": self.audience_list(before.call.audiences if before.call else []),
        }


def setup_form(convening: Convening) -> SetupForm:
    """The form as the convening stands."""
    zone, call = ZoneInfo(convening.time_zone), convening.call
    given: dict[str, Any] = {
        **split(convening.name, "name"),
        **split(convening.text, "text"),
        "day": convening.day,
        "place": convening.place,
        "time_zone": convening.time_zone,
        "agenda_on": convening.agenda_on,
    }
    for i, area in enumerate(convening.areas, 1):
        given |= split(area["name"], f"area{i}")
    if call is not None:
        given |= split(call.text, "call")
        given["opens_at"] = call.opens_at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
        given["closes_at"] = call.closes_at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
        given["lengths"] = ", ".join(map(str, call.lengths))
        given["audiences"] = "\n".join(" | ".join(each["name"].values()) for each in call.audiences)
    return SetupForm(data=given).offer(convening)


class RoomForm(Form):
    """A room."""

    name = line(_l("Room"), required=_l("Write the room's name."), longest=80)
    capacity = IntegerField(
        _l("Seats"),
        validators=[validators.Optional(), validators.NumberRange(1, 9999, _l("Write how many seats, as a number."))],
    )


class BlockForm(Form):
    """A block of the day, in the convening's time zone."""

    starts = TimeField(_l("From"), validators=[validators.InputRequired(_l("Choose when the block starts."))])
    ends = TimeField(_l("To"), validators=[validators.InputRequired(_l("Choose when the block ends."))])
    name_en = line(_l("Name in English"), longest=120, description=_l("Shown while nothing is placed in it."))
    name_es = line(_l("Name in Spanish"), longest=120)
    whole = BooleanField(_l("One thing for everybody"))

    def times(self, convening: Convening) -> tuple[datetime, datetime]:
        """The block's moments on the convening's day."""
        start, end = self.starts.data, self.ends.data
        assert start is not None, "the form is valid"
        assert end is not None, "the form is valid"
        return _moment(convening, start), _moment(convening, end)


def _moment(convening: Convening, at: time) -> datetime:
    return datetime.combine(convening.day, at, ZoneInfo(convening.time_zone)).astimezone(UTC)


def block_form(convening: Convening, block: Block) -> BlockForm:
    """The form as the block stands."""
    zone = ZoneInfo(convening.time_zone)
    return BlockForm(
        data={
            "starts": block.starts_at.astimezone(zone).time(),
            "ends": block.ends_at.astimezone(zone).time(),
            "whole": block.whole,
            **split(block.name, "name"),
        }
    )


class SessionForm(Form):
    """A keynote, a meal, an open space; or the words of a talk as they stand on the agenda."""

    kind = SelectField(
        _l("Kind"), choices=[SelectChoice(value=kind, label=KIND_NAMES[kind]) for kind in KINDS], default="keynote"
    )
    title_en = line(_l("Title in English"), longest=200)
    title_es = line(_l("Title in Spanish"), longest=200)
    text_en = text(_l("What it is, in English"), longest=3000)
    text_es = text(_l("What it is, in Spanish"), longest=3000)
    speakers = line(_l("Who speaks"), longest=300, description=_l("As it should stand on the agenda."))
    language = SelectField(
        _l("Language"),
        choices=[
            SelectChoice(value=lang, label=label)
            for lang, label in zip(LANGUAGES, ("English", "Español", _l("Both")), strict=True)
        ],
        default="en",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A title in either language. Asked here: an empty field that may be empty is asked nothing more."""
        right = super().validate(extra_validators)
        if not self.title_en.data and not self.title_es.data:
            self.title_en.errors = [_("Write a title.")]
            return False
        return right

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {
            "kind": self.kind.data,
            "title": both(self.title_en, self.title_es),
            "text": both(self.text_en, self.text_es),
            "speakers": self.speakers.data or "",
            "language": self.language.data,
        }


def session_form(session: Session) -> SessionForm:
    """The form as the session stands."""
    given = {**split(session.title, "title"), **split(session.text, "text")}
    return SessionForm(data={**given, "kind": session.kind, "speakers": session.speakers, "language": session.language})
