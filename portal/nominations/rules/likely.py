"""Two files that may be about one educator: the reasons in words, and how sure they make us. Pure."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

REASONS: dict[str, Any] = {
    "same_name": _l("Same name"),
    "accents": _l("Accents or capital letters differ"),
    "title": _l("One has a title, such as Ms. or Dr."),
    "order": _l("Names in another order"),
    "spaces": _l("Same letters, spaces differ"),
    "nickname": _l("One may be a nickname of the other"),
    "initial": _l("One name is only an initial"),
    "typo": _l("May be a typing error in the name"),
    "part": _l("One has a further name"),
    "one_part": _l("One is only a first or a last name"),
    "email": _l("Same e-mail address"),
    "school": _l("Same school"),
    "school_words": _l("Same school, written another way"),
    "school_typo": _l("School names differ by a few letters"),
    "school_missing": _l("A school is missing"),
    "district": _l("Same district, however it was written"),
}


class Level(NamedTuple):
    """How likely a pair is, said in words beside a tag."""

    least: float
    kind: str
    words: Any


LEVELS = (
    Level(0.9, "ok", _l("Very likely")),
    Level(0.75, "half", _l("Likely")),
    Level(0.0, "wait", _l("Possible")),
)


def level_of(score: float) -> Level:
    """The words for a likeness."""
    return next(level for level in LEVELS if score >= level.least)


def words_for(reasons: Iterable[str]) -> list[Any]:
    """The reasons in words; one that is not known any more is left out."""
    return [REASONS[key] for key in reasons if key in REASONS]
