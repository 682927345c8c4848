"""The list of files as words say it (an address, a saved view): read, written back, told to people. Pure."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import asked as words_of
from portal.nominations.columns import ANSWERS, COLUMNS, FIRST, SCREENED, USUAL
from portal.nominations.queries.files import CHIPS, SORTS, Asked
from portal.nominations.rules import CONSENT, SCREENING

NAMES = ("q", "district", "consent", "screening", "step", "order")  # the filters and the order, as an address says them
SORT = "step"  # the usual order
ORDERS = {
    "step": _l("Needs a step first"),
    "name": _l("Name"),
    "newest": _l("Newest first"),
    "school": _l("School"),
    "district": _l("District"),
    "position": _l("Position"),
    "proven": _l("Most nominations first"),
    "unproven": _l("Most not proven first"),
    "asked": _l("Asked longest ago"),
    "answered": _l("Answered longest ago"),
}
CHIP_NAMES = {
    "screen": _l("To screen"),
    "mend": _l("Came back"),
    "address": _l("Address needed"),
    "ask": _l("Ready to ask"),
    "wait": _l("No answer yet"),
    "second": _l("Needs another voice"),
    "one": _l("One voice only"),
}


def read(words: Mapping[str, str], page: int = 1) -> Asked:
    """What the words ask for; what is not understood is left out."""
    return Asked(
        search=words_of.text(words, "q"),
        district=words_of.number(words, "district"),
        consent=words_of.one_of(words, "consent", CONSENT.states),
        screening=words_of.one_of(words, "screening", SCREENING.states),
        chip=words_of.one_of(words, "step", CHIPS),
        sort=words_of.one_of(words, "order", SORTS, SORT),
        page=page,
    )


def written(asked: Asked) -> dict[str, str]:
    """The words that ask for the same (but for the page): what is usual is left unsaid."""
    said = {
        "q": asked.search,
        "district": "" if asked.district is None else str(asked.district),
        "consent": asked.consent,
        "screening": asked.screening,
        "step": asked.chip,
        "order": "" if asked.sort == SORT else asked.sort,
    }
    return {name: word for name, word in said.items() if word}


def is_understood(words: Mapping[str, str], columns: Iterable[str], districts: Container[int]) -> bool:
    """Whether everything that was saved still means something: nothing that it names is gone."""
    asked = within(read(words), districts)
    return written(asked) == dict(words) and all(key in COLUMNS for key in columns)


def within(asked: Asked, districts: Container[int]) -> Asked:
    """The same among these districts: one that is gone narrows nothing."""
    known = asked.district in (None, 0) or asked.district in districts
    return asked if known else replace(asked, district=None)


def chosen(keys: Iterable[str]) -> tuple[str, ...]:
    """The columns of these keys in their order, each once, the educator first; the usual ones when none is named."""
    named = [key for key in dict.fromkeys(keys) if key in COLUMNS]
    return (FIRST, *(key for key in named if key != FIRST)) if named else USUAL


def moved(columns: tuple[str, ...], key: str, by: int) -> tuple[str, ...]:
    """The columns with one of them so many places further; the educator stays the first."""
    if key not in columns[1:]:
        return columns
    others = [each for each in columns if each != key]
    at = max(1, min(columns.index(key) + by, len(others)))
    return (*others[:at], key, *others[at:])


def order_name(sort: str) -> str:
    """An order in words."""
    order = str(ORDERS[sort.removeprefix("-")])
    return _("%(order)s, the other way round", order=order) if sort.startswith("-") else order


def told(asked: Asked, columns: Iterable[str], districts: Mapping[int, str]) -> list[tuple[Any, Any]]:
    """What a list shows, for people: (what, which) of each filter, the order and the columns."""
    district = _("Not known") if asked.district == 0 else districts.get(asked.district or 0, "")
    said = [
        (_("Search"), asked.search),
        (_("District"), district),
        (_("Answer"), ANSWERS.get(asked.consent, "")),
        (_("Screening"), SCREENED.get(asked.screening, "")),
        (_("What is next"), CHIP_NAMES.get(asked.chip, "")),
        (_("Order"), order_name(asked.sort)),
        (_("Columns"), ", ".join(str(COLUMNS[key].title) for key in columns)),
    ]
    return [(what, which) for what, which in said if which]
