"""Folding of names for matching: case, spaces, titles and accents carry no difference. Pure."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_TITLES = r"(?:dr|mr|mrs|ms|mx|miss|prof|professor|coach|sr|sra|srta|sir|madam|señor|señora)"
_TITLE = re.compile(rf"^(?:{_TITLES}\.?\s+)+", re.I)
# Letters that decompose to nothing by themselves.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})


@lru_cache(maxsize=8192)  # the same names and titles come again and again, in an import thousands of times
def fold(text: str | None) -> str:
    """Lower case without accents, punctuation as spaces: "Anne-Marie  O’Connell" -> "anne marie o connell"."""
    plain = (text or "").casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(_PLAIN))
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+", " ", plain).replace("_", " ").split())


def person_key(name: str | None) -> str:
    """The name folded, its titles left out: "Dr. Siobhán Quiñones" -> "siobhan quinones"."""
    return fold(_TITLE.sub("", (name or "").strip()))


def school_key(name: str | None) -> str:
    """The school's name folded. Nothing is guessed: an abbreviation stays another name."""
    return fold(name)


def without_title(name: str) -> str:
    """The name as written, its leading titles cut."""
    return _TITLE.sub("", name.strip()).strip() or name.strip()


class SchoolParts(NamedTuple):
    """A school's name taken apart: what is its own, and what kind of school it says it is (several when muddled)."""

    own: tuple[str, ...]
    kinds: frozenset[str]


# What people shorten, in English and Spanish; "" leaves a word out.
_SHORT = {
    **dict.fromkeys(("es", "elem", "elementry", "primary", "primaria", "prim"), "elementary"),
    **dict.fromkeys(("ms", "mid", "jhs", "secundaria"), "middle"),
    **dict.fromkeys(("hs", "hi", "shs", "preparatoria", "prepa"), "high"),
    **dict.fromkeys(("acad", "academia"), "academy"),
    **dict.fromkeys(("chtr", "chs"), "charter"),
    **dict.fromkeys(("intermed", "inter"), "intermediate"),
    **dict.fromkeys(
        ("school", "schools", "sch", "schl", "escuela", "the", "la", "of", "de", "del", "public", "jr"), ""
    ),
    "ctr": "center",
}
# Only where a name begins: the "s" of "St. Mary's" is no south.
_FIRST = {"st": "saint", "mt": "mount", "ft": "fort", "n": "north", "s": "south", "e": "east", "w": "west"}
_KINDS = frozenset(
    ("elementary", "middle", "high", "academy", "charter", "intermediate", "magnet", "montessori", "preschool")
)


@lru_cache(maxsize=4096)
def school_parts(name: str) -> SchoolParts:
    """The words of a school's name spelled out, apart from those for its kind: "Peachtree Elem. School" and "Peachtree
    ES" are both (("peachtree",), {"elementary"}). A name of such words alone keeps them as its own.
    """
    # "Martin Luther King Jr. High" is a high school, "Lantern Hill Jr. High" a middle one: it may be either.
    tokens = fold(name).replace("junior high", "middle").replace("jr high", "middle high").split()
    tokens[:1] = [_FIRST.get(token, token) for token in tokens[:1]]
    words = [word for token in tokens if (word := _SHORT.get(token, token))]
    own = tuple(word for word in words if word not in _KINDS)
    kinds = frozenset(words) & _KINDS
    return SchoolParts(own or tuple(words), kinds if own else frozenset())
