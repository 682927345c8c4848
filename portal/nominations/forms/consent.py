"""What organizers type about addresses, and what a nominee answers. The pasted list is read here, purely."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice

from portal.core.forms import Form, email, is_address, line, read_address, text, tidy_line
from portal.core.i18n import pick
from portal.core.names import person_key, school_key

MOST_LINES = 2000
_CELLS = re.compile(r"[\t;,|]")
_ADDRESS = re.compile(r"<?([^\s<>;,|]+@[^\s<>;,|]+)>?")


class AddressForm(Form):
    """One address."""

    email = email(_l("Work e-mail"), required=_l("Write the nominee's e-mail address."))


class NominatorForm(Form):
    """A nominator's address."""

    email = email(_l("E-mail address"), required=_l("Write the nominator's e-mail address."))


class ListForm(Form):
    """A pasted list of names and addresses."""

    list = text(
        _l("Your list"),
        required=_l("Paste at least one line: a name and an address."),
        longest=200_000,
        description=_l(
            "One person a line: name, school if you have it, address. Commas, semicolons or tabs between them."
        ),
    )


class AcceptForm(Form):
    """Saying yes."""

    tell = BooleanField(_l("Tell those who nominated me that I said yes"), default=True)


class DeclineForm(Form):
    """Saying no: nobody is told unless the nominee wants it."""

    tell = BooleanField(_l("Tell those who nominated me that I said no"), default=False)


class DetailsForm(Form):
    """How the nominee wants to be written, and what may be public."""

    name = line(_l("Your name, as it should be written"), required=_l("Write your name."))
    school = SelectField(_l("Your school"), validate_choice=True)
    school_name = line(_l("If your school is not in the list, its name"))
    position = SelectField(_l("Your position"), validate_choice=True)
    public = BooleanField(_l("You may show my name and school on the public pages if I am honored"))


def details_form(program: Any, schools: Iterable[Any], file: Any, *, posted: bool) -> DetailsForm:
    """The details as the file holds them, with the program's positions and the school directory to choose from."""
    known = None
    if not posted:
        known = {
            "name": file.name,
            "school": file.school.public_id if file.school else "",
            "position": file.position_key,
            "school_name": "" if file.school else file.school_name,
            "public": file.public_name_ok,
        }
    form = DetailsForm(data=known) if known else DetailsForm()
    form.school.choices = [
        SelectChoice(value="", label=_l("Not in the list")),
        *(SelectChoice(value=s.public_id, label=f"{s.name} ({s.district.name})") for s in schools),
    ]
    positions = program.settings.get("positions", [])
    form.position.choices = [
        SelectChoice(value="", label=file.position or _l("Another position")),
        *(SelectChoice(value=p["key"], label=pick(p["name"])) for p in positions),
    ]
    return form


@dataclass
class Matched:
    """What a pasted list comes to. `found` may be applied; every other line is named with what is wrong with it."""

    found: list[tuple[Any, str]] = field(default_factory=list)  # (file, address)
    known: list[tuple[Any, str]] = field(default_factory=list)  # the file has an address already
    ambiguous: list[tuple[str, list[Any]]] = field(default_factory=list)  # (line, the files it could mean)
    unknown: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def match_list(pasted: str, files: Iterable[Any]) -> Matched:
    """Reads "name, school, address" lines and finds each one's file by its folded name, and school when it is given.

    Nothing is guessed: a name that fits two files, or a school that does not fit, is named for a person to settle.
    """
    by_name: dict[str, list[Any]] = {}
    for file in files:
        for key in {file.name_key, person_key(file.name)}:
            by_name.setdefault(key, []).append(file)
    result, taken = Matched(), set()
    for raw in pasted.splitlines()[:MOST_LINES]:
        written = tidy_line(raw)
        if not written:
            continue
        names, address = _read(raw)
        if not address or not names:
            result.unreadable.append(written)
            continue
        fitting = _fitting(names, by_name)
        if not fitting:
            result.unknown.append(written)
        elif len(fitting) > 1:
            result.ambiguous.append((written, fitting))
        elif fitting[0].email or fitting[0].id in taken:
            result.known.append((fitting[0], address))
        else:
            taken.add(fitting[0].id)
            result.found.append((fitting[0], address))
    return result


def _read(raw: str) -> tuple[list[str], str]:
    cells = [cell for cell in map(tidy_line, _CELLS.split(raw)) if cell]
    address = ""
    for cell in reversed(cells):
        if is_address(read_address(cell)):
            address = read_address(cell)
            cells.remove(cell)
            return cells, address
    inside = _ADDRESS.search(raw)  # "Marisol Rivera <rivera@example.org>", or only a space between
    if inside and is_address(read_address(inside.group(1))):
        address = read_address(inside.group(1))
        cells = [cell for cell in map(tidy_line, _CELLS.split(_ADDRESS.sub("", raw))) if cell]
    return cells, address


def _fitting(cells: list[str], by_name: dict[str, list[Any]]) -> list[Any]:
    """The files whose name is the first cell (or "Last, First"); narrowed by the school in the next cell."""
    files, rest = by_name.get(person_key(cells[0]), []), cells[1:]
    if not files and len(cells) > 1:
        files, rest = by_name.get(person_key(f"{cells[1]} {cells[0]}"), []), cells[2:]
    if not rest:
        return files
    school = school_key(rest[0])
    exact = [f for f in files if school in (f.school_key, school_key(f.school_name))]
    return exact or [f for f in files if not f.school_name]
