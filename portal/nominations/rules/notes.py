"""Notes of the staff about a nominee file: who may write and change them, and whom "@name" means. Pure."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_organizer
from portal.core.access import permission, predicate
from portal.core.names import fold, person_key

LONGEST = 4000  # characters of a note
WORDS = (1, 120)  # the soft limits that its writer sees
_CALL = re.compile(r"(?<![\w@.+-])@((?:[^\W_][\w.'’-]*)(?: [^\W_][\w.'’-]*){0,4})")  # never the "@" of an address


@predicate(_l("Everything about this nominee is erased, so no note is kept here."))
def is_not_erased(_person: Any, file: Any) -> bool:
    return bool(file.consent != "erased")


@predicate(_l("Only whoever wrote a note may change it. Write one of your own."))
def wrote_it(person: Any, note: Any) -> bool:
    return person is not None and note.by_id == person.id


READ_NOTES = permission("nominations.read_notes", is_organizer)
WRITE_NOTE = permission("nominations.write_note", is_organizer & is_not_erased)
CHANGE_NOTE = permission("nominations.change_note", is_organizer & wrote_it)


class Called(NamedTuple):
    """Whom a text calls by "@name": ids of people, and the words behind an "@" that tell nobody, or not which one."""

    people: frozenset[int]
    unknown: tuple[str, ...]


def called(text: str, staff: Iterable[Any]) -> Called:
    """ "@Renée Dubois", "@renee" or "@Dubois" calls the one of the staff whose name begins or is so; of two, nobody.

    The longest name that fits is meant. Case, accents and titles make no difference.
    """
    names = {each.id: person_key(each.name).split() for each in staff}
    people, unknown = set[int](), dict[str, None]()
    for written in _CALL.findall(text):
        found = _whom(fold(written).split(), names)
        if found is None:
            unknown.setdefault(written.split()[0].rstrip(".'’-"))
        else:
            people.add(found)
    return Called(frozenset(people), tuple(unknown))


def _whom(words: list[str], names: dict[int, list[str]]) -> int | None:
    for length in range(len(words), 0, -1):
        said = words[:length]
        fitting = [each for each, name in names.items() if name[:length] == said]
        exact = [each for each in fitting if names[each] == said]
        last = [each for each, name in names.items() if length == 1 and said[0] in name]
        for found in (exact, fitting, last):
            if len(found) == 1:
                return found[0]
    return None
