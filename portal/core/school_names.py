"""Names of schools: one list of what people shorten, written out; what is a school's own and what kind it is. Pure."""

import re
from functools import lru_cache
from typing import NamedTuple

from portal.core.names import fold

# What people and directories write for longer words. Beginnings of a word ("acad", "prep") are found without this list
# when they are typed; they stand here for directories that write them.
SHORT = {
    "aca": "academy",
    "acad": "academy",
    "alt": "alternative",
    "char": "charter",
    "chtr": "charter",
    "cntr": "center",
    "comm": "community",
    "cs": "charter school",
    "ctr": "center",
    "cty": "county",
    "elem": "elementary",
    "es": "elementary school",
    "ft": "fort",
    "hs": "high school",
    "intl": "international",
    "is": "intermediate school",
    "jfk": "john f kennedy",
    "jh": "junior high",
    "jhs": "junior high school",
    "jr": "junior",
    "mag": "magnet",
    "mid": "middle",
    "mlk": "martin luther king",
    "ms": "middle school",
    "mt": "mount",
    "prep": "preparatory",
    "prim": "primary",
    "ps": "primary school",
    "sch": "school",
    "shs": "senior high school",
    "sr": "senior",
    "st": "saint",
    "twp": "township",
    "univ": "university",
}
_FIRST_ONLY = {"n": "north", "s": "south", "e": "east", "w": "west"}  # "N Atlanta", but not the s of "King's"
_LAST_NEVER = {"st", "mt", "ft"}  # "Main St" is no saint
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")  # "H.S."
_JUNIOR = re.compile(r"\bjr\b", re.I)


def written_words(text: str | None) -> list[str]:
    """The words as written, folded; "H.S." is one."""
    return list(read_words(text)[0])


def long_words(text: str | None) -> list[str]:
    """The words folded, abbreviations written out: "St. Mary ES" -> ["saint", "mary", "elementary", "school"]."""
    return list(read_words(text)[1])


@lru_cache(4096)  # cities, levels and districts repeat over a whole file
def read_words(text: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words as written, and the words with abbreviations written out."""
    words = fold(_DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text or "")).split()
    found: list[str] = []
    for at, word in enumerate(words):
        last = at == len(words) - 1
        longer = SHORT.get(word) or (_FIRST_ONLY.get(word) if at == 0 and not last else None)
        found += longer.split() if longer and not (last and word in _LAST_NEVER) else [word]
    return tuple(words), tuple(found)


class SchoolParts(NamedTuple):
    """A school's name taken apart: what is its own, and what kind of school it says it is (several when muddled)."""

    own: tuple[str, ...]
    kinds: frozenset[str]


# Other words and slips for the same, in English and Spanish, once short forms are written out; "" leaves a word out.
_SAME = {
    **dict.fromkeys(("elementry", "primary", "primaria"), "elementary"),
    **dict.fromkeys(("secundaria",), "middle"),
    **dict.fromkeys(("hi", "preparatoria", "prepa"), "high"),
    "academia": "academy",
    "chs": "charter",
    **dict.fromkeys(("intermed", "inter"), "intermediate"),
    **dict.fromkeys(("school", "schools", "schl", "escuela", "the", "la", "of", "de", "del", "public"), ""),
    **dict.fromkeys(("junior", "senior"), ""),
}
_KINDS = frozenset(
    ("elementary", "middle", "high", "academy", "charter", "intermediate", "magnet", "montessori", "preschool")
)


@lru_cache(maxsize=4096)
def school_parts(name: str) -> SchoolParts:
    """The words of a school's name spelled out, apart from those for its kind: "Peachtree Elem. School" and "Peachtree
    ES" are both (("peachtree",), {"elementary"}). A name of such words alone keeps them as its own.
    """
    # "Martin Luther King Jr. High" is a high school, "Lantern Hill Jr. High" a middle one: it may be either.
    said = " ".join(long_words(name)).replace("junior high", "middle high" if _JUNIOR.search(name) else "middle")
    words = [word for token in said.split() if (word := _SAME.get(token, token))]
    own = tuple(word for word in words if word not in _KINDS)
    kinds = frozenset(words) & _KINDS
    return SchoolParts(own or tuple(words), kinds if own else frozenset())
