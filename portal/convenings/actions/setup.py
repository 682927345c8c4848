"""An organizer makes a convening: its words, its call, its rooms and blocks, and what is not proposed but typed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, func, select, update

from portal.accounts.models import Person
from portal.convenings import defaults, rules
from portal.convenings.actions.locks import lock
from portal.convenings.actions.placing import tell_presenters_soon
from portal.convenings.models import Block, Call, Convening, Placement, Room, Session
from portal.convenings.timetable import overlapping
from portal.core import audit, clock
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Mistaken, Overtaken
from portal.programs.models import Program

CONVENING = ("name", "text", "day", "time_zone", "place", "areas", "agenda_on")
CALL = ("opens_at", "closes_at", "text", "lengths", "audiences")
SESSION = ("kind", "title", "text", "takeaway", "speakers", "area", "audience", "length", "language")


def _may(by: Any, thing: Any) -> None:
    """The operator needs no permission; a person does."""
    if not isinstance(by, str):
        demand(by, rules.MANAGE, thing)


def create(by: Any, program: Program, **values: Any) -> Convening:
    """A new convening, unpublished, with a call of the usual shape that opens now and closes six weeks before the day.

    `values`: name and day at least; text, place, time_zone, areas, agenda_on; `call`: the call's own values.
    """
    _may(by, program)
    given = dict(values.pop("call", {}))
    convening = Convening(program_id=program.id, **{"time_zone": program.time_zone, "areas": defaults.AREAS, **values})
    midnight = datetime.combine(convening.day, datetime.min.time(), ZoneInfo(convening.time_zone))
    closes = max(midnight - timedelta(weeks=6), now() + timedelta(days=1))
    usual = {
        "opens_at": now(),
        "closes_at": closes,
        "text": defaults.CALL_TEXT,
        "lengths": defaults.LENGTHS,
        "audiences": defaults.AUDIENCES,
    }
    convening.call = Call(**{**usual, **given})
    db.session.add(convening)
    db.session.flush()
    audit.record(by, "convening.made", convening)
    return convening


def change(by: Person, convening: Convening, values: dict[str, Any], call: dict[str, Any]) -> None:
    """Changes the words, the day and the call."""
    demand(by, rules.MANAGE, convening)
    was, place = (convening.day, convening.time_zone), convening.place
    for field in CONVENING:
        if field in values:
            setattr(convening, field, values[field])
    if was != (convening.day, convening.time_zone):
        _move_day(convening, ZoneInfo(was[1]))
    elif place != convening.place:
        lock(convening.id)
        _moved(convening, Placement.convening_id == convening.id)
    if convening.call is None:
        convening.call = Call(**call)
    else:
        for field in CALL:
            if field in call:
                setattr(convening.call, field, call[field])
    db.session.flush()
    audit.record(by, "convening.changed", convening, closes_at=convening.call.closes_at.isoformat())


def _move_day(convening: Convening, old_zone: ZoneInfo) -> None:
    """Blocks keep their time on the wall when the day or the zone changes."""
    lock(convening.id)
    zone = ZoneInfo(convening.time_zone)

    def moment(was: datetime) -> datetime:
        return datetime.combine(convening.day, was.astimezone(old_zone).time(), zone).astimezone(UTC)

    query = select(Block).where(Block.convening_id == convening.id).order_by(Block.starts_at)
    blocks = list(db.session.scalars(query))
    # One block may move to where another starts: the one in front goes first, for no two start at the same moment.
    if blocks and moment(blocks[0].starts_at) > blocks[0].starts_at:
        blocks.reverse()
    for block in blocks:
        block.starts_at, block.ends_at = moment(block.starts_at), moment(block.ends_at)
        db.session.flush()
    _moved(convening, Placement.convening_id == convening.id)


def publish(by: Any, convening: Convening) -> None:
    """Shows the convening and its call; the agenda stays closed until its release."""
    _may(by, convening)
    statement = update(Convening).where(Convening.id == convening.id, Convening.published_at.is_(None))
    result = sweep(statement.values(published_at=now()))
    db.session.refresh(convening)
    if result.rowcount != 1:
        raise Overtaken(_("The convening is published already."))
    audit.record(by, "convening.published", convening)


def write_room(by: Any, convening: Convening, room: Room | None, *, name: str, capacity: int | None) -> Room:
    """Adds a room at the end, or renames one. Two rooms of a convening never share a name."""
    _may(by, convening)
    lock(convening.id)
    same = select(Room.id).where(Room.convening_id == convening.id, func.lower(Room.name) == name.lower())
    if room is not None:
        same = same.where(Room.id != room.id)
    if db.session.scalar(same) is not None:
        raise Mistaken(_("There is already a room called %(name)s.", name=name))
    if room is None:
        last = db.session.scalar(select(func.max(Room.position)).where(Room.convening_id == convening.id)) or 0
        room = Room(program_id=convening.program_id, convening_id=convening.id, name=name, position=last + 1)
        db.session.add(room)
    elif room.name != name:
        _moved(convening, Placement.room_id == room.id)
    room.name, room.capacity = name, capacity
    db.session.flush()
    audit.record(by, "room.written", room)
    return room


def remove_room(by: Person, convening: Convening, room: Room) -> None:
    """Removes an empty room."""
    demand(by, rules.MANAGE, convening)
    lock(convening.id)
    if db.session.scalar(select(Placement.id).where(Placement.room_id == room.id).limit(1)) is not None:
        raise Mistaken(_("Sessions are placed in %(name)s. Take them off first.", name=room.name))
    audit.record(by, "room.removed", room)
    db.session.execute(delete(Room).where(Room.id == room.id))


def write_block(
    by: Any,
    convening: Convening,
    block: Block | None,
    *,
    starts_at: datetime,
    ends_at: datetime,
    name: dict[str, str],
    whole: bool,
) -> Block:
    """Adds a block to the day or changes one. Blocks never overlap, and one with sessions keeps its kind."""
    _may(by, convening)
    lock(convening.id)
    if ends_at <= starts_at:
        raise Mistaken(_("A block ends after it starts."))
    rest = select(Block).where(Block.convening_id == convening.id)
    if block is not None:
        rest = rest.where(Block.id != block.id)
    spans = [(other.starts_at, other.ends_at) for other in db.session.scalars(rest.order_by(Block.starts_at))]
    met = overlapping(starts_at, ends_at, spans)
    if met is not None:
        zone = ZoneInfo(convening.time_zone)
        start, end = (clock.spoken_time(moment, zone) for moment in met)
        raise Mistaken(_("This overlaps the block from %(start)s to %(end)s.", start=start, end=end))
    if block is None:
        block = Block(program_id=convening.program_id, convening_id=convening.id)
        db.session.add(block)
    elif block.whole != whole and _holds_sessions(block):
        raise Mistaken(_("Sessions are placed in this block. Take them off before you change its kind."))
    elif (block.starts_at, block.ends_at) != (starts_at, ends_at):
        _moved(convening, Placement.block_id == block.id)
    block.starts_at, block.ends_at, block.name, block.whole = starts_at, ends_at, dict(name), whole
    db.session.flush()
    audit.record(by, "block.written", block)
    return block


def _holds_sessions(block: Block) -> bool:
    return db.session.scalar(select(Placement.id).where(Placement.block_id == block.id).limit(1)) is not None


def _moved(convening: Convening, where: ColumnElement[bool]) -> None:
    """The sessions that stand there are in another place now, or in one of another name: their presenters are told."""
    inside = select(Placement.session_id).where(where)
    db.session.execute(
        update(Session)
        .where(Session.id.in_(inside))
        .values(times_placed=Session.times_placed + 1)
        .execution_options(synchronize_session="fetch")
    )
    tell_presenters_soon(convening)


def remove_block(by: Person, convening: Convening, block: Block) -> None:
    """Removes an empty block."""
    demand(by, rules.MANAGE, convening)
    lock(convening.id)
    if _holds_sessions(block):
        raise Mistaken(_("Sessions are placed in this block. Take them off first."))
    audit.record(by, "block.removed", block)
    db.session.execute(delete(Block).where(Block.id == block.id))


def write_session(by: Any, convening: Convening, session: Session | None, **values: Any) -> Session:
    """Types a keynote, a meal, an open space; or mends the words of any session on the agenda."""
    _may(by, convening)
    if not values.get("title", session.title if session else None):
        raise Mistaken(_("Write a title."))
    if session is None:
        session = Session(program_id=convening.program_id, convening_id=convening.id, kind="other", title={})
        db.session.add(session)
    for field in SESSION:
        if field in values and not (field in ("kind", "speakers") and session.proposal_id is not None):
            setattr(session, field, values[field])
    db.session.flush()
    audit.record(by, "session.written", session)
    return session


def cancel_session(by: Person, convening: Convening, session: Session) -> None:
    """Takes a typed session off for good. A member's talk ends only when its author withdraws it."""
    demand(by, rules.MANAGE, convening)
    if session.proposal_id is not None:
        raise Mistaken(_("This session comes from a proposal. Its author can withdraw it."))
    lock(convening.id)
    db.session.execute(delete(Placement).where(Placement.session_id == session.id))
    session.canceled_at = now()
    audit.record(by, "session.canceled", session)
