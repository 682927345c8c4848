"""Invite winners, take their answer, keep the membership: every change to the Collective."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.accounts import actions as accounts
from portal.accounts.models import Person
from portal.collective import mail, queries, rules
from portal.collective.models import Invitation, Member
from portal.core import audit, links, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken, Overtaken
from portal.core.moves import move
from portal.core.names import fold, person_key
from portal.core.once import insert_once
from portal.nominations.models import NomineeFile
from portal.programs.models import Program

INVITED_FOR = timedelta(days=90)
PURPOSE = "collective-invitation"
PROFILE = ("name", "school", "subject", "bio", "ask_about", "visibility")


def _may(by: Any, name: str, thing: Any) -> None:
    """The portal itself and the operator need no permission; a person does."""
    if not isinstance(by, str):
        demand(by, name, thing)


def invite_winners(by: Any, program: Program) -> list[Invitation]:
    """Invites every announced winner who was not asked yet; safe to run twice and at once."""
    _may(by, rules.MANAGE, program)
    made = [invite_winner(by, file) for file in queries.announced_winners(program.id)]
    return [invitation for invitation in made if invitation is not None]


def invite_winner(by: Any, file: NomineeFile) -> Invitation | None:
    """Invites the winner of one file; None when somebody was faster. Without an address the letter waits for one."""
    found = insert_once(
        Invitation,
        ["file_id"],
        program_id=file.program_id,
        cycle_id=file.cycle_id,
        file_id=file.id,
        cohort=file.cycle.name,
        name=file.name,
        email=file.email,
        locale=file.locale,
        school=file.school.name if file.school else file.school_name,
        state="sent",
        invited_by_id=None if isinstance(by, str) else by.id,
    )
    if found is None:
        return None
    invitation = db.session.get_one(Invitation, found)
    audit.record(by, "collective_invitation.made", invitation, cycle_id=file.cycle_id)
    if invitation.email:
        _send(invitation)
    return invitation


def invite_past_winner(by: Person, program: Program, *, name: str, email: str, cohort: str) -> Invitation:
    """Invites somebody who won before the portal kept the count; an open invitation to the address is sent again."""
    demand(by, rules.MANAGE, program)
    # Of two who invite the same person at once, the second waits here and finds the first one's invitation.
    db.session.execute(select(Program.id).where(Program.id == program.id).with_for_update(key_share=True))
    if queries.belongs(program.id, email):
        raise Mistaken(_("This person has already joined the Collective."))
    known = queries.open_invitation_to(program.id, email)
    if known is not None:
        send_again(by, known, email)
        return known
    invitation = Invitation(program_id=program.id, name=name, email=email, cohort=cohort, invited_by_id=by.id)
    db.session.add(invitation)
    db.session.flush()
    audit.record(by, "collective_invitation.made", invitation)
    _send(invitation)
    return invitation


def _send(invitation: Invitation) -> None:
    """A new letter with a new link; the links of earlier letters die."""
    moment = now()
    links.revoke(PURPOSE, invitation.id)
    link = links.issue(PURPOSE, invitation.id, email=invitation.email, lasts=INVITED_FOR)
    invitation.sent_at, invitation.expires_at = moment, moment + INVITED_FOR
    invitation.times_sent += 1
    db.session.flush()
    outbox.put(mail.invitation(invitation, link))


def send_again(by: Person, invitation: Invitation, email: str) -> None:
    """Sends the invitation once more, to a corrected address if need be; the old link dies."""
    demand(by, rules.MANAGE, invitation)
    if not email:
        raise Mistaken(_("Write the winner's e-mail address."))
    corrected = email != invitation.email
    changes = {"email": email, "answered_at": None}
    move(rules.INVITATION, "send_again", invitation, by, changes=changes, corrected=corrected)
    _send(invitation)


def revoke(by: Person, invitation: Invitation) -> None:
    """Takes an unanswered invitation back."""
    demand(by, rules.MANAGE, invitation)
    move(rules.INVITATION, "revoke", invitation, by, changes={"answered_at": now()})
    links.revoke(PURPOSE, invitation.id)


def expire(invitation: Invitation) -> None:
    """The time to answer is over; an organizer may send the invitation again, and may just have done so."""
    db.session.refresh(invitation, ["expires_at"], with_for_update=True)
    if invitation.expires_at is None or invitation.expires_at > now():
        raise Overtaken(_("Somebody was faster: this can no longer be done. The page shows how things stand now."))
    move(rules.INVITATION, "expire", invitation, audit.SYSTEM, changes={"answered_at": now()})


def accept(link: links.Link, invitation: Invitation, name: str, device: str) -> tuple[Member, str]:
    """The winner says yes: makes the account if need be, the role and the membership, and signs this browser in.

    Returns the member and the secret for the sign-in cookie.
    """
    links.use(link)
    person = accounts.find_or_make_person(name or invitation.name, invitation.email, invitation.locale)
    changes = {"answered_at": now(), "person_id": person.id}
    move(rules.INVITATION, "accept", invitation, person, changes=changes)
    member = _enroll(
        person,
        invitation.program,
        person,
        cohort=invitation.cohort,
        cycle_id=invitation.cycle_id,
        name=name or invitation.name,
        school=invitation.school,
        subject=invitation.subject,
    )
    outbox.put(mail.welcome(member))
    return member, accounts.begin_sign_in(person, device)


def decline(link: links.Link, invitation: Invitation) -> None:
    """The winner says no; an organizer may ask again if they change their mind."""
    links.use(link)
    move(rules.INVITATION, "decline", invitation, f"link:{PURPOSE}", changes={"answered_at": now()})


def _enroll(by: Any, program: Program, person: Person, **values: Any) -> Member:
    """The membership of a person, made on first need; one who was removed and is asked again comes back."""
    accounts.grant(by, person, "member", program.id)
    profile = {"name_key": person_key(values["name"]), "search": _searched(values)}
    found = insert_once(
        Member, ["program_id", "person_id"], program_id=program.id, person_id=person.id, **values, **profile
    )
    if found is not None:
        member = db.session.get_one(Member, found)
        audit.record(by, "member.joined", member)
        return member
    known = queries.member_of(program.id, person.id)
    if known is None:
        raise Mistaken(_("This address can't be used."))
    if known.state == "removed":
        move(rules.MEMBER, "reinstate", known, by, changes={"state_at": now(), "state_reason": ""})
    return known


def add_past_winner(
    by: Any, program: Program, *, name: str, email: str, cohort: str, cycle_id: int | None = None, **profile: Any
) -> Member:
    """Adds a winner of an earlier year as a member without asking by mail. `profile`: school, subject, bio, ask_about,
    visibility, locale.
    """
    _may(by, rules.MANAGE, program)
    person = accounts.find_or_make_person(name, email, profile.pop("locale", "en"))
    return _enroll(by, program, person, cohort=cohort, cycle_id=cycle_id, name=name, **profile)


def save_profile(by: Person, member: Member, typed: dict[str, str]) -> None:
    """Keeps the profile as it stands in the form; an emptied name keeps the one before. Who may read it is recorded."""
    demand(by, rules.EDIT_OWN, member)
    before = member.visibility
    for field in PROFILE:
        value = typed.get(field, getattr(member, field))
        if value or field not in ("name", "visibility"):
            setattr(member, field, value)
    member.name_key = person_key(member.name)
    member.search = _searched({f: getattr(member, f) for f in PROFILE})
    member.saved_at = now()
    if member.visibility != before:
        audit.record(by, "member.visibility_changed", member, visibility=member.visibility)


def _searched(values: dict[str, Any]) -> str:
    return fold(" ".join(str(values.get(f) or "") for f in ("name", "school", "subject", "ask_about")))


def change_state(by: Person, member: Member, verb: str, reason: str = "") -> None:
    """Moves a membership by a verb of its flow. Removing needs a reason and ends the role; the reason stays sealed in
    the record, readable only on the member's own row.
    """
    demand(by, rules.MANAGE, member)
    if verb not in rules.MEMBER.verbs:
        raise Mistaken(_("Choose what should happen."))
    if verb == "remove" and not reason:
        raise Mistaken(_("Write the reason. It is kept with the membership and is not shown to other members."))
    changes = {"state_reason": reason, "state_at": now()}
    move(rules.MEMBER, verb, member, by, changes=changes, reason=audit.seal(reason) if reason else "")
    if verb == "reinstate":
        accounts.grant(by, member.person, "member", member.program_id)
    elif verb == "remove":
        for role in member.person.roles:
            if role.name == "member" and role.program_id == member.program_id and role.holds_now():
                accounts.end_role(by, role)
