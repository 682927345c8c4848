"""The school directory as tables: districts, schools, the words they are found by, and imports of a file of schools."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.db import Base, Identified, known_states, state_column
from portal.core.files import StoredFile
from portal.programs.directory.words import search_words
from portal.programs.models.award import Program
from portal.programs.rules import SCHOOL_IMPORT


def _once_a_program(table: str) -> Index:
    """An id of the Common Core of Data names one thing of a program."""
    having = text("nces_id != ''")
    columns = ("program_id", "nces_id")
    return Index(f"uq_{table}_nces_id", *columns, unique=True, sqlite_where=having, postgresql_where=having)


class District(Base):
    """A school district whose educators may be nominated; aliases are what people write for it."""

    __tablename__ = "districts"
    __table_args__ = (UniqueConstraint("program_id", "key"), _once_a_program("districts"))

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    short: Mapped[str] = mapped_column(String(60), default="", server_default="")  # "GCPS"; also the first alias
    aliases: Mapped[list[Any]]
    nces_id: Mapped[str] = mapped_column(String(7), default="")  # LEAID of the Common Core of Data


class School(Identified, Base):
    """A school of the directory; `key` is its name folded for matching (`core.names.school_key`).

    A school with an `nces_id` is the same school over all imports; one without was made by hand or by the program's
    file. A closed school stays, because nominations may name it.
    """

    __tablename__ = "schools"
    __table_args__ = (
        Index(
            "uq_schools_made_by_hand",
            "district_id",
            "key",
            unique=True,
            sqlite_where=text("nces_id = ''"),
            postgresql_where=text("nces_id = ''"),
        ),
        _once_a_program("schools"),
        Index("ix_schools_search", "program_id", "key"),
        Index("ix_schools_of_district", "district_id", "key"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id"))
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(40), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    charter: Mapped[bool] = mapped_column(default=False)
    nces_id: Mapped[str] = mapped_column(String(12), default="")  # NCESSCH of the Common Core of Data
    contact_name: Mapped[str] = mapped_column(String(200), default="", server_default="")  # whom staff write to
    contact_email: Mapped[str] = mapped_column(String(254), default="", server_default="")  # in small letters
    contact_locale: Mapped[str] = mapped_column(String(5), default="en", server_default="en")
    closed_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(Text, default="")  # every word it is found by, with spaces around each

    district: Mapped[District] = relationship()
    program: Mapped[Program] = relationship()

    @property
    def words(self) -> list[str]:
        """The words by which a search finds it: `search` without its spaces."""
        return self.search.split()


class QuietAddress(Base):
    """An address that asked a program not to write to it about its schools; the row goes when it may be written to."""

    __tablename__ = "quiet_addresses"
    __table_args__ = (UniqueConstraint("program_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    email: Mapped[str] = mapped_column(String(254))
    since: Mapped[datetime]


class SchoolWord(Base):
    """One word by which a school is found: a table read by the beginnings of words, alike on both databases.

    Kept by the listeners below whenever a school is written; bulk inserts write it themselves.
    """

    __tablename__ = "school_words"
    __table_args__ = {"sqlite_with_rowid": False}

    # No foreign keys: a directory has a million words, and checking each costs more than writing it.
    program_id: Mapped[int] = mapped_column(primary_key=True)
    # In the order of the signs' codes, so that a beginning is a range.
    word: Mapped[str] = mapped_column(
        String(60).with_variant(String(60, collation="C"), "postgresql"), primary_key=True
    )
    school_id: Mapped[int] = mapped_column(primary_key=True)


def spaced(words: list[str]) -> str:
    """Words as `School.search` holds them."""
    return f" {' '.join(words)} "


@event.listens_for(School, "before_insert")
@event.listens_for(School, "before_update")
def _spell(_mapper: Any, _connection: Any, school: School) -> None:
    school.search = spaced(search_words(school.name, school.level, school.city))


@event.listens_for(School, "after_insert")
@event.listens_for(School, "after_update")
def _index(_mapper: Any, connection: Any, school: School) -> None:
    before = {word for text_ in inspect(school).attrs.search.history.deleted or () for word in (text_ or "").split()}
    here = {"program_id": school.program_id, "school_id": school.id}
    words: Any = SchoolWord.__table__
    if gone := before - set(school.words):
        mine = [getattr(words.c, name) == value for name, value in here.items()]
        connection.execute(words.delete().where(*mine, words.c.word.in_(gone)))
    changed = bool(inspect(school).attrs.search.history.added)
    if new := sorted(set(school.words) - before) if changed else []:
        connection.execute(words.insert(), [{**here, "word": word} for word in new])


class SchoolImport(Identified, Base):
    """One file of schools: read and compared first, applied when somebody says so, with what came of it."""

    __tablename__ = "school_imports"
    __table_args__ = (known_states(SCHOOL_IMPORT),)

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    state: Mapped[str] = state_column(SCHOOL_IMPORT)
    stored_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    name: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    known_districts_only: Mapped[bool] = mapped_column(default=False)
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict)  # `directory.compare.Changes.told()`
    done_rows: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    by: Mapped[Person | None] = relationship()
    stored_file: Mapped[StoredFile | None] = relationship()
