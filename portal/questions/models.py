"""Forms as organizers edit them, the earlier wordings of their questions, and files given as answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.clock import now
from portal.core.db import Base, Identified
from portal.core.files import StoredFile


class QuestionForm(Identified, Base):
    """A form of a program: its questions in order (`shape.stored`). Without a row the product words it."""

    __tablename__ = "question_forms"
    __table_args__ = (UniqueConstraint("program_id", "purpose"),)
    audit_kind = "form"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    purpose: Mapped[str] = mapped_column(String(60))  # "nomination": which form it is
    questions: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)  # rises with every change, so that two editors never overwrite


class QuestionVersion(Base):
    """A wording that answers were given under and that is asked no more."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("form_id", "key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("question_forms.id"))
    key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    until: Mapped[datetime] = mapped_column(default=now)


class Upload(Identified, Base):
    """A file given as an answer: to which question of what (a nomination, by its name in the record)."""

    __tablename__ = "uploads"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    thing: Mapped[str] = mapped_column(String(64), index=True)
    key: Mapped[str] = mapped_column(String(60))
    stored_file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))

    stored_file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
