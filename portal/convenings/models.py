"""Convenings as tables: the call and its proposals, presenters, rooms, blocks, sessions and where each is placed.

Texts that the public reads are dictionaries by language; `core.i18n.pick` chooses one. Times of a day are moments; they
are read and typed in the convening's own time zone.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.convenings import rules
from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.programs.models import Program


class Convening(Identified, Base):
    """One day of sessions by members, for colleagues. Publishing it and releasing its agenda are acts with a moment."""

    __tablename__ = "convenings"
    __table_args__ = (
        CheckConstraint("agenda_released_at IS NULL OR published_at IS NOT NULL", name="released_after_published"),
        Index("ix_convenings_program_day", "program_id", "day"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    name: Mapped[dict[str, Any]]
    text: Mapped[dict[str, Any]] = mapped_column(default=dict)  # one or two sentences below the name
    day: Mapped[date]
    time_zone: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(200), default="")
    areas: Mapped[list[Any]] = mapped_column(default=list)  # up to four: [{"key": ..., "name": {language: text}}, ...]
    agenda_on: Mapped[date | None]  # when the agenda is promised for, told before its release
    published_at: Mapped[datetime | None]
    agenda_released_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    call: Mapped["Call | None"] = relationship(back_populates="convening", uselist=False)

    @property
    def convening_id(self) -> int:
        return self.id


class Call(Base):
    """The call for sessions of one convening: when it is open, and what a proposal may be."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("convening_id"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    convening_id: Mapped[int] = mapped_column(ForeignKey("convenings.id"))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]  # exclusive
    text: Mapped[dict[str, Any]] = mapped_column(default=dict)
    lengths: Mapped[list[Any]] = mapped_column(default=list)  # minutes: [30, 45, 60]
    audiences: Mapped[list[Any]] = mapped_column(default=list)  # [{"key": ..., "name": {language: text}}, ...]

    convening: Mapped[Convening] = relationship(back_populates="call")


class Proposal(Identified, Base):
    """What a member offers to present, saved as it is typed."""

    __tablename__ = "proposals"
    __table_args__ = (
        known_states(rules.PROPOSAL),
        one_of("language", rules.LANGUAGES),
        CheckConstraint("state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name="sent_has_date"),
        CheckConstraint("state IN ('draft', 'withdrawn') OR title != ''", name="sent_has_title"),
        CheckConstraint("state != 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_has_date"),
        Index("ix_proposals_list", "convening_id", "state", "id"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    convening_id: Mapped[int] = mapped_column(ForeignKey("convenings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # who wrote it, and leads it
    state: Mapped[str] = state_column(rules.PROPOSAL)
    title: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    takeaway: Mapped[str] = mapped_column(Text, default="")  # what participants take back to class
    area: Mapped[str] = mapped_column(String(40), default="")  # key of one of the convening's areas
    audience: Mapped[str] = mapped_column(String(40), default="")  # key of one of the call's audiences
    length: Mapped[int | None]  # minutes
    language: Mapped[str] = mapped_column(String(5), default="en")
    note: Mapped[str] = mapped_column(Text, default="")  # the organizer's words with the last decision
    search: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    convening: Mapped[Convening] = relationship()
    person: Mapped[Person] = relationship()
    presenters: Mapped[list["Presenter"]] = relationship(order_by="Presenter.id", back_populates="proposal")
    session: Mapped["Session | None"] = relationship(back_populates="proposal", uselist=False)

    @property
    def program(self) -> Program:
        return self.convening.program


class Presenter(Identified, Base):
    """One who presents: the author, or a co-presenter who is asked by mail and answers for themself."""

    __tablename__ = "presenters"
    __table_args__ = (
        known_states(rules.PRESENTER),
        UniqueConstraint("proposal_id", "email"),
        CheckConstraint("state != 'accepted' OR person_id IS NOT NULL", name="accepted_has_person"),
        CheckConstraint("confirmed_at IS NULL OR person_id IS NOT NULL", name="confirmed_has_person"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(5), default="en")
    state: Mapped[str] = state_column(rules.PRESENTER)
    invited_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    proposal: Mapped[Proposal] = relationship(back_populates="presenters")
    person: Mapped[Person | None] = relationship()

    @property
    def convening_id(self) -> int:
        return self.proposal.convening_id

    @property
    def program(self) -> Program:
        return self.proposal.convening.program

    @property
    def leads(self) -> bool:
        """Whether this is the proposal's author."""
        return self.person_id is not None and self.person_id == self.proposal.person_id


class Room(Identified, Base):
    """A room of the convening; the agenda's columns keep their order."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("convening_id", "name"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    convening_id: Mapped[int] = mapped_column(ForeignKey("convenings.id"))
    name: Mapped[str] = mapped_column(String(80))
    capacity: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)


class Block(Identified, Base):
    """A stretch of the day. `whole`: one thing for everybody; else one session a room. Blocks never overlap."""

    __tablename__ = "blocks"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        UniqueConstraint("convening_id", "starts_at"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    convening_id: Mapped[int] = mapped_column(ForeignKey("convenings.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    name: Mapped[dict[str, Any]] = mapped_column(default=dict)  # shown while nothing is placed in it ("Break")
    whole: Mapped[bool] = mapped_column(default=False)

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class Session(Identified, Base):
    """A talk at a convening, made from a confirmed proposal; or a keynote, a lunch, typed by the organizer."""

    __tablename__ = "sessions"
    __table_args__ = (
        one_of("kind", rules.KINDS),
        UniqueConstraint("proposal_id"),
        CheckConstraint("proposal_id IS NULL OR kind = 'talk'", name="proposal_is_talk"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    convening_id: Mapped[int] = mapped_column(ForeignKey("convenings.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    kind: Mapped[str] = mapped_column(String(10), default="talk")
    title: Mapped[dict[str, Any]]
    text: Mapped[dict[str, Any]] = mapped_column(default=dict)
    takeaway: Mapped[dict[str, Any]] = mapped_column(default=dict)
    speakers: Mapped[str] = mapped_column(String(300), default="")  # typed; a talk's presenters come from its proposal
    area: Mapped[str] = mapped_column(String(40), default="")
    audience: Mapped[str] = mapped_column(String(40), default="")
    length: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(5), default="en")
    canceled_at: Mapped[datetime | None]
    times_placed: Mapped[int] = mapped_column(default=0)  # rises when it is placed or moves: each place is told once

    convening: Mapped[Convening] = relationship()
    proposal: Mapped[Proposal | None] = relationship(back_populates="session")
    placement: Mapped["Placement | None"] = relationship(back_populates="session", uselist=False)

    @property
    def program(self) -> Program:
        return self.convening.program


class Placement(Base):
    """Where and when a session is: one place a session, one session a room and block, one in a block for everybody.

    That no presenter stands in two rooms at once is checked by the action under the convening's lock.
    """

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("session_id"),
        UniqueConstraint("block_id", "room_id"),
        Index(
            "uq_placements_whole_block",
            "block_id",
            unique=True,
            sqlite_where=text("whole"),
            postgresql_where=text("whole"),
        ),
        CheckConstraint("whole OR room_id IS NOT NULL", name="parallel_has_room"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    convening_id: Mapped[int] = mapped_column(ForeignKey("convenings.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    block_id: Mapped[int] = mapped_column(ForeignKey("blocks.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"), index=True)
    whole: Mapped[bool] = mapped_column(default=False)  # the block's own, kept here for the constraint

    session: Mapped[Session] = relationship(back_populates="placement")
    block: Mapped[Block] = relationship()
    room: Mapped[Room | None] = relationship()
