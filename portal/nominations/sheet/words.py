"""What people write by hand for a relation, a yes and a date, when the program's own words do not settle it. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.core.names import fold
from portal.programs.matching import by_words

# Reporting group by usual words, English and Spanish. The longest match wins ("parent teacher" is no parent).
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

_YES = {"yes", "y", "si", "sure", "of course", "ok", "okay", "true", "1", "claro", "claro que si", "por supuesto"}
_NO = {"no", "n", "false", "0", "never", "nunca", "prefer not", "rather not"}
_RELATION = ("relation", "relationship", "relacion", "parentesco", "vinculo")

_DATES = ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%b %d %Y", "%B %d %Y")
_TIMES = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f")


def group_of(written: str) -> str | None:
    """The reporting group that free words name, or None."""
    return by_words(written, GROUP_WORDS)


def sharing_of(written: str) -> str | None:
    """"yes", "relation" or "no"; None when it is neither. Blank means no."""
    said = fold(written)
    if not said or said in _NO or said.startswith(("no ", "don t ", "do not ")):
        return "no"
    if any(f" {word} " in f" {said} " for word in _RELATION):
        return "relation"
    return "yes" if said in _YES or said.startswith(("yes ", "si ")) else None


def moment_of(written: str, zone: ZoneInfo) -> datetime | None:
    """The moment a form's export writes, aware; what names no zone of its own is on the program's wall clock.

    Month comes before day when both are numbers, as US forms write it. None when it can't be read.
    """
    text = re.sub(r"\s+(?:GMT|UTC|EST|EDT|CST|CDT|MST|MDT|PST|PDT)(?:[+-]\d+)?$", "", " ".join(written.split()))
    text = re.sub(r"\b([ap])\.?\s?m\.?(?=\s|$)", lambda m: f"{m[1]}m".upper(), text, flags=re.I).replace(",", "")
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read_or_none = _by_pattern(text)
        if read_or_none is None:
            return None
        read = read_or_none
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _by_pattern(text: str) -> datetime | None:
    for day in _DATES:
        for time in ("", *_TIMES):
            try:
                return datetime.strptime(text, f"{day} {time}".strip())
            except ValueError:
                continue
    return None
