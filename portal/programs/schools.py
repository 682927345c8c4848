"""The school directory as a CSV file: district, name, level, city. Read whole, every mistake named by line. Pure."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import NamedTuple

from flask_babel import gettext as _

from portal.core.names import school_key
from portal.programs.definition import DefinitionErrors, Problem
from portal.programs.definition.shape import District
from portal.programs.matching import by_alias
from portal.programs.rules import LEVELS

COLUMNS = ("district", "name", "level", "city")


class SchoolRow(NamedTuple):
    """One school; `district` is the district's key, `key` the name folded for matching."""

    district: str
    name: str
    key: str
    level: str
    city: str


def parse_schools(text: str, districts: Iterable[District], file: str = "the school file") -> list[SchoolRow]:
    """The schools of a CSV text whose first line names the columns. Raises DefinitionErrors with every mistake.

    A district may be given by its key, its name, its short form or any of its aliases.
    """
    known = {each.key: (each.key, each.name, each.short, *each.aliases) for each in districts}
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    problems = _header(list(reader.fieldnames or []), file)
    rows: dict[tuple[str, str], SchoolRow] = {}
    for written in reader if not problems else ():
        cells = {column: (written.get(column) or "").strip() for column in COLUMNS}
        district = by_alias(cells["district"], known)
        row = SchoolRow(district or "", cells["name"], school_key(cells["name"]), cells["level"], cells["city"])
        found = _mistakes(row, cells["district"], known)
        if (row.district, row.key) in rows:
            found.append(("name", _("“%(name)s” is already in this district’s list.", name=row.name)))
        problems += [Problem(reader.line_num, f"{file}, {column}", sentence) for column, sentence in found]
        rows[row.district, row.key] = row
    if problems:
        raise DefinitionErrors(problems)
    return list(rows.values())


def _header(columns: list[str], file: str) -> list[Problem]:
    missing = [column for column in COLUMNS[:2] if column not in columns]
    if not missing:
        return []
    wanted = ", ".join(COLUMNS)
    return [
        Problem(
            1,
            file,
            _(
                "the column “%(column)s” is missing. The first line names the columns: %(wanted)s.",
                column=missing[0],
                wanted=wanted,
            ),
        )
    ]


def _mistakes(row: SchoolRow, district: str, known: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    found = []
    if not row.district:
        found.append(
            (
                "district",
                _("“%(written)s” is not one of the districts: %(known)s.", written=district, known=", ".join(known)),
            )
        )
    if not row.key:
        found.append(("name", _("the school’s name is missing.")))
    if row.level and row.level not in LEVELS:
        found.append(("level", _("“%(value)s” is not one of %(there)s.", value=row.level, there=", ".join(LEVELS))))
    return found
