"""Proposals: one's own, those an organizer reads, and a presenter with theirs."""

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Person
from portal.accounts.rules import is_organizer
from portal.convenings.models import Convening, Placement, Presenter, Proposal, Session
from portal.convenings.rules import is_presenter
from portal.core.db import db
from portal.core.names import fold
from portal.core.paging import Page, page_of

CONVENING = (
    joinedload(Proposal.convening).joinedload(Convening.program),
    joinedload(Proposal.convening).joinedload(Convening.call),
)
# `rules.was_asked`, for the database.
ASKED = or_(Presenter.state == "accepted", and_(Presenter.state == "invited", Presenter.invited_at.is_not(None)))


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
    reads = found.submitted_at is not None and bool(is_organizer(person, found))
    return found if found.person_id == person.id or is_presenter(person, found) or reads else None


def _mine(person: Person) -> Select[Proposal]:
    beside = select(Presenter.proposal_id).where(Presenter.person_id == person.id, ASKED)
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
