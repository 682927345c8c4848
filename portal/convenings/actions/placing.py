"""Sessions into blocks and rooms, and the release of the agenda. Every change holds the convening's lock, so that of
two organizers who place at once the second sees what the first has done.
"""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from portal.accounts.models import Person
from portal.convenings import rules
from portal.convenings.actions.locks import lock
from portal.convenings.models import Block, Convening, Placement, Presenter, Room, Session
from portal.convenings.queries import agenda as queries
from portal.convenings.timetable import Clash, Entry, clashes
from portal.core import audit, clock, jobs
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Mistaken, NotThere, Overtaken
from portal.core.i18n import pick

SOON = timedelta(minutes=10)  # presenters are told of a move once the organizer has paused


def place(
    by: Person, convening: Convening, session: Session, block: Block, room: Room | None, *, instead_of: str = ""
) -> Placement:
    """Puts a session into a slot, or moves it there.

    `instead_of` is the public id of the session that the organizer saw in the slot and means to take off; if another
    one stands there by now, they are told, and if it stands elsewhere by now, it stays there. Raises `Mistaken` with a
    sentence that names the room or the person.
    """
    lock(convening.id)
    demand(by, rules.MANAGE, convening)
    db.session.refresh(session)
    return _place(by, convening, session, block, room, instead_of)


def fill_slot(by: Person, convening: Convening, *, block: str, room: str, session: str, was: str) -> None:
    """What the placing page asks for, by public ids: puts `session` into a slot where the organizer saw `was`, or, with
    no session, takes `was` off. Everything is read under the lock, once.
    """
    lock(convening.id)
    demand(by, rules.MANAGE, convening)
    here, where, talk = queries.slot(convening, block, room, session or was)
    if here is None or (room and where is None):
        raise NotThere()
    if talk is None:
        if session or was:
            raise Mistaken(_("That session is no longer on. The page shows how things stand now."))
        return
    if session:
        _place(by, convening, talk, here, where, was)
    else:
        _take_out(by, convening, talk, here, where)


def _place(
    by: Person, convening: Convening, session: Session, block: Block, room: Room | None, instead_of: str
) -> Placement:
    if session.canceled_at is not None:
        raise Overtaken(_("That session was withdrawn. The page shows how things stand now."))
    if not block.whole and room is None:
        raise Mistaken(_("Choose a room: several sessions run at that time."))
    standing = queries.placements_around(block, session)
    replaced = [
        p
        for p in standing
        if p.session.public_id == instead_of
        and p.session_id != session.id
        and p.block_id == block.id
        and (block.whole or p.room_id == (room.id if room else None))
    ]
    people = queries.people_of(convening.id)
    others = queries.entries([p for p in standing if p not in replaced], people)
    entry = Entry(session.id, block.id, room.id if room else None, queries.presenting(session, people), block.whole)
    found = clashes(entry, others)
    if found:
        raise Mistaken(_sentence(found[0], convening, block, standing, people))
    for old in replaced:
        _take_off(by, convening, old)
    own = next((p for p in standing if p.session_id == session.id), None)
    return _put(by, convening, session, block, room, own)


def _put(
    by: Person, convening: Convening, session: Session, block: Block, room: Room | None, placement: Placement | None
) -> Placement:
    if placement is None:
        placement = Placement(convening_id=session.convening_id, session_id=session.id)
        db.session.add(placement)
    elif (placement.block_id, placement.room_id) == (block.id, room.id if room else None):
        return placement
    placement.block_id, placement.room_id, placement.whole = block.id, room.id if room else None, block.whole
    session.times_placed += 1
    db.session.flush()
    audit.record(by, "session.placed", session, block=block.public_id, room=room.public_id if room else "")
    tell_presenters_soon(convening)
    return placement


def _take_out(by: Person, convening: Convening, session: Session, block: Block, room: Room | None) -> None:
    query = select(Placement).where(Placement.session_id == session.id, Placement.block_id == block.id)
    if not block.whole:
        query = query.where(Placement.room_id == (room.id if room else None))
    placement = db.session.scalar(query)
    if placement is None:
        raise Overtaken(_("That session is no longer in this place. The page shows how things stand now."))
    _take_off(by, convening, placement)


def _take_off(by: Person, convening: Convening, placement: Placement) -> None:
    session = placement.session
    db.session.execute(delete(Placement).where(Placement.id == placement.id))
    audit.record(by, "session.taken_off", session)
    tell_presenters_soon(convening)


def tell_presenters_soon(convening: Convening) -> None:
    """After the release, a change is told to the presenters it concerns, once the organizer has paused."""
    if convening.agenda_released_at is not None:
        key = f"convenings.tell_presenters:{convening.id}"
        jobs.later("convenings.tell_presenters", convening.id, key=key, at=now() + SOON, since_the_last=True)


def _sentence(
    clash: Clash, convening: Convening, block: Block, standing: list[Placement], people: dict[int, list[Presenter]]
) -> str:
    """Why not, with who and where: the organizer reads it."""
    other = next(p for p in standing if p.session_id == clash.other.session)
    facts: dict[str, Any] = {
        "time": clock.spoken_time(block.starts_at, ZoneInfo(convening.time_zone)),
        "title": pick(other.session.title),
        "room": other.room.name if other.room else convening.place,
    }
    if clash.kind == "whole":
        return _("“%(title)s” is for everybody at %(time)s. Take it off first, or choose another time.", **facts)
    if clash.kind == "room":
        return _("%(room)s at %(time)s already holds “%(title)s”. Choose another room or time.", **facts)
    known = {p.email: p.name for p in people.get(other.session.proposal_id or 0, [])}
    facts["who"] = ", ".join(known[address] for address in known if address in clash.who)
    return _(
        "%(who)s is already in %(room)s at %(time)s, with “%(title)s”. Nobody can present in two rooms at once.",
        **facts,
    )


def release(by: Person, convening: Convening) -> None:
    """Shows the agenda to everybody, in one act, and writes to every presenter."""
    demand(by, rules.MANAGE, convening)
    lock(convening.id)
    if convening.published_at is None:
        raise Mistaken(_("Publish the convening first."))
    placed = select(Placement.id).where(Placement.convening_id == convening.id).limit(1)
    if db.session.scalar(placed) is None:
        raise Mistaken(_("Place at least one session first: the agenda is still empty."))
    statement = update(Convening).where(Convening.id == convening.id, Convening.agenda_released_at.is_(None))
    result = sweep(statement.values(agenda_released_at=now()))
    db.session.refresh(convening)
    if result.rowcount != 1:
        raise Overtaken(_("The agenda is released already."))
    audit.record(by, "convening.agenda_released", convening)
    jobs.later("convenings.tell_presenters", convening.id, key=f"convenings.tell_presenters:{convening.id}")
