"""Invitations to the Collective and its members with their profiles."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from portal.accounts.models import Person
from portal.collective import rules
from portal.core.clock import now
from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle, Program


class Invitation(Identified, Base):
    """A winner is asked to join. Winners from before the portal have no file; then `cohort` alone says which year.

    `email` may be empty when a winner's file holds no address: such an invitation waits for one (`sent_at` is None).
    """

    __tablename__ = "collective_invitations"
    __table_args__ = (
        known_states(rules.INVITATION),
        UniqueConstraint("file_id"),
        CheckConstraint("state != 'accepted' OR person_id IS NOT NULL", name="accepted_has_person"),
        CheckConstraint("sent_at IS NULL OR email != ''", name="sent_has_address"),
        Index("ix_collective_invitations_list", "program_id", "state", "id"),
    )
    audit_kind = "collective_invitation"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("nominee_files.id"))
    cohort: Mapped[str] = mapped_column(String(40))  # the year of the award, as people call it
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    locale: Mapped[str] = mapped_column(String(5), default="en")
    school: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = state_column(rules.INVITATION)
    sent_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    times_sent: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the portal did it by itself

    program: Mapped[Program] = relationship()
    cycle: Mapped[Cycle | None] = relationship()
    file: Mapped[NomineeFile | None] = relationship()


class Member(Identified, Base):
    """One person in the Collective of one program, and what they tell about themself."""

    __tablename__ = "members"
    __table_args__ = (
        known_states(rules.MEMBER),
        one_of("visibility", rules.VISIBILITY),
        UniqueConstraint("program_id", "person_id"),
        CheckConstraint("state != 'removed' OR state_reason != ''", name="removed_has_reason"),
        Index("ix_members_directory", "program_id", "state", "name_key"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"))
    cohort: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = state_column(rules.MEMBER)
    state_reason: Mapped[str] = mapped_column(Text, default="")
    state_at: Mapped[datetime] = mapped_column(default=now)

    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    school: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    bio: Mapped[str] = mapped_column(Text, default="")  # plain paragraphs
    ask_about: Mapped[str] = mapped_column(Text, default="")  # what colleagues may ask this member about
    visibility: Mapped[str] = mapped_column(String(10), default="members")
    search: Mapped[str] = mapped_column(Text, default="")  # the profile folded, for the directory's search
    saved_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    cycle: Mapped[Cycle | None] = relationship()
    # Rules ask a person for their memberships; `accounts` itself knows nothing of the Collective.
    person: Mapped[Person] = relationship(backref=backref("memberships", order_by="Member.id"))
