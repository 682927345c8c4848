"""Panels, their seats and conflicts; plans and assignments; reviews and their scores."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, exists, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.nominations.models import NomineeFile
from portal.programs.models import Criterion, Cycle, Program, Round, Rubric, School
from portal.review import rules


def _only_one(name: str, column: str, *states: str) -> Index:
    """At most one row in these states for each value of the column."""
    where = text(f"state IN ({', '.join(repr(s) for s in states)})")
    return Index(name, column, unique=True, sqlite_where=where, postgresql_where=where)


class Panel(Identified, Base):
    """The people who judge a round. Scoring is open from its first release until somebody closes it."""

    __tablename__ = "panels"
    __table_args__ = (
        known_states(rules.PANEL),
        CheckConstraint("state = 'forming' OR released_at IS NOT NULL", name="released_has_date"),
        CheckConstraint("state != 'closed' OR closed_at IS NOT NULL", name="closed_has_date"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    name: Mapped[dict[str, Any]]  # by language
    state: Mapped[str] = state_column(rules.PANEL)
    due_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]  # the first release of files
    closed_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    cycle: Mapped[Cycle] = relationship()
    round: Mapped[Round] = relationship()
    seats: Mapped[list["Seat"]] = relationship(order_by="Seat.name, Seat.id", back_populates="panel")

    @property
    def panel_id(self) -> int:
        return self.id

    @property
    def panel_state(self) -> str:
        return self.state


class Seat(Identified, Base):
    """A place on a panel: invited by address, a person once accepted. Schools are asked for conflicts of interest."""

    __tablename__ = "seats"
    __table_args__ = (
        known_states(rules.SEAT),
        one_of("kind", rules.SEAT_KINDS),
        UniqueConstraint("panel_id", "email"),
        CheckConstraint(
            "state != 'accepted' OR (person_id IS NOT NULL AND confidentiality_agreed_at IS NOT NULL)",
            name="accepted_has_person",
        ),
        CheckConstraint("max_load IS NULL OR max_load > 0", name="max_load_positive"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="reviewer")
    state: Mapped[str] = state_column(rules.SEAT)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    school_name: Mapped[str] = mapped_column(String(200), default="")  # where they work now, as written
    other_schools: Mapped[str] = mapped_column(Text, default="")  # of the last three years, one a line
    reads: Mapped[bool] = mapped_column(default=True)  # gets files to read; a chair may lead without reading
    max_load: Mapped[int | None]  # at most so many files; None: the round's bound
    invited_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    confidentiality_agreed_at: Mapped[datetime | None]
    conflicts_declared_at: Mapped[datetime | None]  # looked through the list of nominees
    reminded_at: Mapped[datetime | None]

    panel: Mapped[Panel] = relationship(back_populates="seats")
    program: Mapped[Program] = relationship()
    person: Mapped[Person | None] = relationship()
    school: Mapped[School | None] = relationship()


class Conflict(Identified, Base):
    """That a person must not judge a file; found by the system or declared. A lifted one counts no more."""

    __tablename__ = "conflicts"
    __table_args__ = (
        one_of("source", rules.CONFLICT_SOURCES),
        one_of("reason", tuple(rules.CONFLICT_REASONS)),
        UniqueConstraint("person_id", "file_id", "reason"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), index=True)
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panels.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"), index=True)
    source: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class AssignmentPlan(Identified, Base):
    """One proposal of who reads what, with its report; released or discarded as a whole. One lives at a time."""

    __tablename__ = "assignment_plans"
    __table_args__ = (
        known_states(rules.PLAN),
        _only_one("uq_assignment_plans_living", "panel_id", "asked", "proposed"),
    )
    audit_kind = "assignment_plan"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), index=True)
    state: Mapped[str] = state_column(rules.PLAN)
    seed: Mapped[int]
    made_at: Mapped[datetime]  # when it was asked for
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    released_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]]  # loads, connectedness, problems: see planning

    panel: Mapped[Panel] = relationship()
    program: Mapped[Program] = relationship()


class Assignment(Identified, Base):
    """That a person reads a file in a round. Each person once a file and round."""

    __tablename__ = "assignments"
    __table_args__ = (
        known_states(rules.ASSIGNMENT),
        UniqueConstraint("person_id", "file_id", "round_id"),
        CheckConstraint("state = 'proposed' OR released_at IS NOT NULL", name="released_has_date"),
        CheckConstraint("state != 'recused' OR recused_at IS NOT NULL", name="recused_has_date"),
        # How far a panel and each of its readers are, from this index alone.
        Index("ix_assignments_panel_state", "panel_id", "state", "person_id", "file_id", "opened_at"),
        # How many have handed in a file is counted file by file; the whole panel would be searched for each otherwise.
        Index("ix_assignments_file_panel_state", "file_id", "panel_id", "state"),
        Index("ix_assignments_person_state", "person_id", "state"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_plans.id"), index=True)  # None: added by hand
    file_id: Mapped[int] = mapped_column(ForeignKey("nominee_files.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = state_column(rules.ASSIGNMENT)
    why: Mapped[str] = mapped_column(String(20), default="")  # a key of rules.PAIR_REASONS: why this pair
    released_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]  # the first save: the file was read and judging began
    saved_at: Mapped[datetime | None]
    scored_at: Mapped[datetime | None]
    judged: Mapped[float] = mapped_column(default=0.0)  # share of the weight answered in the newest review, 0 to 1
    recused_at: Mapped[datetime | None]
    recusal_reason: Mapped[str] = mapped_column(String(20), default="")
    reinstate_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reinstate_asked_at: Mapped[datetime | None]

    panel: Mapped[Panel] = relationship()
    program: Mapped[Program] = relationship()
    round: Mapped[Round] = relationship()
    file: Mapped[NomineeFile] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)

    # Both are read with every assignment, so that no page and no action can forget to ask.
    conflicted: Mapped[bool] = column_property(
        exists()
        .where(Conflict.person_id == person_id, Conflict.file_id == file_id, Conflict.lifted_at.is_(None))
        .correlate_except(Conflict)
    )
    # When the reader, on an accepted seat, had looked through the list of nominees; None: not yet, or no seat any more.
    declared_at: Mapped[datetime | None] = column_property(
        select(Seat.conflicts_declared_at)
        .where(Seat.panel_id == panel_id, Seat.person_id == person_id, Seat.state == "accepted")
        .correlate_except(Seat)
        .limit(1)
        .scalar_subquery()
    )

    @property
    def panel_state(self) -> str:
        return self.panel.state

    @property
    def file_stands(self) -> bool:
        """Whether the nominee is still in the running."""
        file = self.file
        answered = file.consent == "accepted" and file.screening == "eligible"
        return answered and file.withdrawn_at is None and file.joined_into_id is None


class Review(Identified, Base):
    """One reviewer's whole judgment of a file, version by version: what was submitted is only ever superseded."""

    __tablename__ = "reviews"
    __table_args__ = (
        known_states(rules.REVIEW),
        UniqueConstraint("assignment_id", "version"),
        _only_one("uq_reviews_draft", "assignment_id", "draft"),
        _only_one("uq_reviews_submitted", "assignment_id", "submitted"),
        CheckConstraint("state = 'draft' OR (submitted_at IS NOT NULL AND score IS NOT NULL)", name="submitted_scored"),
        Index("ix_reviews_round_state", "round_id", "state"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    rubric_id: Mapped[int] = mapped_column(ForeignKey("rubrics.id"))
    version: Mapped[int]
    state: Mapped[str] = state_column(rules.REVIEW)
    score: Mapped[float | None]  # weighted mean of what was judged (`scoring.total`), kept when submitted
    judged: Mapped[float] = mapped_column(default=0.0)  # share of the weight that got a level, 0 to 1
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship()
    program: Mapped[Program] = relationship()
    rubric: Mapped[Rubric] = relationship()
    scores: Mapped[list["Score"]] = relationship(back_populates="review")


class Score(Base):
    """The level chosen for one criterion with the line that justifies it, or "cannot judge"."""

    __tablename__ = "scores"
    __table_args__ = (
        UniqueConstraint("review_id", "criterion_id"),
        CheckConstraint("level IS NULL OR NOT cannot_judge", name="level_or_cannot_judge"),
        CheckConstraint("level IS NULL OR level > 0", name="level_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criteria.id"))
    level: Mapped[int | None]  # 1..n of the rubric; None: not judged
    cannot_judge: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)  # rises with each save, so that a second window is noticed
    saved_at: Mapped[datetime]

    review: Mapped[Review] = relationship(back_populates="scores")
    criterion: Mapped[Criterion] = relationship()
