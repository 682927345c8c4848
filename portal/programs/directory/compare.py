"""What a file of schools would change in the directory: added, changed, closed, opened again, refused. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from portal.core.names import fold, plain_key
from portal.programs.directory.read import Entry, SchoolFile

SAMPLES = 100  # of each kind of change, for the page that shows them
MOST_REFUSED = 5_000  # refused rows that are kept for the report


class Place(NamedTuple):
    """A district of the directory; `id` is None for one that would be made."""

    id: int | None
    key: str
    name: str
    nces_id: str = ""
    aliases: tuple[str, ...] = ()


class Held(NamedTuple):
    """A school of the directory."""

    id: int
    nces_id: str
    district_id: int
    key: str
    name: str
    level: str
    city: str
    charter: bool
    is_open: bool
    search: str


class Change(NamedTuple):
    """A school that is there, what the file says of it, its district, and which columns get another value."""

    held: Held
    entry: Entry
    place: Place
    values: dict[str, Any]


@dataclass
class Changes:
    """All that a file would do."""

    made: list[Place] = field(default_factory=list)
    named: list[tuple[int, str]] = field(default_factory=list)  # (district, its id in the file) learned now
    added: list[tuple[Place, Entry]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    reopened: list[Held] = field(default_factory=list)
    closed: list[Held] = field(default_factory=list)
    same: int = 0
    skipped: int = 0  # of districts that are not ours, when only those are wanted; closed ones that never were here
    refused: list[Any] = field(default_factory=list)
    columns: list[tuple[str, str]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many schools would be written."""
        return len(self.added) + len(self.changed) + len(self.reopened) + len(self.closed)

    def counts(self) -> dict[str, int]:
        """How much of each kind."""
        lists = ("made", "added", "changed", "reopened", "closed", "refused")
        return {**{name: len(getattr(self, name)) for name in lists}, "same": self.same, "skipped": self.skipped}

    def told(self) -> dict[str, Any]:
        """Counts and samples as JSON, for the page and the record of the import."""
        return {
            "counts": self.counts(),
            "columns": [list(pair) for pair in self.columns],
            "made": [place.name for place in self.made[:SAMPLES]],
            "added": [[e.name, place.name, e.city] for place, e in self.added[:SAMPLES]],
            "changed": [[c.held.name, c.entry.name, c.place.name, sorted(c.values)] for c in self.changed[:SAMPLES]],
            "reopened": [[held.name] for held in self.reopened[:SAMPLES]],
            "closed": [[held.name] for held in self.closed[:SAMPLES]],
            "refused": [list(row) for row in self.refused[:MOST_REFUSED]],
        }


class _Places:
    """Finds the district of an entry: by its id, by its name or what people call it; else a new one."""

    def __init__(self, places: Iterable[Place], changes: Changes, *, known_only: bool) -> None:
        self.changes, self.known_only = changes, known_only
        self.by_id: dict[str, Place] = {}
        self.by_name: dict[str, Place] = {}
        self.keys: set[str] = set()
        for place in places:
            self._learn(place)

    def _learn(self, place: Place) -> None:
        self.keys.add(place.key)
        if place.nces_id:
            self.by_id[place.nces_id] = place
        for name in (place.name, place.key, *place.aliases):
            self.by_name.setdefault(fold(name), place)

    def of(self, entry: Entry) -> Place | None:
        """The place; None when the district is not ours and only ours are wanted."""
        if entry.district_id in self.by_id:
            return self.by_id[entry.district_id]
        named = self.by_name.get(fold(entry.district))
        if named is not None and (not entry.district_id or not named.nces_id):
            if entry.district_id:
                named = self._name(named, entry.district_id)
            return named
        return None if self.known_only else self._make(entry)

    def _name(self, place: Place, nces_id: str) -> Place:
        """The district that was known by its name gets the id by which the file knows it."""
        named = place._replace(nces_id=nces_id)
        if place.id is not None:
            self.changes.named.append((place.id, nces_id))
        self.by_id[nces_id] = named
        self.by_name = {name: named if held is place else held for name, held in self.by_name.items()}
        return named

    def _make(self, entry: Entry) -> Place:
        key = plain_key(entry.district, self.keys, "district")
        place = Place(None, key, entry.district, entry.district_id)
        self.changes.made.append(place)
        self._learn(place)
        return place


def compare(file: SchoolFile, places: Iterable[Place], schools: Iterable[Held], *, known_only: bool = False) -> Changes:
    """What the file would change.

    The same id is the same school. A school without an id is known by its name in its district and takes the file's id.
    A school with an id that the file no longer names is closed when the file names other schools of its district.
    """
    changes = Changes(refused=file.refused, columns=file.columns)
    found = _Places(places, changes, known_only=known_only)
    held = list(schools)
    by_id = {school.nces_id: school for school in held if school.nces_id}
    by_name: dict[tuple[int, str], Held] = {}
    for each in sorted(held, key=lambda school: (bool(school.nces_id), not school.is_open)):
        by_name.setdefault((each.district_id, each.key), each)
    seen: set[int] = set()
    covered: set[int] = set()
    for entry in file.entries:
        place = found.of(entry)
        if place is None:
            changes.skipped += 1
            continue
        if place.id is not None:
            covered.add(place.id)
        school = by_id.get(entry.school_id)
        if school is None and place.id is not None:
            named = by_name.get((place.id, entry.key))
            another = named is not None and bool(entry.school_id and named.nces_id)
            school = None if another else named
        if school is not None and school.id in seen:
            school = None
        if school is not None:
            seen.add(school.id)
        _weigh(changes, entry, place, school, file.fields)
    if "school_id" in file.fields:
        gone = (s for s in held if s.is_open and s.nces_id and s.id not in seen and s.district_id in covered)
        changes.closed.extend(gone)
    return changes


def _weigh(changes: Changes, entry: Entry, place: Place, school: Held | None, fields: frozenset[str]) -> None:
    """Puts one entry where it belongs."""
    if school is None:
        if entry.open:
            changes.added.append((place, entry))
        else:
            changes.skipped += 1
        return
    if not entry.open:
        if school.is_open:
            changes.closed.append(school)
        else:
            changes.same += 1
        return
    wanted: dict[str, Any] = {"name": entry.name, "key": entry.key, "nces_id": entry.school_id or school.nces_id}
    wanted |= {name: getattr(entry, name) for name in ("level", "city", "charter") if name in fields}
    values: dict[str, Any] = {name: value for name, value in wanted.items() if getattr(school, name) != value}
    if place.id != school.district_id:
        values["district_id"] = place.id  # None: the one that is being made
    if not school.is_open:
        changes.reopened.append(school)
    if values:
        changes.changed.append(Change(school, entry, place, values))
    elif school.is_open:
        changes.same += 1
