"""One row of an export cleaned: what enters, what is remarked, why it is refused. Pure; words come in a Vocabulary."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.core.forms import is_address, read_address, tidy_line, tidy_text, words
from portal.core.names import fold, school_key
from portal.nominations.remarks import Remark, quote
from portal.nominations.sheet.own import Cells, said_in
from portal.nominations.sheet.reading import Reading
from portal.nominations.sheet.table import Table
from portal.nominations.sheet.words import group_of, moment_of, sharing_of, zone_named
from portal.programs.directory.words import sense
from portal.programs.matching import choices_by_words
from portal.questions.shape import Question

ONE_LINE = ("educator", "nominator", "school", "position", "subject")
LONGEST = dict.fromkeys(ONE_LINE, 200) | {"known_for": 100, "tie": 300}


class SchoolEntry(NamedTuple):
    """A school of the directory."""

    id: int
    district_id: int
    name: str


@dataclass(frozen=True)
class Vocabulary:
    """What a program calls its districts, schools, positions and relations, what it asks of its own, when it is open
    for nominations.
    """

    zone: ZoneInfo
    districts: Mapping[int, Sequence[str]]  # id -> key, name and aliases
    schools: Iterable[SchoolEntry] = ()
    positions: Sequence[Mapping[str, Any]] = ()
    relations: Sequence[Mapping[str, Any]] = ()
    story_words: tuple[int, int] = (40, 250)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    questions: Sequence[Question] = ()  # of the organizers' own, that a sheet can answer
    cells: dict[str, Cells] = field(init=False, default_factory=dict)
    district_by_word: dict[str, int] = field(init=False, default_factory=dict)
    district_by_key: dict[str, int] = field(init=False, default_factory=dict)
    school_by_key: dict[tuple[int | None, str], SchoolEntry | None] = field(init=False, default_factory=dict)
    school_by_sense: dict[tuple[int | None, str], SchoolEntry | None] = field(init=False, default_factory=dict)
    read_before: dict[tuple[str, str], str | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.cells.update({question.key: Cells(question) for question in self.questions})
        for district_id, names in self.districts.items():
            self.district_by_key[names[0]] = district_id
            for name in names:
                self.district_by_word.setdefault(fold(name), district_id)
        for school in self.schools:
            # A name helps only when one school of the district has it; without a district, one of the whole program.
            for known, key in (
                (self.school_by_key, school_key(school.name)),
                (self.school_by_sense, sense(school.name)),
            ):
                for place in ((school.district_id, key), (None, key)):
                    known[place] = None if place in known else school

    def school_named(self, written: str, district_id: int | None) -> SchoolEntry | None:
        """The one school of the district that is called so; abbreviations are read only when no name is the same."""
        same, meant = (district_id, school_key(written)), (district_id, sense(written))
        return self.school_by_key[same] if same in self.school_by_key else self.school_by_sense.get(meant)

    def meaning(self, what: str, written: str) -> str | None:
        """The key that free words for a relation, position, district or sharing name, None when nobody knows.

        People repeat themselves: read once.
        """
        if (what, written) not in self.read_before:
            self.read_before[what, written] = self._read(what, written)
        return self.read_before[what, written]

    def _read(self, what: str, written: str) -> str | None:
        if what == "sharing":
            return sharing_of(written)
        if what == "district":
            district_id = self.district_by_word.get(fold(written))
            return None if district_id is None else self.districts[district_id][0]
        if what == "position":
            return choices_by_words(written, self.positions)
        if key := choices_by_words(written, self.relations):
            return key
        group = group_of(written)  # by usual words: the program's first relation of that group stands for it
        return next((str(r["key"]) for r in self.relations if r["group"] == group), None) if group else None

    def keys(self, what: str) -> set[str]:
        """The keys that words for a relation, position, district or sharing may stand for."""
        if what == "sharing":
            return {"yes", "relation", "no"}
        if what == "district":
            return set(self.district_by_key)
        return {str(each["key"]) for each in (self.positions if what == "position" else self.relations)}

    def told(self, what: str, written: str, reading: Reading) -> str | None:
        """What was chosen for these words, else their `meaning`."""
        chosen = reading.words.get(what, {}).get(fold(written)) if reading.words else None
        return chosen if chosen and chosen in self.keys(what) else self.meaning(what, written)


@dataclass(frozen=True)
class CleanRow:
    """A row as it would enter. `refusals` not empty: it does not. `key` is the same for exact repeats of a row."""

    line: int
    key: str
    written: dict[str, str]  # the cells as they came, by the header's titles
    cells: tuple[str, ...] = ()  # of a refused row: the same in the file's order, empty ones too
    educator: str = ""
    educator_email: str = ""
    email: str = ""
    nominator: str = ""
    school: str = ""
    school_id: int | None = None
    district_id: int | None = None
    position: str = ""
    position_key: str = ""
    subject: str = ""
    relation: str = ""
    group: str = "community"
    known_for: str = ""
    story: str = ""
    with_others: str = ""
    tie: str = ""
    sharing: str = "no"
    at: datetime | None = None  # None: it gave no readable date
    said: dict[str, Any] = field(default_factory=dict)  # answers to own questions, as the form stores them
    remarks: tuple[Remark, ...] = ()
    refusals: tuple[Remark, ...] = ()


def clean_rows(table: Table, reading: Reading, vocabulary: Vocabulary) -> list[CleanRow]:
    """Every row cleaned, in the file's order."""
    return [_clean(line, cells, table.header, reading, vocabulary) for line, cells in table.rows]


def _clean(
    line: int, cells: Sequence[str], header: Sequence[str], reading: Reading, vocabulary: Vocabulary
) -> CleanRow:
    raw = {name: cells[i] if i < len(cells) else "" for name, i in reading.columns.items()}
    one = {name: tidy_line(raw.get(name)) for name in (*LONGEST, "at", "district", "relation", "sharing")}
    remarks: list[Remark] = []
    values: dict[str, Any] = {
        "educator": one["educator"],
        "nominator": one["nominator"],
        "subject": one["subject"],
        "known_for": one["known_for"],
        "tie": one["tie"],
        "story": tidy_text(raw.get("story")),
        "with_others": tidy_text(raw.get("with_others")),
        **_email(raw, remarks),
        **_place(one, reading, vocabulary, remarks),
        **_position(one["position"], reading, vocabulary, remarks),
        **_relation(one["relation"], reading, vocabulary, remarks),
        **_sharing(one["sharing"], reading, vocabulary, remarks),
        **_moment(one["at"], reading, vocabulary, remarks),
        "said": said_in(raw, vocabulary.cells, partial(_read_moment, reading=reading, vocabulary=vocabulary), remarks),
    }
    refusals = _refusals(values, tidy_line(raw.get("email")))
    _plain_remarks(values, vocabulary, remarks)
    for name, most in LONGEST.items():
        if len(values[name]) > most:
            values[name] = values[name][:most]
            remarks.append(("cut", {}))
    # No database keeps a NUL; all else stays as it came.
    titled = enumerate(zip(header, cells, strict=False), 1)
    written = {(title or str(i)).replace("\0", ""): cell.replace("\0", "") for i, (title, cell) in titled if cell}
    kept = tuple(cell.replace("\0", "") for cell in cells) if refusals else ()
    values |= {"remarks": tuple(remarks), "refusals": tuple(refusals)}
    return CleanRow(line, row_key(cells, header), written, kept, **values)


def row_key(cells: Sequence[str], header: Sequence[str]) -> str:
    """SHA-256 of what the row says: exact repeats share it, whatever the order of columns, line ends, outer spaces."""
    said = {fold(title) or str(i): tidy_text(cell) for i, (title, cell) in enumerate(zip(header, cells, strict=False))}
    body = json.dumps({k: v for k, v in said.items() if v}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


def _refusals(values: Mapping[str, Any], written_email: str) -> list[Remark]:
    refusals: list[Remark] = []
    if not fold(values["educator"]):
        refusals.append(("no_educator", {}))
    if not values["story"]:
        refusals.append(("no_story", {}))
    if not written_email:
        refusals.append(("no_address", {}))
    elif not values["email"]:
        refusals.append(("bad_address", {"written": quote(written_email)}))
    return refusals


def _email(raw: Mapping[str, str], remarks: list[Remark]) -> dict[str, str]:
    """The nominator's address ("" when it can't be read) and the educator's, when given."""
    email, their = read_address(raw.get("email")), read_address(raw.get("educator_email"))
    email = email if email and is_address(email) else ""
    if email and "@" not in raw.get("email", ""):
        remarks.append(("address_read", {"address": email}))
    return {"email": email, "educator_email": their if their and is_address(their) else ""}


def _place(one: Mapping[str, str], reading: Reading, vocabulary: Vocabulary, remarks: list[Remark]) -> dict[str, Any]:
    """School and district. A district that is not ours finds no school: names repeat from district to district."""
    named = vocabulary.told("district", one["district"], reading) if one["district"] else None
    district_id = vocabulary.district_by_key[named] if named else None
    if not one["district"]:
        remarks.append(("district_missing", {}))
    elif district_id is None:
        remarks.append(("district_unknown", {"written": quote(one["district"])}))
    school = None
    if not fold(one["school"]):
        remarks.append(("school_missing", {}))
    else:
        if district_id is not None or not one["district"]:
            school = vocabulary.school_named(one["school"], district_id)
        if school is None:
            remarks.append(("school_unknown", {}))
    if district_id is None and school is not None:
        district_id = school.district_id
    return {"school": one["school"], "school_id": school.id if school else None, "district_id": district_id}


def _position(written: str, reading: Reading, vocabulary: Vocabulary, remarks: list[Remark]) -> dict[str, str]:
    key = vocabulary.told("position", written, reading) if written else None
    if not written:
        remarks.append(("position_missing", {}))
    elif key is None:
        remarks.append(("position_unknown", {"written": quote(written)}))
    elif not next(p for p in vocabulary.positions if p["key"] == key).get("eligible", True):
        remarks.append(("position_closed", {"written": quote(written)}))
    return {"position": written, "position_key": key or ""}


def _relation(written: str, reading: Reading, vocabulary: Vocabulary, remarks: list[Remark]) -> dict[str, str]:
    """The program's own relation by its words; else a group by usual words; else community, said so."""
    groups = {str(r["key"]): str(r["group"]) for r in vocabulary.relations}
    if key := (vocabulary.told("relation", written, reading) if written else None):
        return {"relation": key, "group": groups[key]}
    if group := group_of(written):
        return {"relation": "", "group": group}
    remarks.append(("relation_unknown", {"written": quote(written)}) if written else ("relation_missing", {}))
    return {"relation": "other" if groups.get("other") == "community" else "", "group": "community"}


def _sharing(written: str, reading: Reading, vocabulary: Vocabulary, remarks: list[Remark]) -> dict[str, str]:
    said = vocabulary.told("sharing", written, reading)
    if said is None:
        remarks.append(("sharing_unknown", {"written": quote(written)}))
    return {"sharing": said or "no"}


def _read_moment(written: str, reading: Reading, vocabulary: Vocabulary) -> datetime | None:
    return moment_of(written, zone_named(reading.zone) or vocabulary.zone, day_first=reading.day_first)


def _moment(
    written: str, reading: Reading, vocabulary: Vocabulary, remarks: list[Remark]
) -> dict[str, datetime | None]:
    at = _read_moment(written, reading, vocabulary) if written else None
    if at is None:
        remarks.append(("date_unknown", {"written": quote(written)}) if written else ("date_missing", {}))
        return {"at": None}
    early = vocabulary.opens_at is not None and at < vocabulary.opens_at
    late = vocabulary.closes_at is not None and at >= vocabulary.closes_at
    if early or late:
        remarks.append(("outside_window", {"day": at.astimezone(vocabulary.zone).date().isoformat()}))
    return {"at": at}


def _plain_remarks(values: Mapping[str, Any], vocabulary: Vocabulary, remarks: list[Remark]) -> None:
    low, high = vocabulary.story_words
    count = words(values["story"])
    if values["story"] and not low <= count <= high:
        remarks.append(("short_story" if count < low else "long_story", {"words": count}))
    if not values["nominator"]:
        remarks.append(("nominator_missing", {}))
    if "," in values["educator"]:
        remarks.append(("name_order", {}))
