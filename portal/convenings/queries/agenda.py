"""The agenda: blocks with what stands in them, sessions still without a place, and one session with its people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.collective.models import Member
from portal.convenings.models import Block, Convening, Placement, Presenter, Proposal, Room, Session
from portal.convenings.queries.convenings import blocks_of
from portal.convenings.timetable import Entry
from portal.core import audit
from portal.core.db import db
from portal.core.outbox import Message
from portal.programs.models import Program


@dataclass(frozen=True)
class Spot:
    """A session in its place, with the names of those who present it."""

    session: Session
    room: Room | None
    people: list[str]


@dataclass(frozen=True)
class Row:
    """A block with its spots in the order of the rooms."""

    block: Block
    spots: list[Spot] = field(default_factory=list)


@dataclass(frozen=True)
class Agenda:
    """The whole day; `rooms` are the columns: rooms that hold something in a block of parallel sessions."""

    rows: list[Row]
    rooms: list[Room]

    def column(self, room: Room | None) -> int:
        """The room's column, counted from 1; 0 when it has none."""
        return self.rooms.index(room) + 1 if room in self.rooms else 0


def people_of(convening_id: int) -> dict[int, list[Presenter]]:
    """Who presents each confirmed proposal of a convening, in the order they were named: one query."""
    query = (
        select(Presenter)
        .join(Presenter.proposal)
        .where(Proposal.convening_id == convening_id, Proposal.state == "confirmed", Presenter.state == "accepted")
    )
    found: dict[int, list[Presenter]] = defaultdict(list)
    for presenter in db.session.scalars(query.order_by(Presenter.id)):
        found[presenter.proposal_id].append(presenter)
    return found


def who_was_told(sessions: Iterable[Session]) -> dict[str, int]:
    """Whom a letter told a place of one of these sessions: presenters' public ids, and which place it was last (as
    `Session.times_placed` counts): one query.
    """
    names = [audit.name_of(session) for session in sessions]
    keys = select(Message.key).where(Message.about.in_(names), Message.template == "convenings/placed")
    told: dict[str, int] = {}
    for key in db.session.scalars(keys):
        _placed, who, number = key.split(":")
        told[who] = max(told.get(who, 0), int(number))
    return told


def _names(session: Session, people: dict[int, list[Presenter]]) -> list[str]:
    if session.proposal_id is None:
        return [session.speakers] if session.speakers else []
    return [presenter.name for presenter in people.get(session.proposal_id, [])]


def _placements(convening_id: int) -> list[Placement]:
    query = (
        select(Placement)
        .where(Placement.convening_id == convening_id)
        .options(joinedload(Placement.session), joinedload(Placement.room))
        .execution_options(populate_existing=True)  # a page shown right after a change shows the change
    )
    return list(db.session.scalars(query))


def agenda(convening: Convening) -> Agenda:
    """The day as it stands now, whoever may see it: three queries, however many sessions."""
    blocks = blocks_of(convening)
    placements = _placements(convening.id)
    people = people_of(convening.id)
    rows = {block.id: Row(block) for block in blocks}
    for placement in sorted(placements, key=lambda p: (p.room.position, p.room.id) if p.room else (-1, 0)):
        spot = Spot(placement.session, placement.room, _names(placement.session, people))
        rows[placement.block_id].spots.append(spot)
    used = {p.room.id: p.room for p in placements if p.room is not None and not p.whole}
    columns = sorted(used.values(), key=lambda room: (room.position, room.id))
    return Agenda([rows[block.id] for block in blocks], columns)


def all_sessions(convening: Convening) -> list[Spot]:
    """Every session that is on, placed or not, with its people and room: two queries; for the placing page."""
    query = (
        select(Session)
        .where(Session.convening_id == convening.id, Session.canceled_at.is_(None))
        .options(joinedload(Session.placement).joinedload(Placement.room))
        .order_by(Session.id)
        .execution_options(populate_existing=True)
    )
    people = people_of(convening.id)
    sessions = list(db.session.scalars(query))
    return [Spot(s, s.placement.room if s.placement else None, _names(s, people)) for s in sessions]


def entries(placements: Iterable[Placement], people: dict[int, list[Presenter]]) -> list[Entry]:
    """Placements as plain values for `timetable`; presenters are named by their address."""
    return [Entry(p.session_id, p.block_id, p.room_id, presenting(p.session, people), p.whole) for p in placements]


def presenting(session: Session, people: dict[int, list[Presenter]]) -> frozenset[str]:
    """The addresses of those who present a session."""
    return frozenset(p.email for p in people.get(session.proposal_id or 0, []))


def placements_around(block: Block, session: Session) -> list[Placement]:
    """What stands in a block, and where the session itself stands now, with sessions and rooms: one query."""
    query = select(Placement).where(or_(Placement.block_id == block.id, Placement.session_id == session.id))
    return list(db.session.scalars(query.options(joinedload(Placement.session), joinedload(Placement.room))))


def slot(
    convening: Convening, block_id: str, room_id: str, session_id: str
) -> tuple[Block | None, Room | None, Session | None]:
    """A block, a room and a session that is on, all of this convening, by public ids: one query. None for what is not
    there.
    """
    query = (
        select(Block, Room, Session)
        .outerjoin(Room, (Room.convening_id == Block.convening_id) & (Room.public_id == room_id))
        .outerjoin(
            Session,
            (Session.convening_id == Block.convening_id)
            & (Session.public_id == session_id)
            & Session.canceled_at.is_(None),
        )
        .where(Block.convening_id == convening.id, Block.public_id == block_id)
    )
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1], found[2]) if found else (None, None, None)


def session_for(_person: object, public_id: str) -> Session | None:
    """A session with its convening and program, for routes that ask a permission."""
    query = select(Session).where(Session.public_id == public_id, Session.canceled_at.is_(None))
    return db.session.scalar(
        query.options(joinedload(Session.convening).joinedload(Convening.program), joinedload(Session.placement))
    )


def public_session(slug: str, public_id: str) -> Session | None:
    """A session that everybody may read: placed, on, and its agenda released."""
    query = (
        select(Session)
        .join(Session.convening)
        .join(Convening.program)
        .join(Session.placement)
        .where(Program.slug == slug, Session.public_id == public_id, Session.canceled_at.is_(None))
        .where(Convening.agenda_released_at.is_not(None), Convening.published_at.is_not(None))
        .options(
            joinedload(Session.convening).joinedload(Convening.program),
            joinedload(Session.placement).joinedload(Placement.block),
            joinedload(Session.placement).joinedload(Placement.room),
            joinedload(Session.convening).joinedload(Convening.call),
        )
    )
    return db.session.scalar(query)


def presenters_of(session: Session) -> list[tuple[Presenter, Member | None]]:
    """Who presents a session, each with their profile in the Collective if they made it public: one query."""
    if session.proposal_id is None:
        return []
    query = (
        select(Presenter, Member)
        .outerjoin(
            Member,
            (Member.person_id == Presenter.person_id)
            & (Member.program_id == session.program_id)
            & (Member.visibility == "public")
            & (Member.state != "removed"),
        )
        .where(Presenter.proposal_id == session.proposal_id, Presenter.state == "accepted")
        .order_by(Presenter.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
