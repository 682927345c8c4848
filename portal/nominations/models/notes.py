"""What staff write to each other about a nominee file, and whom of their colleagues they tell by it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.db import Base, Identified
from portal.nominations.models.files import NomineeFile
from portal.programs.models import Program


class FileNote(Identified, Base):
    """One note by one of the staff. Deleted means gone: the record keeps that there was one, never its words."""

    __tablename__ = "file_notes"
    audit_kind = "note"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime | None]

    file: Mapped[NomineeFile] = relationship()
    by: Mapped[Person] = relationship()

    @property
    def program(self) -> Program:
        return self.file.cycle.program


class NoteMention(Base):
    """That a note is for somebody's eyes: it stands on their desk until they have opened it."""

    __tablename__ = "note_mentions"
    __table_args__ = (Index("ix_note_mentions_person", "person_id", "seen_at"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("file_notes.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    seen_at: Mapped[datetime | None]
