"""Which column of an export answers which question, told by the words of its header, English or Spanish. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.names import fold

# The longest phrase found in a header wins, so that "School district" is no school and "Your name" no educator.
# fmt: off
FIELDS: dict[str, tuple[str, ...]] = {
    "at": ("timestamp", "submitted at", "submission date", "date submitted", "date", "start time",
           "completion time", "marca temporal", "fecha", "fecha de envio"),
    "email": ("email", "e mail", "email address", "e mail address", "your email", "your e mail", "nominator email",
              "nominator s email", "username", "correo", "correo electronico", "direccion de correo electronico",
              "su correo", "tu correo"),
    "educator": ("who are you nominating", "who would you like to nominate", "nominee", "nominee name",
                 "name of nominee", "educator", "educator name", "educator s name", "name of the educator",
                 "name of educator", "teacher s name", "teacher name", "name of the teacher", "a quien nomina",
                 "a quien nominas", "a quien desea nominar", "a quien quiere nominar", "nombre del educador",
                 "nombre de la educadora", "nombre del maestro", "nombre de la maestra", "persona nominada"),
    "educator_email": ("educator s email", "educator s e mail", "educator email", "nominee s email",
                       "nominee s e mail", "nominee email", "teacher s email", "their email", "their e mail",
                       "their work email", "correo del educador", "correo de la educadora",
                       "correo de la persona nominada", "correo electronico del educador",
                       "correo electronico de la persona nominada"),
    "school": ("school", "school name", "what school", "name of school", "name of the school", "campus", "escuela",
               "nombre de la escuela", "en que escuela"),
    "district": ("district", "school district", "name of the district", "distrito", "distrito escolar"),
    "position": ("position", "what is their position", "what do they teach", "job title", "title", "role",
                 "their role", "grade or subject", "puesto", "cargo", "que ensena", "materia o puesto"),
    "subject": ("subject", "grade", "grade band", "subject or grade", "materia", "grado"),
    "relation": ("relation", "relationship", "your relationship", "how do you know", "how do you know them",
                 "relationship to the nominee", "relationship to the educator", "como lo conoce", "como la conoce",
                 "como conoce", "de donde conoce", "su relacion", "relacion", "relacion con la persona nominada"),
    "known_for": ("how long", "how long have you known", "how long have you known them", "years known",
                  "cuanto tiempo", "desde hace cuanto", "desde cuando"),
    "story": ("story", "moment", "tell us", "tell us about", "tell us about a moment", "why", "why do you nominate",
              "why are you nominating", "reason", "nomination", "statement", "what they do for students",
              "historia", "momento", "cuentenos", "cuentanos", "por que", "por que nomina"),
    "with_others": ("work with others", "work with families", "how do they work with",
                    "families colleagues or community", "trabaja con las familias", "trabaja con otros"),
    "tie": ("family or business", "conflict of interest", "related to", "family tie", "are you related",
            "lazo familiar", "relacion familiar o de negocios"),
    "nominator": ("your name", "your full name", "nominator", "nominator name", "nominator s name",
                  "name of nominator", "submitted by", "su nombre", "tu nombre", "nombre de quien nomina"),
    "sharing": ("may we share", "share your name", "may we share your name",
                "may we share your name with the educator", "may we tell them", "can we share",
                "can we share your name", "compartir su nombre", "compartir tu nombre", "podemos compartir",
                "podemos compartir su nombre con"),
}
# fmt: on

FIELD_NAMES: dict[str, Any] = {
    "educator": _l("Educator’s name"),
    "story": _l("Story"),
    "email": _l("Address of who wrote"),
    "nominator": _l("Name of who wrote"),
    "school": _l("School"),
    "district": _l("District"),
    "position": _l("Position"),
    "subject": _l("Subject or grade"),
    "educator_email": _l("Educator’s address"),
    "relation": _l("Relation"),
    "known_for": _l("How long known"),
    "with_others": _l("Work with others"),
    "tie": _l("Tie"),
    "sharing": _l("Sharing the name"),
    "at": _l("Date"),
}

NEEDED = {
    "educator": _l("the educator's name"),
    "story": _l("the story"),
    "email": _l("the e-mail address of the person who wrote"),
}


def guess(
    header: Sequence[str], rows: Sequence[Sequence[str]] = (), own: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """The field that each column seems to answer, "" for none; no field twice.

    When two columns could answer the same question, the one with the longer matching phrase does; of equals the first.
    Titles that say nothing are helped by what stands below them (`rows`: the first ones): addresses, long texts.
    `own` are phrases for questions of the organizers' own; of phrases as long as each other theirs wins.
    """
    known = {**own, **FIELDS} if own else FIELDS
    best: dict[str, tuple[int, int]] = {}
    for index, title in enumerate(header):
        field, length = _field_of(title, known)
        if field and length > best.get(field, (0, 0))[0]:
            best[field] = (length, index)
    found = {index: field for field, (_, index) in best.items()}
    for field, fits in (("email", _are_addresses), ("story", _are_stories)):
        free = [at for at in range(len(header)) if at not in found and fits(_below(at, rows))]
        if field not in best and free:
            found[free[0]] = field
    return [found.get(at, "") for at in range(len(header))]


def _below(at: int, rows: Sequence[Sequence[str]]) -> list[str]:
    return [cells[at].strip() for cells in rows if at < len(cells) and cells[at].strip()]


def _are_addresses(cells: Sequence[str]) -> bool:
    return bool(cells) and sum("@" in cell and " " not in cell for cell in cells) * 5 >= len(cells) * 4


def _are_stories(cells: Sequence[str]) -> bool:
    return bool(cells) and sum(len(cell.split()) for cell in cells) / len(cells) >= 12


def missing(fields: Sequence[str]) -> list[Any]:
    """What no column gives though every nomination needs it, in words."""
    return [name for field, name in NEEDED.items() if field not in fields]


def _field_of(title: str, known: Mapping[str, Sequence[str]]) -> tuple[str, int]:
    """The field whose longest phrase stands in the title as whole words, and that phrase's length; ("", 0) for none."""
    text = f" {fold(title)} "
    found = [
        (len(phrase), -order, field)
        for order, (field, phrases) in enumerate(known.items())
        for phrase in phrases
        if f" {phrase} " in text
    ]
    if not found:
        return "", 0
    length, _, field = max(found)
    return field, length
