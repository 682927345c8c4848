"""Small helps for the convenings' tests: a convening with an open call, members, proposals at any stage, a day."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.collective import actions as collective
from portal.convenings.actions import deciding, placing, presenters, proposals, setup
from portal.convenings.models import Block, Convening, Placement, Presenter, Proposal, Room, Session
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.programs.models import Program
from tests.cast import EMAILS, Cast, letters, links_in

ZONE = ZoneInfo("America/New_York")
TYPED = {
    "title": "Wait time is a design decision",
    "summary": "We film two minutes of questions and count the seconds.",
    "takeaway": "A sheet for counting, and one question to try on Monday.",
    "area": "practice",
    "audience": "everybody",
    "length": "45",
    "language": "en",
}


def add_convening(cast: Cast, *, published: bool = True, opens: int = -5, closes: int = 20, days: int = 90) -> str:
    """A convening in ninety days whose call is open (offsets in days); its public id."""
    moment = now()
    with cast.app.app_context(), transaction():
        program = db.session.get_one(Program, cast.program_id)
        call = {"opens_at": moment + timedelta(days=opens), "closes_at": moment + timedelta(days=closes)}
        made = setup.create(
            "system",
            program,
            name={"en": "A Saturday by teachers", "es": "Un sábado de maestros"},
            day=(moment + timedelta(days=days)).date(),
            place="Booker Heights High School",
            call=call,
        )
        if published:
            setup.publish("system", made)
        return made.public_id


def add_member(cast: Cast, name: str) -> int:
    """Makes one of the cast a member of the Collective; the person's id."""
    person_id = cast.person(name)
    with cast.app.app_context(), transaction():
        program = db.session.get_one(Program, cast.program_id)
        person = db.session.get_one(Person, person_id)
        collective.add_past_winner("system", program, name=person.name, email=EMAILS[name], cohort="2025")
    return person_id


def _convening(public_id: str) -> Convening:
    return db.session.scalars(select(Convening).where(Convening.public_id == public_id)).one()


def _proposal(public_id: str) -> Proposal:
    return db.session.scalars(select(Proposal).where(Proposal.public_id == public_id)).one()


def add_proposal(cast: Cast, convening: str, author: str = "wanda", stage: str = "submitted", **typed: Any) -> str:
    """A proposal at any state of its flow; its public id."""
    add_member(cast, author)
    cast.person("sam")
    with cast.app.app_context(), transaction():
        by = db.session.get_one(Person, cast.people[author])
        proposal = proposals.start(by, _convening(convening))
        values = {**TYPED, **typed}
        proposals.save(by, proposal, {**values, "length": int(values["length"])})
        if stage != "draft":
            proposals.submit(by, proposal)
        return _advance(cast, proposal, by, stage)


def _advance(cast: Cast, proposal: Proposal, by: Person, stage: str) -> str:
    sam = db.session.get_one(Person, cast.people["sam"])
    if stage == "in review":
        deciding.take_up(sam, proposal)
    verbs = {
        "standby": "put_on_standby",
        "declined": "decline",
        "returned": "send_back",
        "accepted": "accept",
        "confirmed": "accept",
    }
    if stage in verbs:
        deciding.decide(sam, proposal, verbs[stage], "Please shorten it.")
    if stage == "confirmed":
        presenters.confirm(by, proposal.presenters[0])
    if stage == "withdrawn":
        proposals.withdraw(by, proposal)
    return proposal.public_id


def proposal(app: Flask, public_id: str) -> Proposal:
    """A proposal as stored now."""
    with app.app_context():
        found = _proposal(public_id)
        assert found.presenters is not None
        return found


def presenters_of(app: Flask, public_id: str) -> list[Presenter]:
    """Its presenters, in the order they were named."""
    with app.app_context():
        return list(_proposal(public_id).presenters)


def session_of(app: Flask, public_id: str) -> Session | None:
    """The session that a proposal became."""
    with app.app_context():
        return _proposal(public_id).session


def add_day(cast: Cast, convening: str, rooms: int = 2) -> tuple[list[str], list[str]]:
    """Rooms, a block for everybody and two parallel ones; public ids of (rooms, blocks)."""
    with cast.app.app_context(), transaction():
        found = _convening(convening)
        made = [setup.write_room("system", found, None, name=f"Room {101 + i}", capacity=30) for i in range(rooms)]
        blocks = []
        for start, end, whole in (
            (time(8, 45), time(9, 30), True),
            (time(9, 45), time(10, 45), False),
            (time(11), time(12), False),
        ):
            starts, ends = (datetime.combine(found.day, t, ZONE).astimezone(UTC) for t in (start, end))
            blocks.append(
                setup.write_block("system", found, None, starts_at=starts, ends_at=ends, name={}, whole=whole)
            )
        return [r.public_id for r in made], [b.public_id for b in blocks]


def place(cast: Cast, convening: str, proposal_id: str, block: str, room: str) -> str:
    """Places the session of a confirmed proposal; the session's public id."""
    cast.person("sam")
    with cast.app.app_context(), transaction():
        sam = db.session.get_one(Person, cast.people["sam"])
        session = _proposal(proposal_id).session
        assert session is not None
        here = db.session.scalars(select(Block).where(Block.public_id == block)).one()
        where = db.session.scalars(select(Room).where(Room.public_id == room)).one()
        placing.place(sam, _convening(convening), session, here, where)
        return session.public_id


def last_link(app: Flask, template: str) -> str:
    """The path of the newest such letter's last link."""
    return links_in(letters(app, f"convenings/{template}")[-1].text)[-1]


def put(cast, convening, block, room, session="", was="", name="sam", hx=False):
    """What the placing page posts for one slot; the answer."""
    form = {"block": block, "room": room, "session": session, "was": was}
    return cast.browser(name).post(f"/convenings/{convening}/agenda", form, hx=hx)


def confirmed(app, cast, convening, author="wanda", **typed):
    """The public id of the session of a confirmed proposal."""
    return session_of(app, add_proposal(cast, convening, author, "confirmed", **typed)).public_id


def placed(app):
    """How many sessions have a place."""
    with app.app_context():
        return db.session.scalar(select(func.count(Placement.id)))
