"""One act on many nominee files: what was previewed, file by file, and what became of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.nominations import rules
from portal.nominations.models.files import NomineeFile
from portal.programs.models import Cycle, Program


class BulkAct(Identified, Base):
    """The act, who did it, and until when it can be taken back. Its files are fixed when it is previewed."""

    __tablename__ = "bulk_acts"
    __table_args__ = (known_states(rules.BULK), Index("ix_bulk_acts_newest", "cycle_id", "started_at"))
    audit_kind = "bulk"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    act: Mapped[str] = mapped_column(String(40))  # a key of `actions.bulk_acts.ACTS`
    given: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what it asked for: the reason, the district
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = state_column(rules.BULK)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # state of its files -> how many, at each rest
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]  # also: the letters it writes wait until then
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    cycle: Mapped[Cycle] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id])

    @property
    def program(self) -> Program:
        return self.cycle.program

    @property
    def is_working(self) -> bool:
        """Whether its files are being worked through now."""
        return self.state in ("running", "undoing")


class BulkItem(Base):
    """One file of an act. `why` is a key of `rules.bulk.WHY` when nothing was done, or nothing taken back."""

    __tablename__ = "bulk_items"
    __table_args__ = (
        one_of("state", rules.BULK_ITEMS),
        UniqueConstraint("bulk_id", "file_id"),
        Index("ix_bulk_items_state", "bulk_id", "state", "why", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_acts.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20), default="")
    mark: Mapped[str] = mapped_column(String(16), default="")  # of what was seen; once it is done, of what it left
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what stood there, to put it back

    file: Mapped[NomineeFile] = relationship()
