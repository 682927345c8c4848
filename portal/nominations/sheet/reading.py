"""How a sheet is to be read: which column answers what, what free words mean, in which zone and order its dates are.

What is chosen is kept with the run as plain JSON, and proposed again for the next file with the same titles. Pure.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from portal.core.names import fold
from portal.nominations.sheet.columns import FIELD_NAMES, guess
from portal.nominations.sheet.own import phrases_of
from portal.nominations.sheet.table import Book, Table
from portal.nominations.sheet.words import day_comes_first
from portal.questions.shape import Question

WORDED = ("relation", "position", "district", "sharing")  # fields whose free words stand for keys of the program
ENOUGH = 200  # rows that are looked at to guess what a column holds


@dataclass(frozen=True)
class Reading:
    """The choices for one sheet. `fields` has one entry a column, "" for what is left out."""

    fields: tuple[str, ...] = ()
    zone: str = ""  # of times that name none; "": the program's
    day_first: bool = False  # 3/4/2027 is in April
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # {"relation": {"my aunt": "relative"}}
    sheet: str = ""
    asked: tuple[str, ...] = ()  # keys of the own questions that there were to choose from
    line: int = 0  # the row that holds the titles; 0: the first one that says something

    @property
    def columns(self) -> dict[str, int]:
        """The column of each answer."""
        return {name: at for at, name in enumerate(self.fields) if name}

    def as_json(self) -> dict[str, Any]:
        """What is kept."""
        return asdict(self) | {"fields": list(self.fields), "asked": list(self.asked)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Reading":
        """What was kept; what is not there is at its first value."""
        known = {name: kept[name] for name in ("zone", "day_first", "words", "sheet", "line") if name in kept}
        return cls(fields=tuple(kept.get("fields", ())), asked=tuple(kept.get("asked", ())), **known)


def titles_key(header: Sequence[str]) -> str:
    """The same for sheets with the same titles, in whatever order."""
    told = sorted(filter(None, map(fold, header)))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def titled(book: Book, sheet: str = "", questions: Iterable[Question] = ()) -> Table:
    """The sheet below the row that most looks like titles: the most of them known, and more cells than in any row above
    it, as there are below a heading or a date of export. Else it is the first row.
    """
    best, line, widest, phrases = 1, 0, 0, phrases_of(questions)
    for number, cells in book.top(sheet):
        known, width = sum(map(bool, guess(cells, (), phrases))), sum(bool(cell.strip()) for cell in cells)
        if known > best and width > widest:
            best, line = known, number
        widest = max(widest, width)
    return book.table(sheet, line)


def propose(table: Table, sheet: str = "", questions: Iterable[Question] = ()) -> Reading:
    """The reading that the titles and the first rows suggest; `questions` are the organizers' own."""
    below = [cells for _, cells in table.rows[:ENOUGH]]
    phrases = phrases_of(questions)
    reading = Reading(
        fields=tuple(guess(table.header, below, phrases)), sheet=sheet, asked=tuple(phrases), line=table.line
    )
    return replace(reading, day_first=bool(day_comes_first(dates_of(table, reading.fields))))


def again(
    table: Table,
    kept: Mapping[str, Any],
    titles: Sequence[Sequence[str]],
    sheet: str = "",
    questions: Iterable[Question] = (),
) -> Reading:
    """The reading of an earlier file with these titles ([[title, field], ...]), for this one.

    An own question that is asked no more has no column; one that is new since may have one that was left out. The order
    of day and month is told by this file's own dates where they settle it.
    """
    phrases = phrases_of(questions)
    waiting: dict[str, list[str]] = {}
    for title, name in titles:
        waiting.setdefault(fold(title), []).append(name if name in FIELD_NAMES or name in phrases else "")
    held = [waiting[key].pop(0) if waiting.get(key := fold(title)) else "" for title in table.header]
    new = {key: some for key, some in phrases.items() if key not in (*kept.get("asked", ()), *held)}
    guessed = [name if name in new else "" for name in guess(table.header, (), new)]
    fields = tuple(name or other for name, other in zip(held, guessed, strict=True))
    reading = replace(Reading.of(kept), fields=fields, sheet=sheet, asked=tuple(phrases), line=table.line)
    told = day_comes_first(dates_of(table, fields))
    return reading if told is None else replace(reading, day_first=told)


def dates_of(table: Table, fields: Sequence[str]) -> list[str]:
    """What stands in the column of dates."""
    if "at" not in fields:
        return []
    at = fields.index("at")
    return [cells[at] for _, cells in table.rows if at < len(cells)]


def samples(table: Table, most: int = 3) -> list[list[str]]:
    """A few different values of each column, shortened."""
    found: list[list[str]] = [[] for _ in table.header]
    for _, cells in table.rows[:ENOUGH]:
        for at, cell in enumerate(cells[: len(found)]):
            short = " ".join(cell.split())
            short = short if len(short) <= 60 else f"{short[:59]}…"
            if short and len(found[at]) < most and short not in found[at]:
                found[at].append(short)
    return found


@dataclass(frozen=True)
class Word:
    """One way in which people wrote an answer: as first written, folded, in how many rows, and what it is read as."""

    written: str
    key: str
    count: int
    meant: str | None  # a key of the program; None when nobody knows


def written_words(table: Table, reading: Reading, name: str, meaning: Any) -> list[Word]:
    """Every different thing that stands in the column of this field, the most frequent first.

    `meaning(name, written)` tells the key that it is read as, or None.
    """
    at = reading.columns.get(name)
    if at is None:
        return []
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for _, cells in table.rows:
        written = " ".join(cells[at].split()) if at < len(cells) else ""
        if key := fold(written):
            first.setdefault(key, written)
            counts[key] += 1
    return [Word(first[key], key, count, meaning(name, first[key])) for key, count in counts.most_common()]
