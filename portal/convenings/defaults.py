"""What a new convening starts from: ECET2's four content areas, usual lengths and audiences, in English and Spanish."""

from typing import Any

Named = list[dict[str, Any]]

AREAS: Named = [
    {"key": "leadership", "name": {"en": "Teacher leadership", "es": "Liderazgo docente"}},
    {
        "key": "collaboration",
        "name": {"en": "Effective collaboration", "es": "Colaboración eficaz"},
        "short": {"en": "Working together", "es": "Trabajar juntos"},
    },
    {
        "key": "practice",
        "name": {
            "en": "Innovative and effective instructional practices",
            "es": "Prácticas de enseñanza innovadoras y eficaces",
        },
        "short": {"en": "Practice that works", "es": "Prácticas que funcionan"},
    },
    {"key": "equity", "name": {"en": "Equity", "es": "Equidad"}},
]
AUDIENCES: Named = [
    {"key": "everybody", "name": {"en": "Everybody", "es": "Todos"}},
    {"key": "elementary", "name": {"en": "Pre-K to grade 5", "es": "De pre-K a 5.º grado"}},
    {"key": "secondary", "name": {"en": "Grades 6 to 12", "es": "De 6.º a 12.º grado"}},
    {"key": "leaders", "name": {"en": "School leaders", "es": "Directivos"}},
]
LENGTHS = [30, 45, 60]  # minutes
CALL_TEXT = {
    "en": "Offer a session that colleagues can use. Tell us what it is about and what they take back to class.",
    "es": "Ofrezca una sesión que sirva a sus colegas. Cuéntenos de qué trata y qué se llevan a su salón de clases.",
}
MAX_AREAS = 4  # each has its own shape and color


def name_of(named: Named, key: str) -> Any:
    """The text by language behind a key, or "" when there is no such key."""
    return next((each["name"] for each in named if each["key"] == key), "")


def short_of(named: Named, key: str) -> Any:
    """The short text behind a key, for the cards of the agenda; the whole one when there is no short one."""
    return next((each.get("short") or each["name"] for each in named if each["key"] == key), "")


def place_of(named: Named, key: str) -> int:
    """The key's place in the list, counted from 1; 0 when it is not there. Areas are drawn by their place."""
    return next((i for i, each in enumerate(named, 1) if each["key"] == key), 0)
