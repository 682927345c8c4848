"""Convenings, the one a visitor means, rooms and blocks."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Person
from portal.accounts.rules import holds
from portal.convenings.models import Block, Call, Convening, Placement, Proposal, Room, Session
from portal.convenings.rules import call_state
from portal.core.clock import now, today
from portal.core.db import db
from portal.programs.models import Program


def _whole() -> Select[Convening]:
    return select(Convening).options(joinedload(Convening.program), joinedload(Convening.call))


def convening_by_public_id(public_id: str) -> Convening | None:
    """The convening with its program and call: one query."""
    return db.session.scalar(_whole().where(Convening.public_id == public_id))


def convening_for(_person: Person, public_id: str) -> Convening | None:
    """For routes that ask a permission: the convening of the address; who may see what is the permission's matter."""
    return convening_by_public_id(public_id)


def published_convening(slug: str, public_id: str | None = None) -> Convening | None:
    """A published convening of the program at this address: the one named, else the next to come, else the last."""
    query = (
        select(Convening).join(Convening.program).options(contains_eager(Convening.program), joinedload(Convening.call))
    )
    query = query.where(Program.slug == slug, Convening.published_at.is_not(None))
    if public_id is not None:
        return db.session.scalar(query.where(Convening.public_id == public_id))
    yesterday = now().date() - timedelta(days=1)  # where a day ends last, it ends half a day after it does in UTC
    coming = db.session.scalars(query.where(Convening.day >= yesterday).order_by(Convening.day, Convening.id))
    following = next((convening for convening in coming if convening.day >= today(convening.time_zone)), None)
    return following or db.session.scalar(query.order_by(Convening.day.desc(), Convening.id.desc()).limit(1))


def convenings_of(program_id: int) -> list[Convening]:
    """Every convening of a program, newest day first."""
    return list(db.session.scalars(_whole().where(Convening.program_id == program_id).order_by(Convening.day.desc())))


def open_calls(person: Person) -> list[Convening]:
    """The convenings whose call is open and to which this person may propose: for the desk."""
    programs = [m.program_id for m in person.memberships if m.state == "active"]
    if not programs:
        return []
    query = _whole().join(Convening.call).where(Convening.program_id.in_(programs), Convening.published_at.is_not(None))
    found = db.session.scalars(query.order_by(Call.closes_at))
    return [c for c in found if call_state(c) == "open" and holds(person, "member", c)]


def rooms_of(convening: Convening) -> list[Room]:
    """The rooms in the order of the agenda's columns."""
    query = select(Room).where(Room.convening_id == convening.id).order_by(Room.position, Room.id)
    return list(db.session.scalars(query))


def blocks_of(convening: Convening) -> list[Block]:
    """The blocks of the day in time's order."""
    query = select(Block).where(Block.convening_id == convening.id).order_by(Block.starts_at)
    return list(db.session.scalars(query))


def room_in(convening: Convening, public_id: str) -> Room | None:
    """A room of this convening."""
    return db.session.scalar(select(Room).where(Room.convening_id == convening.id, Room.public_id == public_id))


def block_in(convening: Convening, public_id: str) -> Block | None:
    """A block of this convening."""
    return db.session.scalar(select(Block).where(Block.convening_id == convening.id, Block.public_id == public_id))


def proposal_counts(convening: Convening) -> dict[str, int]:
    """How many sent proposals stand in each state."""
    counted = select(Proposal.state, func.count()).where(
        Proposal.convening_id == convening.id, Proposal.submitted_at.is_not(None)
    )
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Proposal.state))}


def standing(convening: Convening) -> dict[str, Any]:
    """The figures of an organizer's overview: proposals by state, sessions, placed ones, rooms, blocks. Two queries."""

    def count(model: Any, *more: Any) -> Any:
        return select(func.count(model.id)).where(model.convening_id == convening.id, *more).scalar_subquery()

    row = db.session.execute(
        select(
            count(Session, Session.canceled_at.is_(None)).label("sessions"),
            count(Placement).label("placed"),
            count(Room).label("rooms"),
            count(Block).label("blocks"),
        )
    ).one()
    return {"states": proposal_counts(convening), **row._asdict()}
