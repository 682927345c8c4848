"""Who was invited, who belongs, and which announced winners have not been asked yet."""

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.rules import is_auditor, is_organizer
from portal.collective.models import Invitation, Member
from portal.collective.rules import STAYING
from portal.core.db import db
from portal.core.names import fold
from portal.core.outbox import Message
from portal.core.paging import Page, page_of
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle, Program
from portal.selection.models import Decision


def announced_winners(program_id: int | None = None, limit: int = 200) -> list[NomineeFile]:
    """The files of winners whose decision is announced and who have no invitation yet, with their cycles; oldest first.

    Announced is the only word that counts: a confirmed decision under embargo is not seen here. Nor is a winner whose
    own letter is still held: nobody should learn it from this invitation. Nor one who withdrew.
    """
    held = select(Message.id).where(Message.about == "decision:" + Decision.public_id, Message.state == "held")
    query = (
        select(NomineeFile)
        .join(Decision, Decision.file_id == NomineeFile.id)
        .where(Decision.outcome == "winner", Decision.state == "announced")
        .where(~held.exists(), NomineeFile.consent == "accepted", NomineeFile.withdrawn_at.is_(None))
        .where(~select(Invitation.id).where(Invitation.file_id == NomineeFile.id).exists())
        .options(joinedload(NomineeFile.cycle).joinedload(Cycle.program), joinedload(NomineeFile.school))
        .order_by(NomineeFile.id)
        .limit(limit)
    )
    if program_id is not None:
        query = query.where(NomineeFile.program_id == program_id)
    return list(db.session.scalars(query))


def invitations(program_id: int, state: str = "", page: int = 1) -> Page[Invitation]:
    """The invitations of a program, those without an answer first, 25 a page."""
    query = select(Invitation).where(Invitation.program_id == program_id)
    if state:
        query = query.where(Invitation.state == state)
    return page_of(query.order_by(Invitation.state != "sent", Invitation.cohort.desc(), Invitation.name), page)


def invitation_counts(program_id: int) -> dict[str, int]:
    """How many invitations stand in each state."""
    query = select(Invitation.state, func.count()).where(Invitation.program_id == program_id).group_by(Invitation.state)
    return {row[0]: row[1] for row in db.session.execute(query)}


def invitation_for(person: Person, public_id: str) -> Invitation | None:
    """An invitation, to whoever organizes its program; None to everybody else."""
    query = select(Invitation).where(Invitation.public_id == public_id).options(joinedload(Invitation.program))
    found = db.session.scalar(query)
    return found if found is not None and is_organizer(person, found) else None


def open_invitation_to(program_id: int, email: str) -> Invitation | None:
    """The newest invitation of an address that was not accepted."""
    query = select(Invitation).where(
        Invitation.program_id == program_id, Invitation.email == email, Invitation.state != "accepted"
    )
    return db.session.scalar(query.order_by(Invitation.id.desc()).limit(1))


def belongs(program_id: int, email: str) -> bool:
    """Whether somebody of this address, or who joined by it, is in the Collective."""
    query = select(Member.id).join(Member.person).where(Member.program_id == program_id, Member.state.in_(STAYING))
    joined = select(Invitation.person_id).where(
        Invitation.program_id == program_id, Invitation.email == email, Invitation.state == "accepted"
    )
    return db.session.scalar(query.where(or_(Person.email == email, Person.id.in_(joined))).limit(1)) is not None


def _sees_all(person: Person, program: Any) -> bool:
    return bool(is_organizer(person, program) or is_auditor(person, program))


def _members(program_id: int, states: tuple[str, ...]) -> Select[Member]:
    return select(Member).where(Member.program_id == program_id, Member.state.in_(states))


def directory(
    viewer: Person, program: Program, *, search: str = "", cohort: str = "", state: str = "", page: int = 1
) -> Page[Member]:
    """The members this person may see, by name. Members see who belongs; organizers may ask for those removed, too."""
    states: tuple[str, ...] = STAYING
    if state and (state in STAYING or _sees_all(viewer, program)):
        states = (state,)
    query = _members(program.id, states)
    for word in fold(search).split():  # folded words hold letters and digits only: no wildcard can slip in
        query = query.where(Member.search.like(f"%{word}%"))
    if cohort:
        query = query.where(Member.cohort == cohort)
    return page_of(query.order_by(Member.name_key, Member.id), page)


def public_directory(program: Program, *, search: str = "", cohort: str = "", page: int = 1) -> Page[Member]:
    """The members who made their profile public, by name."""
    query = _members(program.id, STAYING).where(Member.visibility == "public")
    for word in fold(search).split():
        query = query.where(Member.search.like(f"%{word}%"))
    if cohort:
        query = query.where(Member.cohort == cohort)
    return page_of(query.order_by(Member.name_key, Member.id), page)


def cohorts(program_id: int, *, public_only: bool = False) -> list[str]:
    """The years that the members come from, newest first."""
    query = select(Member.cohort).where(Member.program_id == program_id, Member.state.in_(STAYING)).distinct()
    if public_only:
        query = query.where(Member.visibility == "public")
    return sorted(db.session.scalars(query), reverse=True)


def member_of(program_id: int, person_id: int) -> Member | None:
    """The person's membership in a program, whatever its state."""
    return db.session.scalar(select(Member).where(Member.program_id == program_id, Member.person_id == person_id))


def member_for(viewer: Person, public_id: str) -> Member | None:
    """One member among those this person may see."""
    query = select(Member).where(Member.public_id == public_id).options(joinedload(Member.program))
    found = db.session.scalar(query)
    if found is None or (found.state not in STAYING and not _sees_all(viewer, found)):
        return None
    return found
