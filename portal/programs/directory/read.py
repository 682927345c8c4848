"""A file of schools as entries and refused rows: cells read as people and the Common Core of Data write them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from portal.core import sheets_in
from portal.core.errors import Mistaken
from portal.core.forms import tidy_line
from portal.core.names import school_key
from portal.core.school_names import SHORT
from portal.programs.directory.columns import NEEDED, recognize

MOST_ROWS = 300_000
SCHOOL_DIGITS, DISTRICT_DIGITS = 12, 7
REFUSALS = {
    "no_name": _l("The school’s name is missing."),
    "no_district": _l("The district’s name is missing."),
    "long": _l("The name is longer than 200 letters."),
    "bad_id": _l(
        "The school’s id is not a number of at most 12 digits. Spreadsheets spoil long numbers: keep them as text."
    ),
    "bad_district_id": _l("The district’s id is not a number of at most 7 digits."),
    "id_twice": _l("A row above has the same id."),
    "name_twice": _l("A row above has the same name in the same district, and no id tells the two apart."),
}
_LEVELS = {
    "elementary": ("elementary", "primary", "prekindergarten", "pre kindergarten", "prek", "1", "es", "elem"),
    "middle": ("middle", "2", "ms", "junior high"),
    "high": ("high", "secondary", "3", "hs", "senior high"),
}
_GONE = ("closed", "inactive", "future", "2", "6", "7")  # statuses of a school that takes no pupils
_KEPT_UPPER = re.compile(r"^(?:[IVX]+|K-?\d+|[A-Z]\.?(?:[A-Z]\.)*|STEM|STEAM|KIPP|YMCA|\W*\d.*)$")


_folded = lru_cache(4096)(school_key)  # districts, cities and words of the data repeat


class SchoolFileProblem(Mistaken):
    """The file as a whole can't be read; the sentence says why and what to do."""


class Entry(NamedTuple):
    """One school of the file; ids are "" when the file gives none."""

    line: int
    name: str
    key: str
    school_id: str
    district: str
    district_id: str
    level: str
    city: str
    charter: bool
    open: bool


class Refusal(NamedTuple):
    """A row that is not read, why (a key of REFUSALS), and what it says."""

    line: int
    code: str
    written: str


@dataclass
class SchoolFile:
    """What a file says: its schools in order, the rows that are refused, which column was read as what."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    columns: list[tuple[str, str]] = field(default_factory=list)
    fields: frozenset[str] = frozenset()


def read_schools(content: bytes) -> SchoolFile:
    """Reads the whole file. Raises SchoolFileProblem when it is no table of schools."""
    text = _decoded(content)
    if not text.strip():
        raise SchoolFileProblem(_l("The file is empty. Choose a CSV file whose first line names the columns."))
    reader = enumerate(sheets_in.rows_of(text), 1)
    try:
        header = next((cells for _line, cells in reader if any(cell.strip() for cell in cells)), [])
        columns = recognize(header)
        if any(name not in columns for name in NEEDED):
            raise SchoolFileProblem(
                _l(
                    "The first line must name a column with the schools (SCH_NAME) "
                    "and one with the districts (LEA_NAME)."
                )
            )
        found = SchoolFile(columns=[(header[at].strip(), name) for name, at in columns.items()])
        found.fields = frozenset(columns)
        _rows(reader, columns, found)
    except sheets_in.NoTable as error:
        raise _no_table() from error
    return found


def _decoded(content: bytes) -> str:
    if sheets_in.is_workbook(content):
        raise SchoolFileProblem(
            _l("This is a workbook or an archive. Save the sheet as CSV (UTF-8) and choose that file.")
        )
    try:
        return sheets_in.decoded(content)
    except sheets_in.NoTable as error:
        raise _no_table() from error


def _no_table() -> SchoolFileProblem:
    return SchoolFileProblem(_l("The file can't be read as a table. Save it as CSV and choose it again."))


def _rows(reader: Iterable[tuple[int, list[str]]], columns: dict[str, int], found: SchoolFile) -> None:
    ids: set[str] = set()
    names: set[tuple[str, str]] = set()
    for line, cells in reader:
        if line > MOST_ROWS + 1:
            raise SchoolFileProblem(_l("The file has more than 300,000 rows. Split it and import the parts."))
        if not any(cell.strip() for cell in cells):
            continue
        raw = {name: _cell(cells[at]) if at < len(cells) else "" for name, at in columns.items()}
        entry, code = _entry(line, raw)
        if not code and entry.school_id:
            code = "id_twice" if entry.school_id in ids else ""
            ids.add(entry.school_id)
        elif not code:
            place = (entry.district_id or school_key(entry.district), entry.key)
            code = "name_twice" if place in names else ""
            names.add(place)
        if code:
            written = ", ".join(filter(None, (raw["school"], raw["district"])))
            found.refused.append(Refusal(line, code, written[:200]))
        else:
            found.entries.append(entry)


def _cell(written: str) -> str:
    """One line; the ="..." by which the table generator keeps spreadsheets from spoiling numbers is taken off."""
    text = tidy_line(written)
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1].strip()
    return text.removeprefix("'")


def _entry(line: int, raw: dict[str, str]) -> tuple[Entry, str]:
    """The row read, and why it is refused ("" when it is not)."""
    name, district = readable(raw["school"]), _readable(raw["district"])
    key = school_key(name)
    school_id, id_fits = _number(raw.get("school_id", ""), SCHOOL_DIGITS)
    district_id, district_fits = _number(raw.get("district_id", ""), DISTRICT_DIGITS)
    checks = (
        ("no_name", bool(key)),
        ("no_district", bool(_folded(district))),
        ("long", len(name) <= 200 and len(district) <= 200),
        ("bad_id", id_fits),
        ("bad_district_id", district_fits),
    )
    code = next((code for code, fits in checks if not fits), "")
    entry = Entry(
        line,
        name,
        key,
        school_id,
        district,
        district_id,
        level_of(raw.get("level", "")),
        _readable(raw.get("city", ""))[:100],
        _folded(raw.get("charter", "")) in ("yes", "y", "1", "true", "charter"),
        not _folded(raw.get("status", "")).startswith(_GONE),
    )
    return entry, code


def _number(written: str, digits: int) -> tuple[str, bool]:
    """An id with the leading zeros that spreadsheets drop, and whether it can be one; none at all is fine."""
    text = written.removesuffix(".0").strip()
    if text in ("", "-", "–", "†", "M", "N"):
        return "", True
    fits = text.isascii() and text.isdigit() and len(text) <= digits
    return (text.zfill(digits) if fits else "", fits)


@lru_cache(1024)
def level_of(written: str) -> str:
    """One of `rules.LEVELS`; "" when the file says nothing."""
    words = school_key(written)
    if not words or words in ("not reported", "not applicable", "n", "m"):
        return ""
    return next((level for level, said in _LEVELS.items() if words.removesuffix(" school") in said), "other")


def readable(name: str) -> str:
    """A name that is written all in capitals as one would write it: "LINCOLN HS" -> "Lincoln HS"."""
    if not name.isupper() or len(name) < 5:
        return name
    return " ".join(_word(at, word) for at, word in enumerate(name.split()))


_readable = lru_cache(4096)(readable)


def _word(at: int, word: str) -> str:
    bare = word.strip(".,()").lower()
    if len(bare) <= 3 and bare in SHORT and bare not in ("st", "mt", "ft", "jr", "sr", "mid", "mag", "alt"):
        return word
    if _KEPT_UPPER.match(word):
        return word
    if at and bare in ("of", "the", "and", "at", "for", "in"):
        return word.lower()
    return re.sub(r"(^|[-/(.])(\w)", lambda part: part[1] + part[2].upper(), word.lower())
