"""Who is signed in, who holds which role, who was invited."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Person, Role, RoleInvitation, SignedIn
from portal.core import tokens
from portal.core.clock import now
from portal.core.db import db


def person_for_cookie(cookie: str) -> Person | None:
    """The person whose living sign-in this cookie names, with roles loaded: one query a request."""
    query = (
        select(SignedIn)
        .where(SignedIn.cookie_hash == tokens.digest(cookie))
        .options(joinedload(SignedIn.person).joinedload(Person.roles))
    )
    signed_in = db.session.scalars(query).unique().one_or_none()
    if signed_in is None or signed_in.revoked_at or signed_in.expires_at <= now():
        return None
    return signed_in.person


def person_by_email(email: str) -> Person | None:
    """The account of an address (any case)."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def sign_ins_of(person: Person) -> list[SignedIn]:
    """The browsers that are signed in as this person, newest first."""
    query = select(SignedIn).where(
        SignedIn.person_id == person.id, SignedIn.revoked_at.is_(None), SignedIn.expires_at > now()
    )
    return list(db.session.scalars(query.order_by(SignedIn.id.desc())))


def holders(program_id: int, *names: str) -> list[Role]:
    """The living roles in a program (all, or these), with their people, by person's name."""
    query = select(Role).join(Role.person).where(Role.program_id == program_id).options(selectinload(Role.person))
    if names:
        query = query.where(Role.name.in_(names))
    return [r for r in db.session.scalars(query.order_by(Person.name, Role.id)) if r.holds_now()]


def invitations(program_id: int) -> list[RoleInvitation]:
    """The open and unanswered invitations to roles in a program, newest first."""
    query = select(RoleInvitation).where(
        RoleInvitation.program_id == program_id, RoleInvitation.state.in_(("sent", "declined", "expired"))
    )
    return list(db.session.scalars(query.order_by(RoleInvitation.id.desc())))
