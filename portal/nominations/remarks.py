"""What is said about a row of an import: kept as a code with its facts, read as a sentence in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.i18n import ngettext, pick
from portal.questions.shape import named

Remark = tuple[str, dict[str, Any]]  # ("short_story", {"words": 4}): what JSON keeps


def quote(text: str) -> str:
    """What was written, short enough to stand within a sentence."""
    return text if len(text) <= 80 else f"{text[:79]}…"


REFUSALS: dict[str, Any] = {
    "no_educator": _l("There is no educator's name."),
    "no_story": _l("There is no story."),
    "no_address": _l("There is no e-mail address of the person who wrote."),
    "bad_address": _l("“%(written)s” can't be read as an e-mail address."),
}

REMARKS: dict[str, Any] = {
    "repeat": _l("The same row is already in."),
    "same_person": _l("The same person already wrote about this educator. Their longer words stay."),
    "longer_kept": _l("The same person already wrote about this educator. This longer story took its place."),
    "own_form": _l("The same person already wrote about this educator on the form. Their words there stay."),
    "address_read": _l("The address was read as %(address)s."),
    "short_story": _l("The story is short (%(words)s)."),
    "long_story": _l("The story is long (%(words)s)."),
    "school_missing": _l("There is no school, so this could not be joined with other nominations."),
    "school_unknown": _l("The school is not in the directory of this district."),
    "district_missing": _l("There is no district."),
    "district_unknown": _l("“%(written)s” is not one of the program's districts."),
    "position_missing": _l("There is no position."),
    "position_unknown": _l("“%(written)s” is not a position we know."),
    "position_closed": _l("“%(written)s” is not a position this award honors."),
    "relation_missing": _l("It does not say how they know the educator. It counts as community."),
    "relation_unknown": _l("“%(written)s” is not a relation we know. It counts as community."),
    "sharing_unknown": _l("“%(written)s” is not a clear yes to sharing their name, so it counts as no."),
    "outside_window": _l("It was written on %(day)s, when nominations were not open."),
    "date_missing": _l("There is no date. It counts as written today."),
    "date_unknown": _l("“%(written)s” can't be read as a date. It counts as written today."),
    "nominator_missing": _l("The person who wrote gave no name."),
    "name_order": _l("The name has a comma. If the family name comes first, correct it and join the two files."),
    "own_unread": _l("“%(written)s” can't be read as an answer to “%(question)s”. It is kept as it was written."),
    "cut": _l("An answer was too long for its box and was cut; the whole text is kept with the nomination."),
}


def sentence(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """One remark or refusal as a sentence."""
    text, said = REFUSALS.get(code) or REMARKS[code], dict(facts or {})
    if isinstance(said.get("words"), int):
        said["words"] = ngettext("one word", "%(num)s words", said["words"])
    if "question" in said:
        said["question"] = named(pick(said["question"]), _("this educator"))
    if "day" in said:
        said["day"] = clock.long_day(date.fromisoformat(said["day"]))
    return str(text) % said


def sentences(remarks: Iterable[Any]) -> list[str]:
    """The remarks of a report's row, as JSON keeps them, in sentences."""
    return [sentence(code, facts) for code, facts in remarks]


def short_name(code: str) -> str:
    """What a remark is about, for the summary of an import: "Short story"."""
    names = {
        "no_educator": _("No educator"),
        "no_story": _("No story"),
        "no_address": _("No address"),
        "bad_address": _("Address not readable"),
        "repeat": _("Same row again"),
        "same_person": _("Same person again"),
        "longer_kept": _("Same person, longer story"),
        "own_form": _("Wrote on the form too"),
        "address_read": _("Address read"),
        "short_story": _("Short story"),
        "long_story": _("Long story"),
        "school_missing": _("No school"),
        "school_unknown": _("School not in the directory"),
        "district_missing": _("No district"),
        "district_unknown": _("Other district"),
        "position_missing": _("No position"),
        "position_unknown": _("Position not known"),
        "position_closed": _("Position not eligible"),
        "relation_missing": _("No relation"),
        "relation_unknown": _("Relation not known"),
        "sharing_unknown": _("Sharing not clear"),
        "outside_window": _("Outside the window"),
        "date_missing": _("No date"),
        "date_unknown": _("Date not readable"),
        "nominator_missing": _("No name of who wrote"),
        "name_order": _("Name with a comma"),
        "own_unread": _("Answer not readable"),
        "cut": _("Answer cut"),
    }
    return names[code]
