"""What staff wrote about a file, and its history, in one query; what was written to somebody; who can be told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, cast, func, null, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Person, Role
from portal.accounts.rules import covers
from portal.core.audit import AuditEntry, name_of
from portal.core.db import db
from portal.nominations.models import FileNote, NomineeFile, NoteMention
from portal.nominations.queries.consent import acceptance
from portal.programs.models import Cycle

HISTORY = 200  # the newest entries that a file's page shows
STAFF = "organizer"
WITH_ROLES = contains_eager(Role.person).joinedload(Person.roles)
WITH_FILE = (joinedload(FileNote.file).joinedload(NomineeFile.cycle).joinedload(Cycle.program),)


@dataclass(frozen=True)
class Note:
    """A note as the file's page shows it: who wrote it, and who was told, each with when they opened it."""

    note: FileNote
    by: Person | None  # None: somebody who never was on the staff of this program
    told: list[tuple[Person, datetime | None]] = field(default_factory=list)

    def waits_for(self, person: Any) -> bool:
        """Whether this person was told and has not opened it."""
        return any(each.id == person.id and seen is None for each, seen in self.told)


@dataclass(frozen=True)
class Beside:
    """What a file's page tells beside the voices: the record newest first, each entry with the name of who acted; the
    notes newest first; the staff as they are today.
    """

    history: list[tuple[AuditEntry, str]]
    notes: list[Note] = field(default_factory=list)
    staff: list[Person] = field(default_factory=list)


def beside(file: NomineeFile, things: Sequence[Any], *, notes: bool) -> Beside:
    """What happened to these things lately, with the nominee's yes however long ago, and (for who may read them) the
    notes and whom one can tell: one query.
    """
    said_yes = acceptance(file).with_only_columns(AuditEntry.id).subquery()
    parts = [_line(_history(things).c.id), _line(said_yes.c.id)]
    if notes:
        parts.append(_line(None, FileNote.id).where(FileNote.file_id == file.id))
        parts.append(_line(None, None, Role.id).where(Role.program_id == file.program_id, Role.name == STAFF))
    lines = union_all(*parts).subquery()
    acted = Person.public_id == func.substr(AuditEntry.actor, len("person:") + 1)
    query = (
        select(AuditEntry, FileNote, NoteMention, Role, Person)
        .select_from(lines)
        .outerjoin(AuditEntry, AuditEntry.id == lines.c.entry)
        .outerjoin(FileNote, FileNote.id == lines.c.note)
        .outerjoin(NoteMention, NoteMention.note_id == FileNote.id)
        .outerjoin(Role, Role.id == lines.c.role)
        .outerjoin(Person, or_(Person.id == Role.person_id, acted))
        .order_by(AuditEntry.id.desc(), FileNote.id.desc(), Person.name, NoteMention.person_id)
    )
    rows = db.session.execute(query).all()
    ever = {person.id: person for _entry, _note, _told, role, person in rows if role is not None}
    now = {role.person_id for _entry, _note, _told, role, _person in rows if role is not None and serves(role, file)}
    found: dict[int, Note] = {}
    for _entry, note, mention, _role, _person in rows:
        if note is None:
            continue
        shown = found.setdefault(note.id, Note(note, ever.get(note.by_id)))
        if mention is not None and mention.person_id in ever:
            shown.told.append((ever[mention.person_id], mention.seen_at))
    told = {entry.id: (entry, person.name if person else "") for entry, _n, _m, _r, person in rows if entry is not None}
    return Beside(
        list(told.values()),
        list(found.values()),
        [person for number, person in ever.items() if number in now],
    )


def _history(things: Sequence[Any]) -> Any:
    query = select(AuditEntry.id).where(AuditEntry.thing.in_([name_of(thing) for thing in things]))
    return query.order_by(AuditEntry.id.desc()).limit(HISTORY).subquery()


def _line(entry: Any = None, note: Any = None, role: Any = None) -> Select[Any]:
    columns = {"entry": entry, "note": note, "role": role}
    return select(*(cast(null(), Integer).label(n) if c is None else c.label(n) for n, c in columns.items()))


def serves(role: Role, file: Any) -> bool:
    """Whether who holds this role is staff of the file today."""
    return role.holds_now() and covers(role, file)


def staff_of(file: NomineeFile) -> list[Person]:
    """The staff of a file as they are today, by name, with all their roles: one query."""
    query = select(Role).join(Role.person).where(Role.program_id == file.program_id, Role.name == STAFF)
    found = db.session.scalars(query.options(WITH_ROLES).order_by(Person.name, Person.id)).unique()
    return list({role.person_id: role.person for role in found if serves(role, file)}.values())


def note_by_public_id(public_id: str) -> FileNote | None:
    """The note with its file, cycle and program: one query."""
    return db.session.scalar(select(FileNote).where(FileNote.public_id == public_id).options(*WITH_FILE))


def told_by(note: FileNote) -> list[int]:
    """The ids of whom a note tells."""
    return list(db.session.scalars(select(NoteMention.person_id).where(NoteMention.note_id == note.id)))


def how_many_wait(cycle: Cycle, person: Any) -> Select[int]:
    """How many notes of the cycle tell this person and were not opened."""
    mine = (NoteMention.person_id == person.id, NoteMention.seen_at.is_(None), NomineeFile.cycle_id == cycle.id)
    query = select(func.count(NoteMention.note_id)).join(FileNote, FileNote.id == NoteMention.note_id)
    return query.join(NomineeFile, NomineeFile.id == FileNote.file_id).where(*mine)


def in_cycle(cycle: Cycle, person: Any, *, everybodys: bool) -> Select[FileNote]:
    """The notes of the cycle that tell this person, those to be opened first; or `everybodys`. The newest first."""
    query = select(FileNote).join(FileNote.file).where(NomineeFile.cycle_id == cycle.id)
    if not everybodys:
        mine = and_(NoteMention.note_id == FileNote.id, NoteMention.person_id == person.id)
        query = query.join(NoteMention, mine).order_by(NoteMention.seen_at.is_not(None))
    return query.options(contains_eager(FileNote.file), joinedload(FileNote.by)).order_by(FileNote.id.desc())


def as_shown(found: Sequence[FileNote]) -> list[Note]:
    """These notes with whom they tell: one query, none for no notes."""
    query = select(NoteMention, Person).join(Person, Person.id == NoteMention.person_id)
    mine = query.where(NoteMention.note_id.in_([note.id for note in found])).order_by(Person.name, Person.id)
    told: dict[int, list[tuple[Person, datetime | None]]] = {note.id: [] for note in found}
    for mention, person in db.session.execute(mine) if found else ():
        told[mention.note_id].append((person, mention.seen_at))
    return [Note(note, note.by, told[note.id]) for note in found]
