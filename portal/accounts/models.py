"""People, the roles they hold, the browsers they are signed in with, and invitations to a role."""

from datetime import datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts import rules
from portal.core.clock import now
from portal.core.db import Base, Identified, known_states, one_of, state_column


class Person(Identified, UserMixin, Base):
    """Somebody with an account; the address (lower case) is who they are."""

    __tablename__ = "people"

    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    locale: Mapped[str] = mapped_column(String(5), default="en")

    roles: Mapped[list["Role"]] = relationship(back_populates="person", order_by="Role.id")

    def holds(self, names: str | tuple[str, ...], thing: Any = None) -> bool:
        """Whether the person holds one of these roles now, for the thing (see `accounts.rules.holds`)."""
        return rules.holds(self, names, thing)


def _reads_by_name(context: Any) -> bool:
    return bool(context.get_current_parameters()["name"] == "reviewer")


class Role(Base):
    """A role somebody holds, in a program or a part of it, from a day to a day. Roles add up."""

    __tablename__ = "roles"
    __table_args__ = (
        one_of("name", rules.ROLES),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_start"),
        Index("ix_roles_program_name", "program_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(20))
    program_id: Mapped[int]
    cycle_id: Mapped[int | None]
    panel_id: Mapped[int | None]
    convening_id: Mapped[int | None]
    reads: Mapped[bool] = mapped_column(default=_reads_by_name)  # gets files to read: a chair may, or lead alone
    starts_at: Mapped[datetime] = mapped_column(default=now)
    ends_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="roles")

    def holds_now(self) -> bool:
        """Whether the role has begun and not ended."""
        moment = now()
        return self.starts_at <= moment and (self.ends_at is None or self.ends_at > moment)


class SignedIn(Identified, Base):
    """One browser that is signed in: a row that can be revoked. Only the cookie's hash is kept."""

    __tablename__ = "signed_in"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    cookie_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SignInRequest(Identified, Base):
    """Somebody asked to sign in: one link and one six-digit code, whichever is used first."""

    __tablename__ = "sign_in_requests"

    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    next: Mapped[str] = mapped_column(String(1000), default="/")
    attempts: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RoleInvitation(Identified, Base):
    """An invitation by mail to hold a role; accepting it makes the account and the role."""

    __tablename__ = "role_invitations"
    __table_args__ = (known_states(rules.INVITATION), one_of("role", rules.ROLES))
    audit_kind = "role_invitation"

    program_id: Mapped[int] = mapped_column(index=True)
    cycle_id: Mapped[int | None]
    panel_id: Mapped[int | None] = mapped_column(index=True)
    convening_id: Mapped[int | None]
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = state_column(rules.INVITATION)
    sent_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
