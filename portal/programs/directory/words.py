"""The words by which a school is found, abbreviations understood both ways: "ES", "Elem", "N. Atlanta HS". Pure."""

import re
from functools import lru_cache

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
_SILENT = {"the", "of", "school", "schools"}  # say nothing about which school is meant
# The short forms that are not the beginning of their long word, with that word as it stands between spaces.
_ALSO = {
    short: f" {longer.removesuffix(' school')} " for short, longer in SHORT.items() if not longer.startswith(short)
}
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")  # "H.S."
# Words that very many schools have: a search begins at another word when there is one.
COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "at",
        "for",
        "school",
        "schools",
        "elementary",
        "middle",
        "high",
        "academy",
        "charter",
        "primary",
        "junior",
        "senior",
        "intermediate",
        "center",
        "county",
        "public",
        "community",
        "magnet",
        "preparatory",
        "escuela",
        "primaria",
        "secundaria",
        "es",
        "ms",
        "hs",
    ]
)


def written_words(text: str | None) -> list[str]:
    """The words as written, folded; "H.S." is one."""
    return list(_read(text)[0])


def long_words(text: str | None) -> list[str]:
    """The words folded, abbreviations written out: "St. Mary ES" -> ["saint", "mary", "elementary", "school"]."""
    return list(_read(text)[1])


@lru_cache(4096)  # cities, levels and districts repeat over a whole file
def _read(text: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words as written, and written out."""
    words = fold(_DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text or "")).split()
    found: list[str] = []
    for at, word in enumerate(words):
        last = at == len(words) - 1
        longer = SHORT.get(word) or (_FIRST_ONLY.get(word) if at == 0 and not last else None)
        found += longer.split() if longer and not (last and word in _LAST_NEVER) else [word]
    return tuple(words), tuple(found)


def sense(name: str | None) -> str:
    """What a name means, abbreviations and "School" making no difference: "Maynard HS" and "Maynard High School"."""
    words = long_words(name)
    return " ".join(word for word in words if word not in _SILENT) or " ".join(words)


def search_words(*texts: str | None) -> list[str]:
    """Every word by which a school of this name (level, city) is found, as written, written out and abbreviated."""
    read = [_read(text) for text in texts]
    words = {word for pair in read for part in pair for word in part}
    spelled = f" {' | '.join(' '.join(longer) for _written, longer in read)} "
    words |= {short for short, telling in _ALSO.items() if telling in spelled}
    return sorted(word[:60] for word in words)


def leaders(words: list[str]) -> list[str]:
    """The one or two words at which a search begins: the longest that are not (the beginning of) very common ones."""
    rare = [word for word in words if not any(common.startswith(word) for common in COMMON)]
    return sorted(rare, key=len, reverse=True)[:2] or [max(words, key=len)]
