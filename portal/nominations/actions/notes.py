"""Staff write notes about a nominee file, tell each other by them, change and delete their own."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, exists, insert, literal, select, update

from portal.accounts.models import Person
from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Overtaken
from portal.core.once import insert_all_once
from portal.nominations.models import FileNote, NomineeFile, NoteMention
from portal.nominations.queries import notes as queries
from portal.nominations.queries.files import end_of_joins
from portal.nominations.rules.notes import CHANGE_NOTE, READ_NOTES, WRITE_NOTE, called

TWICE = timedelta(minutes=1)  # the same words within it were sent twice


class Kept(NamedTuple):
    """A note that was written or changed, whom it tells, and the words behind an "@" that told nobody."""

    note: FileNote
    told: list[Person]
    unknown: tuple[str, ...]


def write(by: Person, file: NomineeFile, text: str, tell: Collection[str] = (), *, answers: bool = False) -> Kept:
    """Writes a note; a file that was joined meanwhile passes it on to the one it leads to. One that was sent twice by a
    hurried finger is there once, and tells whom it told and whom it tells now.

    `tell` are public ids of staff; who is called by "@name" is told too. `answers`: the writer has opened with it what
    they were told here.
    """
    file = _standing(file)
    told, unknown = _wanted(by, file, text, tell)
    demand(by, WRITE_NOTE, file)
    note, is_new = _put(by, file, text)
    new = _tell(note, {person.id for person in told})
    if answers:
        _see(by, file)
    if is_new or new:
        verb = "note.written" if is_new else "note.edited"
        audit.record(by, verb, file, note=note.public_id, told=len(told))
    return Kept(note, told, unknown)


def edit(by: Person, note: FileNote, text: str, tell: Collection[str] = ()) -> Kept:
    """Changes one's own note. Who was told before and still is keeps it as opened or not."""
    people, unknown = _wanted(by, note.file, text, tell)
    demand(by, CHANGE_NOTE, note)
    told = {person.id for person in people}
    others = delete(NoteMention).where(NoteMention.note_id == note.id, NoteMention.person_id.not_in(told))
    gone = db.session.scalars(others.returning(NoteMention.person_id)).all()
    new = _tell(note, told)
    if text != note.text:
        note.text, note.edited_at = text, now()
    elif not (gone or new):
        return Kept(note, people, unknown)
    audit.record(by, "note.edited", note.file, note=note.public_id, told=len(told))
    return Kept(note, people, unknown)


def drop(by: Person, note: FileNote) -> NomineeFile:
    """Deletes one's own note: its words are gone, and it is on nobody's desk any more. The file it was about."""
    demand(by, CHANGE_NOTE, note)
    file, public_id = note.file, note.public_id
    sweep(delete(NoteMention).where(NoteMention.note_id == note.id))
    db.session.delete(note)
    audit.record(by, "note.deleted", file, note=public_id)
    return file


def see(by: Person, file: NomineeFile) -> str:
    """Marks what tells this person about the file as opened; the public id of the first such note, "" without one."""
    demand(by, READ_NOTES, file)
    seen = _see(by, file)
    if not seen:
        return ""
    audit.record(by, "note.opened", file, notes=len(seen))
    return db.session.scalars(select(FileNote.public_id).where(FileNote.id == min(seen))).one()


def locked(note: FileNote) -> FileNote:
    """The note as it stands now, its row locked; raises Overtaken when it was deleted in another window."""
    query = select(FileNote).where(FileNote.id == note.id).options(*queries.WITH_FILE)
    query = query.with_for_update(of=FileNote).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise Overtaken(_("This note was deleted in another window."))
    return found


def move(from_file: NomineeFile, to_file: NomineeFile, only: Sequence[int] | None = None) -> list[int]:
    """Moves the notes of a file (or these of them) to another one; their ids."""
    db.session.flush()
    mine = [FileNote.file_id == from_file.id, *([FileNote.id.in_(only)] if only is not None else [])]
    statement = update(FileNote).where(*mine).values(file_id=to_file.id).returning(FileNote.id)
    return sorted(sweep(statement).scalars())


def erase(file_ids: Sequence[int]) -> None:
    """Erases all notes about these files: the nominee asked us to forget everything."""
    mine = FileNote.file_id.in_(file_ids)
    sweep(delete(NoteMention).where(NoteMention.note_id.in_(select(FileNote.id).where(mine))))
    sweep(delete(FileNote).where(mine))


def _standing(file: NomineeFile) -> NomineeFile:
    """The file, or the one it was joined into; its row is locked, so that neither joining nor erasing misses a note."""

    def locked(number: int) -> NomineeFile:
        query = select(NomineeFile).where(NomineeFile.id == number).with_for_update(key_share=True)
        return db.session.scalars(query.execution_options(populate_existing=True)).one()

    return end_of_joins(locked(file.id), locked) or file


def _put(by: Person, file: NomineeFile, text: str) -> tuple[FileNote, bool]:
    """The new note; or the one in the same words that this person has just written here, which then is the same."""
    just_now = FileNote.created_at > now() - TWICE
    same = FileNote.file_id == file.id, FileNote.by_id == by.id, FileNote.text == text, just_now
    given = {"program_id": file.program_id, "file_id": file.id, "by_id": by.id, "text": text}
    row = select(*(literal(value, FileNote.__table__.c[name].type) for name, value in given.items()))
    new = insert(FileNote).from_select(list(given), row.where(~exists().where(*same))).returning(FileNote)
    note = db.session.scalars(new).one_or_none()
    return note or db.session.scalars(select(FileNote).where(*same).limit(1)).one(), note is not None


def _wanted(by: Person, file: NomineeFile, text: str, tell: Collection[str]) -> tuple[list[Person], tuple[str, ...]]:
    """Those of the staff who are told, chosen or called in the text (nobody tells themself), and what calls nobody.

    Asked before the permission: who writes is one of the staff, and read afresh with them.
    """
    if not tell and "@" not in text:
        return [], ()
    staff = queries.staff_of(file)
    people, unknown = called(text, staff)
    told = [each for each in staff if each.id != by.id and (each.id in people or each.public_id in tell)]
    return told, unknown


def _tell(note: FileNote, told: Collection[int]) -> int:
    """Whoever was told already stays as they were; how many are new."""
    rows = [{"note_id": note.id, "person_id": person_id} for person_id in sorted(told)]
    return len(insert_all_once(NoteMention, ["note_id", "person_id"], rows))


def _see(by: Person, file: NomineeFile) -> list[int]:
    here = select(FileNote.id).where(FileNote.file_id == file.id)
    mine = (NoteMention.person_id == by.id, NoteMention.note_id.in_(here), NoteMention.seen_at.is_(None))
    seen = update(NoteMention).where(*mine).values(seen_at=now()).returning(NoteMention.note_id)
    return list(sweep(seen).scalars())
