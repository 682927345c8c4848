"""How likely two nominee files are about one educator, and why: functions over plain values. Pure.

Three questions are asked of a pair, each answered with a figure from 0 to 1 and reasons that can be said in words: are
the names one name, may the schools be one school, do address and position agree. Their product is the likeness; from
`LIKELY` on a person is asked. Nothing here joins anything: the evidence is only likely.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from portal.core.names import fold, person_key
from portal.core.school_names import SchoolParts, school_parts
from portal.nominations.nicknames import NAMES, is_nickname, names_of

LIKELY = 0.55
MOST_TOKENS = 6  # parts of a name that are compared; more are rare, and long names must not cost more
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "edd", "med", "ma", "msed", "nbct", "esq"))


@dataclass(frozen=True)
class Described:
    """An educator as a file describes them; schools and districts of the directory by their numbers."""

    name: str
    school: str = ""
    school_id: int | None = None
    district_id: int | None = None
    position: str = ""
    email: str = ""


class Likeness(NamedTuple):
    """From 0 to 1, and the keys of what speaks for it, the weightiest kind first (words: `rules.likely.REASONS`)."""

    score: float
    reasons: tuple[str, ...]


class Name(NamedTuple):
    """The parts of a name in the order given, family, folded; whether it was written family first, with a comma."""

    parts: tuple[str, ...]
    turned: bool


NOTHING = Likeness(0.0, ())


@lru_cache(maxsize=65536)
def name_of(written: str) -> Name:
    """The name taken apart: "Sørensen, Dr. Siobhán" -> (("siobhan", "sorensen"), turned)."""
    before, comma, after = written.partition(",")
    first, last = person_key(after).split(), person_key(before).split()
    turned = bool(comma and first and last and not set(first) <= _SUFFIXES)
    parts = [*first, *last] if turned else [*last, *first]
    while len(parts) > 1 and parts[-1] in _SUFFIXES:
        parts.pop()
    return Name(tuple(parts[:MOST_TOKENS]), turned)


def keys_of(person: Described) -> set[str]:
    """What two files must share one of to be compared at all; each stands in an index.

    Every part of the name with the first letter of each other part, short forms spelled out: one whole part and one
    letter of another always agree, whatever else is turned, shortened or mistyped. All letters, when only the spaces
    differ. Each part with the school, for names of one part. And the address.
    """
    parts = name_of(person.name).parts
    keys = {f"@{person.email.casefold()}"} if person.email else set()
    if len(parts) > 1:
        keys.add("=" + "".join(parts))
    for i, part in enumerate(parts):
        rest = [other for j, other in enumerate(parts) if j != i]
        letters = {name[0] for other in rest for name in (other, *names_of(other))}
        keys |= {f"{name}:{letter}" for name in names_of(part) if len(name) > 1 for letter in letters}
        if own := school_parts(person.school).own:
            keys.add(f"{part}/{own[0]}")
    return keys


def compare(one: Described, other: Described) -> Likeness:
    """The likeness of two educators. The same whichever comes first."""
    place = places_alike(one, other)
    if one.email and one.email.casefold() == other.email.casefold():
        place = Likeness(max(place.score, 0.95), ("email", *place.reasons))
    name = names_alike(one.name, other.name) if place.score else NOTHING
    if not name.score:
        return NOTHING
    score = name.score * place.score * _agreement(one, other, place.reasons)
    return Likeness(round(score, 4), (*name.reasons, *place.reasons))


def _agreement(one: Described, other: Described, place: tuple[str, ...]) -> float:
    """What addresses and positions that differ take away; where no school helps, they weigh more."""
    factor = 1.0
    if one.email and other.email and "email" not in place:
        factor *= 0.9
    if one.position and other.position and fuzz.token_set_ratio(fold(one.position), fold(other.position)) < 60:
        factor *= 0.8 if "school_missing" in place else 0.95
    return factor


def names_alike(one: str, other: str) -> Likeness:
    """Whether two names as written may be one name."""
    first, second = name_of(one), name_of(other)
    if min(max(map(len, parts), default=0) for parts in (first.parts, second.parts)) < 2:
        return NOTHING  # initials alone say nothing
    written = _as_written(one, other, first, second)
    if first.parts == second.parts:
        return Likeness(1.0, ("same_name", *written)) if len(first.parts) > 1 else Likeness(0.6, ("one_part", *written))
    if "".join(first.parts) == "".join(second.parts):
        return Likeness(0.98, ("spaces", *written))
    if sorted(first.parts) == sorted(second.parts):
        return Likeness(0.97, ("order", *(reason for reason in written if reason != "order")))
    return _aligned(first.parts, second.parts, written)


def _as_written(one: str, other: str, first: Name, second: Name) -> tuple[str, ...]:
    """What differs only in how the name was written."""
    found = []
    if first.turned != second.turned:
        found.append("order")
    if _bare(one) != _bare(other) and fold(_bare(one)) == fold(_bare(other)):
        found.append("accents")
    if (fold(one) != person_key(one)) != (fold(other) != person_key(other)):
        found.append("title")
    return tuple(found)


def _bare(name: str) -> str:
    """The letters of a name in order of its parts, with their accents: what is left to differ are accents."""
    return " ".join(sorted(name.casefold().replace(",", " ").split()))


def _aligned(one: tuple[str, ...], other: tuple[str, ...], written: tuple[str, ...]) -> Likeness:
    """Each part of the shorter name finds its like in the longer one, or the names are not alike."""
    short, long = sorted((one, other), key=len)
    left, score, whole = list(long), 1.0, 0
    reasons: list[str] = []
    for part in sorted(short, key=len, reverse=True):
        best = max((parts_alike(part, each) for each in left), key=lambda found: found.score)
        if not best.score:
            return NOTHING
        found = next(each for each in left if parts_alike(part, each) == best)
        left.remove(found)
        score *= best.score
        whole += len(part) > 1 and (best.score == 1.0 or (len(short) > 1 and is_nickname(part, found)))
        reasons += best.reasons
    if left:
        reasons.append("part" if len(short) > 1 else "one_part")
        score *= 0.92 if len(short) > 1 else 0.6
    if not whole:  # two slips at once, or initials
        return NOTHING
    return Likeness(score, (*dict.fromkeys(reasons), *written))


@lru_cache(maxsize=65536)
def parts_alike(one: str, other: str) -> Likeness:
    """One part of a name beside another: the same, a short form, an initial, or a slip of the keys."""
    if one == other:
        return Likeness(1.0, ())
    if is_nickname(one, other):
        return Likeness(0.93, ("nickname",))
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        fits = any(name.startswith(short) for name in (long, *names_of(long)))
        return Likeness(0.75, ("initial",)) if fits else NOTHING
    if is_typo(one, other):
        return Likeness(0.88, ("typo",))
    if len(short) >= 3 and long.startswith(short) and len(long) - len(short) >= 2:
        return Likeness(0.8, ("nickname",))
    return NOTHING


def is_typo(one: str, other: str) -> bool:
    """Whether one is the other with a letter missing, doubled, wrong, or two turned round; two such slips in a long
    part. Two names that both exist (Maria and Mario, Carmen and Carmela) are no slip of each other.
    """
    if one[0] != other[0] or (one in NAMES and other in NAMES):
        return False  # hardly anybody mistypes the letter a name begins with
    short, long = sorted((one, other), key=len)
    if len(short) < 4:
        return False
    if one[:-1] == other[:-1] and {one[-1], other[-1]} <= set("aoe"):
        return False
    if len(long) - len(short) == 1 and long[:-1] == short and long[-1] in "aeo":
        return False  # Daniel and Daniela
    distance = OSA.distance(one, other, score_cutoff=2)
    if distance == 1:
        return len(short) > 4 or len(one) != len(other) or sorted(one) == sorted(other)
    return distance == 2 and len(short) >= 8


def places_alike(one: Described, other: Described) -> Likeness:
    """Whether both may be at one school. Schools of one name in two districts are two schools."""
    if one.school_id and other.school_id and one.school_id != other.school_id:
        return NOTHING
    if one.district_id and other.district_id and one.district_id != other.district_id:
        return NOTHING
    district = bool(one.district_id and other.district_id)
    known = ("district",) if district else ()
    if not one.school.strip() or not other.school.strip():
        return Likeness(0.8 if district else 0.65, ("school_missing", *known))
    school = schools_alike(one.school, other.school)
    # The district is not known of one of them: the school's name alone is a little less.
    return Likeness(school.score * (1.0 if district else 0.95), (*school.reasons, *known)) if school.score else NOTHING


@lru_cache(maxsize=65536)
def schools_alike(one: str, other: str) -> Likeness:
    """Whether two names of schools may mean one school: abbreviations, kinds left out, parts, initials, slips."""
    if fold(one) == fold(other):
        return Likeness(1.0, ("school",))
    first, second = school_parts(one), school_parts(other)
    if first.kinds and second.kinds and not first.kinds & second.kinds:
        return NOTHING  # an elementary and a high school, however alike their names
    if first.own == second.own:
        return Likeness(0.98 if first.kinds and second.kinds else 0.92, ("school_words",))
    if _is_short_for(first, second) or _is_short_for(second, first):
        return Likeness(0.88, ("school_words",))
    whole, others = " ".join(first.own), " ".join(second.own)
    slip = len(first.own) == len(second.own) and fuzz.token_sort_ratio(whole, others) >= 88
    # Numbers are never a slip: P.S. 12 and P.S. 13 are two schools.
    if (slip or "".join(first.own) == "".join(second.own)) and _numbers(whole) == _numbers(others):
        return Likeness(0.9, ("school_typo",))
    return NOTHING


def _numbers(text: str) -> list[str]:
    return [word for word in text.split() if any(c.isdigit() for c in word)]


def _is_short_for(short: SchoolParts, long: SchoolParts) -> bool:
    """ "MLK" for "Martin Luther King", "King" for it when both say the same kind of school."""
    if len(long.own) < 2:
        return False
    initials = "".join(word[0] for word in long.own)
    if short.own == (initials,) and len(initials) > 1:
        return True
    return (
        bool(short.kinds & long.kinds) and len(short.own) < len(long.own) and short.own == long.own[-len(short.own) :]
    )
