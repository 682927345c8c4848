"""Proposals: one's own, those an organizer reads, and who has still to confirm."""

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Person
from portal.accounts.rules import is_organizer
from portal.convenings.models import Convening, Placement, Presenter, Proposal, Session
from portal.convenings.rules import PRESENTING
from portal.core.db import db
from portal.core.names import fold
from portal.core.paging import Page, page_of

CONVENING = (
    joinedload(Proposal.convening).joinedload(Convening.program),
    joinedload(Proposal.convening).joinedload(Convening.call),
)


def proposal_for(person: Person, public_id: str) -> Proposal | None:
    """A proposal with its convening and presenters, to those it concerns; None to everybody else, so that nobody learns
    that it exists.
    """
    query = (
        select(Proposal).where(Proposal.public_id == public_id).options(*CONVENING, selectinload(Proposal.presenters))
    )
    found = db.session.scalar(query)
    if found is None:
        return None
    presents = any(p.person_id == person.id and p.state in PRESENTING for p in found.presenters)
    reads = found.submitted_at is not None and bool(is_organizer(person, found))
    return found if found.person_id == person.id or presents or reads else None


def _mine(person: Person) -> Select[Proposal]:
    beside = select(Presenter.proposal_id).where(Presenter.person_id == person.id, Presenter.state.in_(PRESENTING))
    return select(Proposal).where(or_(Proposal.person_id == person.id, Proposal.id.in_(beside)))


def own_proposals(person: Person, convening: Convening | None = None) -> list[Proposal]:
    """What this person wrote or presents with others, newest first, with convening, presenters and place."""
    query = _mine(person).options(
        *CONVENING,
        selectinload(Proposal.presenters),
        joinedload(Proposal.session).joinedload(Session.placement).joinedload(Placement.block),
        joinedload(Proposal.session).joinedload(Session.placement).joinedload(Placement.room),
    )
    if convening is not None:
        query = query.where(Proposal.convening_id == convening.id)
    return list(db.session.scalars(query.order_by(Proposal.id.desc())))


def proposals_of(
    convening: Convening, *, state: str = "", area: str = "", search: str = "", page: int = 1
) -> Page[Proposal]:
    """What an organizer reads: sent proposals, the oldest first, 25 a page. Drafts are nobody's but their author's."""
    query = select(Proposal).where(Proposal.convening_id == convening.id, Proposal.submitted_at.is_not(None))
    if state:
        query = query.where(Proposal.state == state)
    if area:
        query = query.where(Proposal.area == area)
    for word in fold(search).split():
        query = query.where(Proposal.search.like(f"%{word}%"))
    query = query.options(selectinload(Proposal.presenters)).order_by(Proposal.submitted_at, Proposal.id)
    return page_of(query, page)


def presenter_for(person: Person, public_id: str) -> Presenter | None:
    """A presenter's row, to that presenter alone."""
    found = presenter_with_proposal(Presenter.public_id == public_id)
    return found if found is not None and found.person_id == person.id else None


def presenter_with_proposal(condition: ColumnElement[bool]) -> Presenter | None:
    """A presenter with proposal, convening, program and the other presenters: two queries."""
    whole = joinedload(Presenter.proposal)
    query = (
        select(Presenter)
        .where(condition)
        .options(
            whole.joinedload(Proposal.convening).joinedload(Convening.program),
            whole.joinedload(Proposal.convening).joinedload(Convening.call),
            whole.selectinload(Proposal.presenters),
        )
    )
    return db.session.scalar(query)


def to_confirm(person: Person) -> list[Presenter]:
    """Accepted sessions that wait for this person's word, and invitations to present: for the desk."""
    waiting = or_(
        and_(Proposal.state == "accepted", Presenter.confirmed_at.is_(None)),
        and_(Presenter.state == "invited", Proposal.state.in_(("submitted", "in review", "standby", "returned"))),
    )
    query = (
        select(Presenter)
        .join(Presenter.proposal)
        .where(Presenter.person_id == person.id, Presenter.state.in_(PRESENTING), waiting)
        .options(joinedload(Presenter.proposal).joinedload(Proposal.convening).joinedload(Convening.program))
    )
    return list(db.session.scalars(query.order_by(Presenter.id)))


def own_open(person: Person) -> list[Proposal]:
    """The person's drafts and what was returned to them for a change: for the desk."""
    query = select(Proposal).where(Proposal.person_id == person.id, Proposal.state.in_(("draft", "returned")))
    return list(db.session.scalars(query.options(*CONVENING).order_by(Proposal.id)))


def undecided(program_id: int) -> int:
    """How many sent proposals wait for a decision: for an organizer's desk."""
    query = select(func.count(Proposal.id)).where(
        Proposal.program_id == program_id, Proposal.state.in_(("submitted", "in review"))
    )
    return db.session.scalar(query) or 0
