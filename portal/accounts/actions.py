"""Signing in and out, and giving and ending roles."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from portal.accounts import mail, queries, rules
from portal.accounts.models import Person, Role, RoleInvitation, SignedIn, SignInRequest
from portal.core import audit, links, outbox, settings, tokens
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Gone, Mistaken
from portal.core.moves import move, move_all
from portal.core.once import insert_once

INVITED_FOR = timedelta(days=30)
REQUESTS_PER_ADDRESS = 5  # living sign-in letters an address may have at once
CODE_ATTEMPTS = 5
OPERATOR_LINK = timedelta(hours=1)
DEVICE_LENGTH = 200


def ask_to_sign_in(email: str, next_url: str, lasts: timedelta) -> SignInRequest:
    """Answers every address alike; a letter goes only to one with an account, and not to a flooded one."""
    person = queries.person_by_email(email)
    living = select(func.count(SignInRequest.id)).where(
        SignInRequest.email == email, SignInRequest.used_at.is_(None), SignInRequest.expires_at > now()
    )
    if (db.session.scalar(living) or 0) >= REQUESTS_PER_ADDRESS:
        person = None  # no letter tells this request's code, so nobody shall guess it
    request = SignInRequest(
        person_id=person.id if person else None, email=email, next=next_url[:1000], expires_at=now() + lasts
    )
    db.session.add(request)
    db.session.flush()
    if person:
        link = links.issue("sign-in", request.id, email=email, lasts=lasts)
        outbox.put(mail.sign_in(request, person, link, lasts))
    return request


def operator_link(email: str) -> links.Link:
    """A sign-in link made at the command line instead of mailed; recorded as the operator's act."""
    person = queries.person_by_email(email)
    if person is None:
        raise Mistaken(_("Nobody has an account with this address."))
    request = SignInRequest(person_id=person.id, email=email, next="/", expires_at=now() + OPERATOR_LINK)
    db.session.add(request)
    db.session.flush()
    audit.record(audit.OPERATOR, "person.sign_in_link_made", person)
    return links.issue("sign-in", request.id, email=email, lasts=OPERATOR_LINK)


def sign_in_with_link(link: links.Link, device: str) -> tuple[str, SignInRequest]:
    """Uses the link up; the new cookie and the request (its `next` is where the person was going)."""
    links.use(link)
    request = db.session.get_one(SignInRequest, link.subject_id)
    return _sign_in(request, device), request


def spend_attempt(request_id: int) -> bool:
    """Uses one of the five attempts at the code; False when none is left. It survives a refusal."""
    statement = update(SignInRequest).where(
        SignInRequest.id == request_id, SignInRequest.attempts < CODE_ATTEMPTS, SignInRequest.used_at.is_(None)
    )
    result: Any = db.session.execute(statement.values(attempts=SignInRequest.attempts + 1))
    return bool(result.rowcount)


def sign_in_with_code(request: SignInRequest, given: str, key: str, device: str) -> str | None:
    """The new cookie when the code is right and the request lives, else None. `key` is the installation's."""
    right = tokens.code(key, "sign-in-code", request.public_id)
    if request.person_id is None or request.expires_at <= now() or not tokens.same(right, given):
        return None
    cookie = _sign_in(request, device)
    links.revoke("sign-in", request.id)
    return cookie


def _sign_in(request: SignInRequest, device: str) -> str:
    used = update(SignInRequest).where(SignInRequest.id == request.id, SignInRequest.used_at.is_(None))
    result: Any = db.session.execute(used.values(used_at=now()))
    if result.rowcount != 1 or request.person_id is None:
        raise Gone(_("This link no longer works. It may have been used, replaced or expired."))
    return begin_sign_in(db.session.get_one(Person, request.person_id), device)


def begin_sign_in(person: Person, device: str = "") -> str:
    """Signs a browser in as a person whose address has just been proven; the secret for its cookie."""
    cookie = tokens.new_secret()
    db.session.add(
        SignedIn(
            person_id=person.id,
            cookie_hash=tokens.digest(cookie),
            device=device[:DEVICE_LENGTH],
            expires_at=now() + timedelta(days=settings.current().sign_in_days),
        )
    )
    audit.record(person, "person.signed_in", person)
    return cookie


def sign_out(by: Person, cookie: str) -> None:
    """Revokes the sign-in of this browser."""
    demand(by, rules.SIGN_OUT)
    db.session.execute(update(SignedIn).where(SignedIn.cookie_hash == tokens.digest(cookie)).values(revoked_at=now()))


def revoke_sign_in(by: Person, signed_in: SignedIn) -> None:
    """Signs one of the person's own browsers out from afar."""
    demand(by, rules.OWN_SIGN_INS)
    signed_in.revoked_at = now()
    audit.record(by, "person.signed_out_elsewhere", by)


def find_or_make_person(name: str, email: str, locale: str = "en") -> Person:
    """The account of a proven address, made on first need; two at once make one."""
    email = email.strip().lower()
    insert_once(Person, ["email"], name=name or email, email=email, locale=locale)
    person = queries.person_by_email(email)
    if person is None:
        raise Mistaken(_("This address can't be used."))
    return person


def grant(
    by: Any, person: Person, role: str, program_id: int, *, reads: bool | None = None, **scope: int | None
) -> Role:
    """Gives a role from now on; the same living role is not given twice. Scope: cycle_id, panel_id, convening_id.

    `reads`: whether it comes with files to read; unsaid, a reviewer's does and no other.
    """
    for held in person.roles:
        same = held.name == role and held.program_id == program_id
        if same and held.holds_now() and all(getattr(held, s) == scope.get(s) for s in rules.SCOPES):
            return held
    told = {} if reads is None else {"reads": reads}
    given = Role(person_id=person.id, name=role, program_id=program_id, **told, **scope)
    person.roles.append(given)
    db.session.flush()
    audit.record(by, "role.granted", person, program_id=program_id, role=role, **_named(scope))
    return given


def end_role(by: Person, role: Role) -> None:
    """Ends a role now. The last organizer of a program can't be ended: nobody could undo it."""
    # Locked before anything is asked: of two organizers who end each other's role, the second is the last one by then.
    organizers = {r.person_id for r in _locked_organizers(role.program_id) if r.cycle_id is None and r.holds_now()}
    demand(by, rules.MANAGE_PEOPLE, role)
    if role.name == "organizer" and organizers <= {role.person_id}:
        raise Mistaken(_("This is the last organizer. Invite another one first."))
    role.ends_at = max(now(), role.starts_at)
    audit.record(by, "role.ended", role.person, program_id=role.program_id, role=role.name)


def _locked_organizers(program_id: int) -> list[Role]:
    """The roles of organizers in the program, past ones too, as they stand now: whoever ends one takes turns."""
    query = select(Role).where(Role.program_id == program_id, Role.name == "organizer").order_by(Role.id)
    return list(db.session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def invite(by: Person, program: Any, *, role: str, name: str, email: str, **scope: int | None) -> RoleInvitation:
    """Invites an address to a role; one to the same role that is open, or has expired, is sent again instead,
    to the name as it is written now.
    """
    demand(by, rules.MANAGE_PEOPLE, program)
    query = select(RoleInvitation).where(
        RoleInvitation.program_id == program.program_id,
        RoleInvitation.email == email,
        RoleInvitation.role == role,
        RoleInvitation.state.in_(("sent", "expired")),
    )
    known = db.session.scalar(query.order_by(RoleInvitation.id.desc()).limit(1))
    if known is not None:
        known.name, known.invited_by_id = name, by.id
        invite_again(by, known, program)
        return known
    invitation = RoleInvitation(
        program_id=program.program_id, role=role, name=name, email=email, invited_by_id=by.id, **scope
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record(by, "role_invitation.sent", invitation, role=role)
    _mail_invitation(invitation, program, by)
    return invitation


def invite_again(by: Person, invitation: RoleInvitation, program: Any) -> None:
    """Sends a new letter; links of earlier ones stop working."""
    demand(by, rules.MANAGE_PEOPLE, invitation)
    move(rules.INVITATION, "send_again", invitation, by, changes={"sent_at": now(), "answered_at": None})
    _mail_invitation(invitation, program, by)


def _mail_invitation(invitation: RoleInvitation, program: Any, by: Person) -> None:
    links.revoke("role-invitation", invitation.id)
    link = links.issue("role-invitation", invitation.id, email=invitation.email, lasts=INVITED_FOR)
    outbox.put(mail.role_invitation(invitation, link, program, by))


def expire_invitations() -> int:
    """Marks the invitations whose link no longer works; they may be sent again. How many."""
    query = select(RoleInvitation).where(RoleInvitation.state == "sent", RoleInvitation.sent_at <= now() - INVITED_FOR)
    over = list(db.session.scalars(query.order_by(RoleInvitation.id).with_for_update()))
    return len(move_all(rules.INVITATION, "expire", over, audit.SYSTEM, changes={"answered_at": now()}))


def revoke_invitation(by: Person, invitation: RoleInvitation) -> None:
    """Takes an unanswered invitation back."""
    demand(by, rules.MANAGE_PEOPLE, invitation)
    move(rules.INVITATION, "revoke", invitation, by, changes={"answered_at": now()})
    links.revoke("role-invitation", invitation.id)


def accept_invitation(link: links.Link, invitation: RoleInvitation, name: str, device: str) -> tuple[Person, str]:
    """The bearer says yes: makes the account if need be, gives the role, signs this browser in (the cookie)."""
    links.use(link)
    person = find_or_make_person(name or invitation.name, invitation.email)
    move(rules.INVITATION, "accept", invitation, person, changes={"answered_at": now(), "person_id": person.id})
    scope = {s: getattr(invitation, s) for s in rules.SCOPES}
    grant(person, person, invitation.role, invitation.program_id, **scope)
    return person, begin_sign_in(person, device)


def decline_invitation(link: links.Link, invitation: RoleInvitation) -> None:
    """The bearer says no."""
    links.use(link)
    move(rules.INVITATION, "decline", invitation, "link:role-invitation", changes={"answered_at": now()})


def _named(scope: dict[str, int | None]) -> dict[str, int]:
    return {k: v for k, v in scope.items() if v is not None}
