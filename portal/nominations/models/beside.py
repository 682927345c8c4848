"""What stands beside files and nominations: joins, likely pairs, fair play, the marks of who was erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.nominations import rules
from portal.nominations.models.files import Nomination, NomineeFile
from portal.programs.models import Cycle, Program


class FileJoin(Base):
    """That a person joined one file into another, and whether it was split again."""

    __tablename__ = "file_joins"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"), index=True)
    nomination_ids: Mapped[list[Any]]
    hidden_ids: Mapped[list[Any]] = mapped_column(default=list)  # of them: stories that were chosen and no longer are
    note_ids: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # staff's notes that moved along
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of the kept file: column -> [before, after]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class FilePair(Identified, Base):
    """Two files that are likely about one educator; whether a person keeps them apart. `first_id` is the smaller."""

    __tablename__ = "file_pairs"
    __table_args__ = (
        known_states(rules.PAIR),
        CheckConstraint("first_id < second_id", name="in_order"),
        UniqueConstraint("first_id", "second_id"),
        Index("ix_file_pairs_ranked", "cycle_id", "state", "score", "id"),
    )
    audit_kind = "pair"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"), index=True)
    score: Mapped[float]
    reasons: Mapped[list[Any]]  # keys of `rules.likely.REASONS`
    shape: Mapped[str] = mapped_column(String(64))  # hash of what was compared: other data, another question
    state: Mapped[str] = state_column(rules.PAIR)
    decided_at: Mapped[datetime | None]

    cycle: Mapped[Cycle] = relationship()
    first: Mapped[NomineeFile] = relationship(foreign_keys=[first_id])
    second: Mapped[NomineeFile] = relationship(foreign_keys=[second_id])

    @property
    def program(self) -> Program:
        return self.cycle.program


class FileKey(Base):
    """One of the keys (`likeness.keys_of`) that two files must share to be compared at all."""

    __tablename__ = "file_keys"
    __table_args__ = (Index("ix_file_keys_key", "cycle_id", "key"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))


class Print(Base):
    """One number of a story's sketch (see `fairplay.prints`): alike stories find each other by what they share."""

    __tablename__ = "nomination_prints"
    __table_args__ = (Index("ix_nomination_prints_value", "cycle_id", "value"),)

    nomination_id: Mapped[int] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))


class FairPlayFlag(Base):
    """What spoke against a nomination, for a person to judge: open, honest, or set aside."""

    __tablename__ = "fair_play_flags"
    __table_args__ = (
        one_of("state", ("open", "honest", "aside")),
        CheckConstraint("state = 'open' OR judged_at IS NOT NULL", name="judged_has_date"),
        Index("ix_fair_play_flags_cycle", "cycle_id", "state", "nomination_id"),
    )

    nomination_id: Mapped[int] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    points: Mapped[int]
    evidence: Mapped[list[Any]]  # [{kind, points, facts, others: [nomination ids]}]
    state: Mapped[str] = mapped_column(String(10), default="open")
    found_at: Mapped[datetime]
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    nomination: Mapped[Nomination] = relationship()


class ErasedMark(Base):
    """A fingerprint of somebody who asked us to erase everything (see `queries.erased`): all that is kept of them."""

    __tablename__ = "erased_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
