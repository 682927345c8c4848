"""Who is signed in, who holds which role, who was invited."""

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Person, Role, RoleInvitation, SignedIn
from portal.core import tokens
from portal.core.clock import now
from portal.core.db import db
from portal.core.names import fold
from portal.core.paging import Page

# Built once: this runs in every request of everybody who is signed in.
_SIGNED_IN = (
    select(SignedIn)
    .where(SignedIn.cookie_hash == bindparam("hash"))
    .options(joinedload(SignedIn.person, innerjoin=True).joinedload(Person.roles))
)


def person_for_cookie(cookie: str) -> Person | None:
    """The person whose living sign-in this cookie names, with roles loaded: one query a request."""
    signed_in = db.session.scalars(_SIGNED_IN, {"hash": tokens.digest(cookie)}).unique().one_or_none()
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


def _living(program_id: int) -> ColumnElement[bool]:
    moment = now()
    ends = or_(Role.ends_at.is_(None), Role.ends_at > moment)
    return and_(Role.program_id == program_id, Role.starts_at <= moment, ends)


def living_role(program_id: int, role_id: int) -> Role | None:
    """One living role of a program, with its person."""
    query = select(Role).where(Role.id == role_id, _living(program_id)).options(joinedload(Role.person))
    return db.session.scalar(query)


def people_page(program_id: int, words: str, number: int) -> Page[tuple[Person, list[Role]]]:
    """One page of those who hold a role, by name, each with the roles; accents do not matter to the search.

    A light row a person settles who fits; only the page's own people are loaded: two queries.
    """
    light = select(Person.id, Person.name, Person.email).join(Person.roles).where(_living(program_id)).distinct()
    wanted = fold(words).split()
    fitting = sorted(
        (fold(name), person_id)
        for person_id, name, email in db.session.execute(light)
        if all(word in f"{fold(name)} {fold(email)}" for word in wanted)
    )
    page = Page.of([person_id for _name, person_id in fitting], number)
    shown = page.items
    query = select(Role).where(_living(program_id), Role.person_id.in_(shown)).options(joinedload(Role.person))
    roles: dict[int, list[Role]] = {person_id: [] for person_id in shown}
    for role in db.session.scalars(query.order_by(Role.id)) if shown else ():
        roles[role.person_id].append(role)
    return Page([(held[0].person, held) for held in roles.values() if held], page.number, page.total)


def invitations(program_id: int, words: str = "") -> Select[RoleInvitation]:
    """The open and unanswered invitations to roles in a program, newest first, by a part of name or address."""
    query = select(RoleInvitation).where(
        RoleInvitation.program_id == program_id, RoleInvitation.state.in_(("sent", "declined", "expired"))
    )
    for word in words.split():
        has = RoleInvitation.name.icontains(word, autoescape=True)
        query = query.where(or_(has, RoleInvitation.email.icontains(word, autoescape=True)))
    return query.order_by(RoleInvitation.id.desc())
