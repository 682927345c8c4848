"""Imports, row by row."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.core.files import StoredFile
from portal.nominations import rules
from portal.programs.models import Cycle, Program


class ImportRun(Identified, Base):
    """One import of a file of nominations, with its report; before that, the upload and how it is to be read."""

    __tablename__ = "import_runs"
    __table_args__ = (
        known_states(rules.IMPORTING),
        # The newest import of a program with the same titles proposes how a file is read.
        Index("ix_import_runs_titles", "program_id", "titles_key", "id"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), index=True)
    stored_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    name: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    done_at: Mapped[datetime | None]
    row_count: Mapped[int] = mapped_column(default=0)  # rows of the file that are not empty
    state: Mapped[str] = state_column(rules.IMPORTING)
    columns: Mapped[list[Any]] = mapped_column(default=list)  # [[title, field it is read as or ""], ...], in order
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the other choices, as `sheet.Reading` keeps them
    titles_key: Mapped[str] = mapped_column(String(64), default="")  # hash of the set of titles
    sha256: Mapped[str] = mapped_column(String(64), default="")  # of the file as it came
    asked_at: Mapped[datetime | None]  # when the import or its dry run began
    remarks: Mapped[dict[str, Any]] = mapped_column(default=dict)  # how often each remark was made, once it is done

    cycle: Mapped[Cycle] = relationship()
    stored_file: Mapped[StoredFile | None] = relationship()
    rows: Mapped[list["ImportRow"]] = relationship(order_by="ImportRow.line", back_populates="run")

    @property
    def program(self) -> Program:
        return self.cycle.program

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody's choices."""
        return self.state in ("draft", "checked")

    @property
    def is_reading(self) -> bool:
        """Whether its rows are being read now, to enter or in a dry run."""
        return self.state in ("checking", "running")


class ImportRow(Base):
    """What became of one row (in a dry run: what would): entered, already in, or refused, with remarks."""

    __tablename__ = "import_rows"
    __table_args__ = (
        one_of("outcome", ("entered", "already in", "refused")),
        UniqueConstraint("run_id", "line"),
        Index("ix_import_rows_outcome", "run_id", "outcome", "line"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"))
    line: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(16))
    remarks: Mapped[list[Any]]
    educator: Mapped[str] = mapped_column(String(200), default="")
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nominations.id"))
    cells: Mapped[list[Any] | None]  # of a refused row, as they came, to mend and import again; gone after a while

    run: Mapped[ImportRun] = relationship(back_populates="rows")
