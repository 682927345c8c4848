"""Computed rankings, settled ties, decisions and the announcement of a cycle."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle, Program, Round
from portal.selection import rules

COMPUTED_WITHIN = timedelta(minutes=5)


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

    @property
    def waits(self) -> bool:
        """Whether it was asked for and is neither computed nor refused."""
        return self.computed_at is None and not self.problem

    @property
    def is_late(self) -> bool:
        """Whether it waits for longer than a computation takes: its job may have failed for good."""
        return self.waits and self.created_at < now() - COMPUTED_WITHIN


class TieVote(Identified, Base):
    """A tie at the line that its figures do not separate: the panel's vote, its count, then the chair's choice."""

    __tablename__ = "tie_votes"
    __table_args__ = (
        known_states(rules.TIE),
        UniqueConstraint("round_id", "band"),
        CheckConstraint("state IN ('open', 'canceled') OR closed_at IS NOT NULL", name="closed_has_date"),
        CheckConstraint(
            "state != 'decided' OR (reason != '' AND decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name="decided_has_reason",
        ),
    )
    audit_kind = "tie"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    band: Mapped[str] = mapped_column(String(64))  # digest of the tied files and the places: a new tie is a new vote
    file_ids: Mapped[list[Any]]  # the tied files
    places: Mapped[int]  # how many of them get one
    state: Mapped[str] = state_column(rules.TIE)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    points: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the count: {file id as text: points}
    counted: Mapped[int] = mapped_column(default=0)  # ballots in the count
    set_aside: Mapped[int] = mapped_column(default=0)  # ballots that a conflict, or leaving the panel, kept out
    chosen_ids: Mapped[list[Any]] = mapped_column(default=list)  # the chair's choice
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]

    cycle: Mapped[Cycle] = relationship()
    round: Mapped[Round] = relationship()

    @property
    def program(self) -> Program:
        return self.cycle.program


class TieBallot(Base):
    """One panelist's ballot in a vote: made when it opens, for whoever may rank; filled when they do (best first)."""

    __tablename__ = "tie_ballots"
    __table_args__ = (UniqueConstraint("vote_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("tie_votes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    file_ids: Mapped[list[Any]] = mapped_column(default=list)
    cast_at: Mapped[datetime | None]

    vote: Mapped[TieVote] = relationship()
    person: Mapped[Person] = relationship()


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
    round: Mapped[Round | None] = relationship()
    file: Mapped[NomineeFile] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=proposed_by_id)
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=confirmed_by_id)

    @property
    def program(self) -> Program:
        return self.cycle.program


class Correction(Identified, Base):
    """A change of an announced decision: proposed with its public note by one organizer, confirmed by another."""

    __tablename__ = "corrections"
    __table_args__ = (
        known_states(rules.CORRECTION),
        one_of("outcome", rules.OUTCOMES),
        CheckConstraint("note != ''", name="has_note"),
        CheckConstraint(
            "state != 'confirmed' OR (confirmed_by_id IS NOT NULL AND confirmed_at IS NOT NULL)",
            name="confirmed_by_one",
        ),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id != proposed_by_id", name="two_people"),
        Index(
            "uq_corrections_proposed",
            "decision_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    before: Mapped[str] = mapped_column(String(20))  # the outcome it replaces
    outcome: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = state_column(rules.CORRECTION)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None]

    decision: Mapped[Decision] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=proposed_by_id)

    @property
    def program(self) -> Program:
        return self.decision.program


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
