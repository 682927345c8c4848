"""Folding of names for matching: case, spaces, titles and accents carry no difference. Pure."""

import re
import unicodedata
from collections.abc import Container
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import count

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


def are_alike(one: str, other: str) -> bool:
    """Whether one is the other with its words mended, rather than something else put in its place."""
    return SequenceMatcher(None, fold(one), fold(other)).ratio() > 0.6


def plain_key(text: str | None, taken: Container[str], otherwise: str = "one") -> str:
    """A key made of a name as a program's file writes keys, none of the taken: "N. Cobb" -> "n_cobb"."""
    found = fold(text).replace(" ", "_").encode("ascii", "ignore").decode()
    base = re.sub(r"^[^a-z]+", "", found)[:40] or otherwise
    return next(key for n in count(1) if (key := base if n == 1 else f"{base}_{n}") not in taken)
