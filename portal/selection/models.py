"""Computed rankings, settled ties, decisions and the announcement of a cycle."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle, Program, Round
from portal.selection import rules


class RankingRun(Identified, Base):
    """One computation of a round's ranking: what went in (digest), how (method, seed, k), and the whole result."""

    __tablename__ = "ranking_runs"
    __table_args__ = (
        CheckConstraint("computed_at IS NULL OR result IS NOT NULL", name="computed_has_result"),
        Index("ix_ranking_runs_round", "round_id", "id"),
    )
    audit_kind = "ranking"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    places: Mapped[int]  # k: the line lies after so many files
    seed: Mapped[int]
    method: Mapped[str] = mapped_column(String(20), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")  # of the scores that went in: tells a stale board
    computed_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any] | None]

    program: Mapped[Program] = relationship()
    cycle: Mapped[Cycle] = relationship()
    round: Mapped[Round] = relationship()


class TieBallot(Base):
    """What one person added to a tied band of a round: a ranked vote (best first), or as chair the recorded choice."""

    __tablename__ = "tie_ballots"
    __table_args__ = (
        one_of("kind", ("vote", "chair")),
        UniqueConstraint("round_id", "band", "person_id", "kind"),
        CheckConstraint("kind != 'chair' OR reason != ''", name="chair_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    band: Mapped[str] = mapped_column(String(64))  # digest of the tied files, so that a new tie is a new vote
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(10))
    file_ids: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Decision(Identified, Base):
    """What becomes of one file: proposed by one person, confirmed by another, announced with all the others."""

    __tablename__ = "decisions"
    __table_args__ = (
        known_states(rules.DECISION),
        one_of("outcome", rules.OUTCOMES),
        UniqueConstraint("cycle_id", "file_id"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'announced') OR confirmed_by_id IS NOT NULL", name="confirmed_by_one"
        ),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id != proposed_by_id", name="two_people"),
        CheckConstraint("state != 'announced' OR announced_at IS NOT NULL", name="announced_has_date"),
        Index("ix_decisions_cycle_state", "cycle_id", "state"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    by_line: Mapped[bool] = mapped_column(
        default=True
    )  # as the ranking's line has it; otherwise by hand, with a reason
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = state_column(rules.DECISION)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    public_note: Mapped[str] = mapped_column(Text, default="")  # of a correction after the announcement

    cycle: Mapped[Cycle] = relationship()
    file: Mapped[NomineeFile] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=proposed_by_id)
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=confirmed_by_id)

    @property
    def program(self) -> Program:
        return self.cycle.program


class Announcement(Identified, Base):
    """A cycle's announcement: its letters are drafted and previewed here, then all goes out in one act."""

    __tablename__ = "announcements"
    __table_args__ = (
        known_states(rules.ANNOUNCEMENT),
        UniqueConstraint("cycle_id"),
        CheckConstraint("state != 'announced' OR announced_at IS NOT NULL", name="announced_has_date"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    state: Mapped[str] = state_column(rules.ANNOUNCEMENT)
    hold_letters: Mapped[bool] = mapped_column(default=False)  # the page goes public, the letters wait for release
    announced_at: Mapped[datetime | None]
    announced_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    cycle: Mapped[Cycle] = relationship()
    texts: Mapped[list["LetterText"]] = relationship(order_by="LetterText.kind, LetterText.locale")

    @property
    def program(self) -> Program:
        return self.cycle.program


class LetterText(Base):
    """The words of one kind of letter in one language, as staff edited them; `revision` finds a lost update."""

    __tablename__ = "letter_texts"
    __table_args__ = (one_of("kind", rules.LETTER_KINDS), UniqueConstraint("announcement_id", "kind", "locale"))

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"))
    kind: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
