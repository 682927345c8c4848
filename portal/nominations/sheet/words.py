"""What people write by hand for a relation, a yes and a date, when the program's own words do not settle it. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.core.names import fold
from portal.programs.matching import by_words

# Reporting group by usual words, English and Spanish. The longest match wins ("parent teacher" is no parent).
# fmt: off
GROUP_WORDS: Mapping[str, tuple[str, ...]] = {
    "student": ("student", "pupil", "former student", "graduate", "alumna", "alumno", "alumni", "alumnus",
                "estudiante", "exalumna", "exalumno", "i am in their class", "my teacher", "mi maestra",
                "mi maestro"),
    "family": ("parent", "guardian", "mother", "father", "mom", "dad", "grandmother", "grandfather", "grandparent",
               "family", "relative", "mother in law", "father in law", "sister", "brother", "spouse", "husband",
               "wife", "daughter", "son", "aunt", "uncle", "cousin", "mama", "papa", "madre", "padre", "abuela",
               "abuelo", "tutor legal", "familia", "suegra", "suegro", "hermana", "hermano", "esposa", "esposo",
               "tia", "tio"),
    "colleague": ("colleague", "coworker", "co worker", "teammate", "mentor", "mentee", "student teacher",
                  "fellow teacher", "teach with", "work with", "work together", "colega", "companera", "companero",
                  "trabajamos juntos", "trabajamos juntas"),
    "leader": ("principal", "assistant principal", "supervisor", "boss", "school leader", "superintendent",
               "district staff", "coach", "administrator", "directora", "director", "subdirectora", "subdirector",
               "supervisora"),
    "community": ("community", "community partner", "partner", "neighbor", "volunteer", "pta", "pto", "ptsa",
                  "church", "parent teacher", "parent teacher organization", "business", "friend", "comunidad",
                  "vecina", "vecino", "voluntaria", "voluntario", "amiga", "amigo"),
    "self": ("self", "myself", "me", "i am the educator", "self nomination", "yo", "yo misma", "yo mismo",
             "a mi misma", "a mi mismo"),
}
# fmt: on

_YES = {"yes", "y", "si", "sure", "of course", "ok", "okay", "true", "1", "claro", "claro que si", "por supuesto"}
_NO = {"no", "n", "false", "0", "never", "nunca", "prefer not", "rather not"}
_AGREED = {"x", "agree", "agreed", "i agree", "i confirm", "confirmed", "de acuerdo", "acepto", "confirmo"}
_RELATION = ("relation", "relationship", "relacion", "parentesco", "vinculo")

_MONTH_FIRST = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y")
_DAY_FIRST = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y")
_DATES = ("%Y/%m/%d", "%d.%m.%Y", "%d.%m.%y", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y")
_TIMES = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f")
# fmt: off
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "UTC": 0, "GMT": 0}
# Spanish months, and September as people shorten it, as `strptime` knows them; weekdays and small words say nothing.
_MONTHS = {"enero": "Jan", "ene": "Jan", "febrero": "Feb", "feb": "Feb", "marzo": "Mar", "abril": "Apr", "abr": "Apr",
           "mayo": "May", "junio": "Jun", "julio": "Jul", "agosto": "Aug", "ago": "Aug", "septiembre": "Sep",
           "setiembre": "Sep", "sept": "Sep", "octubre": "Oct", "noviembre": "Nov", "diciembre": "Dec", "dic": "Dec"}
_SILENT = {"at", "a", "las", "la", "de", "del", "el", "on", "monday", "tuesday", "wednesday", "thursday", "friday",
           "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "lunes", "martes", "miércoles",
           "miercoles", "jueves", "viernes", "sábado", "sabado", "domingo", "h", "hrs"}
# fmt: on
_NUMBERS = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})\b")


def group_of(written: str) -> str | None:
    """The reporting group that free words name, or None."""
    return by_words(written, GROUP_WORDS)


def sharing_of(written: str) -> str | None:
    """ "yes", "relation" or "no"; None when it is neither. Blank means no."""
    said = fold(written)
    if not said or said in _NO or said.startswith(("no ", "don t ", "do not ")):
        return "no"
    if any(f" {word} " in f" {said} " for word in _RELATION):
        return "relation"
    return "yes" if said in _YES or said.startswith(("yes ", "si ")) else None


def agreed(written: str) -> bool | None:
    """Whether it says yes to what was asked; None when it says neither yes nor no."""
    said = fold(written)
    if said in _NO or said in ("disagree", "i disagree"):
        return False
    return True if said in _YES | _AGREED or written in ("✓", "✔", "☑") else None


def day_comes_first(written: Iterable[str]) -> bool | None:
    """Whether 3/4/2027 is in April, told by dates that can only be read one way; None when none of them tells."""
    day = month = 0
    for text in written:
        if told := _NUMBERS.match(text):
            day += int(told[1]) > 12 >= int(told[2])
            month += int(told[2]) > 12 >= int(told[1])
    return None if day == month else day > month


def moment_of(written: str, zone: ZoneInfo, *, day_first: bool = False) -> datetime | None:
    """The moment a form's export writes, aware; what names no zone of its own is on the wall clock of `zone`.

    `day_first` says what two numbers mean; where they can only mean the other, they do. None: it can't be read.
    """
    text = " ".join(written.split())
    try:
        read: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        text, own = _own_zone(text)
        read = _by_pattern(_usual(text), day_first=day_first)
        if read is not None and own is not None:
            return read.replace(tzinfo=own)
    if read is None:
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that name, None when there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _own_zone(text: str) -> tuple[str, timezone | None]:
    """The text without the zone at its end, and that zone: "GMT-4", "EDT"."""
    told = re.search(r"\s+([A-Z]{3})(?:([+-]\d{1,2})(?::?(\d\d))?)?$", text)
    if told is None or told[1] not in _ZONES:
        return text, None
    minutes = _ZONES[told[1]] * 60
    if told[2]:
        minutes += int(told[2]) * 60 + int(f"{told[2][0]}{told[3] or 0}")
    return text[: told.start()], timezone(timedelta(minutes=minutes)) if abs(minutes) < 24 * 60 else None


def _usual(text: str) -> str:
    """ "martes, 28 de septiembre de 2027 8:20 p. m." -> "28 Sep 2027 8:20 PM"."""
    text = re.sub(r"\b([ap])\.?\s?m\.?(?=\s|$)", lambda m: f"{m[1]}m".upper(), text, flags=re.I).replace(",", " ")
    told = [(part, part.casefold().strip(".")) for part in text.split()]
    return " ".join(_MONTHS.get(bare, bare if bare.isalpha() else part) for part, bare in told if bare not in _SILENT)


def _by_pattern(text: str, *, day_first: bool) -> datetime | None:
    numbers = (*_DAY_FIRST, *_MONTH_FIRST) if day_first else (*_MONTH_FIRST, *_DAY_FIRST)
    for day in (*numbers, *_DATES) if _NUMBERS.match(text) else _DATES:
        for time in ("", *_TIMES):
            try:
                return datetime.strptime(text, f"{day} {time}".strip())
            except ValueError:
                continue
    return None
