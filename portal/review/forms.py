"""What people type on the panel's pages, the invitation and the recusal page."""

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.core.forms import DayAndTime, Form, email, is_address, line, read_address, text, tidy_line
from portal.review.rules import CONFLICT_REASONS, NO_TIME, RECUSAL_REASONS

MOST_LINES = 200
_PLACES = {1: _l("Reviewer"), 2: _l("Chair, who also reads files"), 3: _l("Chair, who leads and does not read")}
KINDS = {1: ("reviewer", True), 2: ("chair", True), 3: ("chair", False)}


class SeatForm(Form):
    """One person to invite."""

    name = line(_l("Name"), required=_l("Write the person's name."))
    email = email(_l("E-mail address"), required=_l("Write the person's e-mail address."))
    school = line(_l("School"), description=_l("If you know it. They are asked as well."))
    place = RadioField(
        _l("Place on the panel"),
        choices=[SelectChoice(value=k, label=v) for k, v in _PLACES.items()],
        coerce=int,
        default=1,
        validators=[InputRequired(_l("Choose a place."))],
    )


class SeatListForm(Form):
    """Many reviewers at once, pasted."""

    people = text(
        _l("One person a line: name, address, school"),
        required=_l("Paste at least one line."),
        longest=40_000,
        description=_l("Copied from a spreadsheet is fine, with or without its heading. The school may be left out."),
    )


class SeatEditForm(Form):
    """What staff may change about a seat."""

    max_load = IntegerField(
        _l("At most so many files"),
        validators=[Optional(), NumberRange(1, 500, _l("Write a number from 1 to 500, or leave this empty."))],
        description=_l("Leave this empty for the usual number of the round."),
    )
    reads = BooleanField(_l("Reads files"))
    school_name = line(_l("School now"))
    other_schools = text(
        _l("Other schools of the last three years"),
        longest=2000,
        description=_l("One a line. Conflicts are looked for again when you change a school."),
    )


class DueForm(Form):
    """When reviews are due."""

    due_at = DayAndTime(_l("Reviews are due"), validators=[InputRequired(_l("Choose a day and a time."))])


class AnswerForm(Form):
    """What an invited reviewer says when accepting."""

    name = line(_l("Your name"), required=_l("Write your name as others should see it."))
    school = SelectField(_l("Your school now"), coerce=str, default="")
    school_name = line(_l("Its name, if the list does not have it"))
    other_schools = text(
        _l("Other schools you worked at in the last three years"),
        longest=2000,
        description=_l("One a line. We keep files from these schools away from you."),
    )
    confidential = BooleanField(
        _l("I will keep everything I read and every judgment confidential, now and after the award."),
        validators=[InputRequired(_l("Please agree to keep what you read confidential. Without it no file can open."))],
    )

    def offer_schools(self, schools: list[Any]) -> None:
        """Fills the list of schools, by district; the first line means none of them."""
        none = SelectChoice(value="", label=_l("None, or not in this list"))
        listed = [SelectChoice(value=s.public_id, label=f"{s.name}, {s.district.name}") for s in schools]
        self.school.choices = [none, *listed]


class RecuseForm(Form):
    """Why somebody steps back from a file, in three words; or that they have no time."""

    why = RadioField(
        _l("Why"),
        choices=[
            *(SelectChoice(value=r, label=CONFLICT_REASONS[r]) for r in RECUSAL_REASONS),
            SelectChoice(value=NO_TIME, label=_l("No conflict: I can't read it in time")),
        ],
        validators=[InputRequired(_l("Choose one of the reasons. Nobody asks for more."))],
    )


@dataclass(frozen=True)
class Invited:
    """One readable line of a pasted list."""

    name: str
    email: str
    school: str = ""


def read_people(pasted: str) -> tuple[list[Invited], list[tuple[int, str]]]:
    """Reads "name, address, school" lines (commas, semicolons or tabs; a heading is skipped; "Name <address>" too).

    Returns the people, each address once, and the lines without a readable name and address as (number, line).
    """
    sample = pasted.splitlines()
    cut = next((c for c in ("\t", ";") if any(c in each for each in sample)), ",")
    people: dict[str, Invited] = {}
    unreadable: list[tuple[int, str]] = []
    reader = csv.reader(io.StringIO(pasted), delimiter=cut, skipinitialspace=True)
    for cells in reader:
        row = [tidy_line(c) for c in cells]
        if not any(row):
            continue
        found = _invited(row)
        if found:
            people.setdefault(found.email, found)
        elif not (reader.line_num == 1 and _is_heading(row)):
            unreadable.append((reader.line_num, cut.join(cells).strip()))
    return list(people.values()), unreadable


def _invited(row: list[str]) -> Invited | None:
    """The person of one line, whichever cell the address stands in; the school is what follows it."""
    for at, cell in enumerate(row):
        angled = re.fullmatch(r"(.*)<([^<>]+)>", cell)
        address = read_address(angled.group(2) if angled else cell)
        if "@" not in address or not is_address(address):
            continue
        before = [c for c in row[:at] if c]
        name = " ".join(before) or (angled.group(1).strip(' "') if angled else "")
        rest = [c for c in row[at + 1 :] if c]
        if not name and rest:  # the address came first
            name, rest = rest[0], rest[1:]
        return Invited(name[:200], address, ", ".join(rest)[:200]) if name else None
    return None


def _is_heading(row: list[str]) -> bool:
    return any(word in cell.lower() for cell in row for word in ("mail", "name", "nombre", "correo"))
