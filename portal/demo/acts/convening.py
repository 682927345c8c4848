"""A convening by members: the call, what they propose and with whom, decisions, rooms and times, the agenda."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.convenings.actions import deciding, placing, presenters, proposals, setup
from portal.convenings.models import Block, Convening, Presenter, Proposal, Room, Session
from portal.core.db import db
from portal.demo.words.talks import DECLINE_NOTE, KEYNOTES, RETURN_NOTE, STANDBY_NOTE, TALKS
from portal.demo.world import World

ROOMS = (("Auditorium", 220), ("Room 101", 36), ("Room 104", 30), ("Media center", 48))
# (begins, ends, whole, name)
DAY = (
    ((8, 30), (9, 0), True, {"en": "Coffee and sign-in", "es": "Café y registro"}),
    ((9, 0), (9, 45), True, {"en": "Keynote", "es": "Conferencia"}),
    ((10, 0), (10, 45), False, {"en": "Sessions, first block", "es": "Sesiones, primer bloque"}),
    ((11, 0), (12, 0), False, {"en": "Sessions, second block", "es": "Sesiones, segundo bloque"}),
    ((12, 0), (13, 0), True, {"en": "Lunch", "es": "Almuerzo"}),
    ((13, 0), (14, 0), True, {"en": "Colleague circles", "es": "Círculos de colegas"}),
    ((14, 15), (15, 0), False, {"en": "Sessions, third block", "es": "Sesiones, tercer bloque"}),
)
# How far each proposal has come by the present day.
FATES = (
    "placed", "placed", "placed", "placed", "placed", "confirmed", "accepted", "waiting for a co-presenter", "standby",
    "in review", "submitted", "returned", "declined", "draft",
)  # fmt: skip


@dataclass
class Gathering:
    """One convening. `authors` are parts of members who propose, in the order of the talks."""

    world: World
    day: date
    name: dict[str, str]
    place: str
    authors: list[str]
    talks: range
    fates: tuple[str, ...]
    rng: Random = field(default_factory=lambda: Random(31))
    convening_id: int = 0
    proposal_ids: list[int] = field(default_factory=list)

    @property
    def convening(self) -> Convening:
        return db.session.get_one(Convening, self.convening_id)

    def prepare(self, call_closes: datetime, agenda_on: date) -> None:
        """An organizer makes the convening with rooms and blocks, and publishes it with an open call."""
        sam = self.world.who("sam")
        text = {
            "en": "A Saturday by teachers, for teachers. Come with a colleague.",
            "es": "Un sábado de maestros, para maestros. Venga con un colega.",
        }
        made = setup.create(
            sam, self.world.program, name=self.name, text=text, day=self.day, place=self.place, agenda_on=agenda_on,
            call={"closes_at": call_closes},
        )  # fmt: skip
        self.convening_id = made.id
        for name, capacity in ROOMS:
            setup.write_room(sam, made, None, name=name, capacity=capacity)
        for begins, ends, whole, name_of_block in DAY:
            setup.write_block(
                sam, made, None, starts_at=self._hour(*begins), ends_at=self._hour(*ends), name=name_of_block,
                whole=whole,
            )  # fmt: skip
        setup.publish(sam, made)

    def _hour(self, hour: int, minute: int) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, hour, minute, tzinfo=self.world.stage.zone)

    def propose(self, at: int) -> None:
        """One member types a proposal, names a colleague for some, and sends it."""
        title, summary, takeaway, area, audience, length, language = TALKS[self.talks[at]]
        author = self.world.who(self.authors[at])
        proposal = proposals.start(author, self.convening)
        typed: dict[str, Any] = {
            "title": title, "summary": summary, "takeaway": takeaway, "area": area, "audience": audience,
            "length": length, "language": language,
        }  # fmt: skip
        proposals.save(author, proposal, typed)
        self.proposal_ids.append(proposal.id)
        if self.fates[at] == "draft":
            return
        if at % 3 == 1 or self.fates[at].startswith("waiting"):
            other = self.world.who(self.authors[(at + 4) % len(self.authors)])
            proposals.add_presenter(author, proposal, other.name, other.email)
        proposals.submit(author, proposal)

    def answer(self) -> None:
        """Colleagues who were named say yes, but for one."""
        for proposal, fate in self._with_fates():
            for presenter in proposal.presenters:
                if presenter.state == "invited" and not fate.startswith("waiting"):
                    presenters.accept(self._person(presenter), presenter)

    def decide(self) -> None:
        """The organizers read everything and decide."""
        sofia = self.world.who("sofia")
        notes = {"standby": ("put_on_standby", STANDBY_NOTE), "declined": ("decline", DECLINE_NOTE),
                 "returned": ("send_back", RETURN_NOTE)}  # fmt: skip
        for proposal, fate in self._with_fates():
            if fate in ("submitted", "draft"):
                continue
            deciding.take_up(sofia, proposal)
            if fate != "in review":
                deciding.decide(sofia, proposal, *notes.get(fate, ("accept", "")))

    def confirm(self) -> None:
        """Presenters say that they will be there; a proposal that all have confirmed becomes a session."""
        for proposal, fate in self._with_fates():
            if fate in ("placed", "confirmed"):
                for presenter in proposal.presenters:
                    presenters.confirm(self._person(presenter), presenter)

    def place_all(self) -> None:
        """Sessions into blocks and rooms, one after the other, wherever nobody stands in two rooms at once."""
        sam, convening = self.world.who("sam"), self.convening
        blocks, rooms = self._blocks(), self._rooms()
        self._place_typed(sam, convening, blocks)
        parallel = [block for block in blocks if not block.whole]
        slots = [(block, room) for room in rooms[1:] for block in parallel]
        for proposal, fate in self._with_fates():
            if fate != "placed" or proposal.session is None:
                continue
            fitting = next(s for s in slots if s[0].minutes >= (proposal.length or 0) and self._free(proposal, s[0]))
            slots.remove(fitting)
            placing.place(sam, convening, proposal.session, *fitting)
            db.session.flush()

    def _place_typed(self, sam: Person, convening: Convening, blocks: list[Block]) -> None:
        whole = [block for block in blocks if block.whole][1:]
        for kind, (title, text), block in zip(("keynote", "meal", "circle"), self._typed(), whole, strict=True):
            speakers = self.world.who(self.authors[0]).name if kind == "keynote" else ""
            made = setup.write_session(
                sam, convening, None, kind=kind, title=title, text=text, speakers=speakers, language="both"
            )
            placing.place(sam, convening, made, block, None)

    def _typed(self) -> list[Any]:
        keynote, circles, lunch = KEYNOTES
        return [keynote, lunch, circles]

    def _free(self, proposal: Proposal, block: Block) -> bool:
        """Whether none of its people stands elsewhere at that time."""
        mine = {presenter.email for presenter in proposal.presenters}
        others = select(Presenter.email).join(Proposal, Proposal.id == Presenter.proposal_id)
        placed = others.join(Session, Session.proposal_id == Proposal.id).where(
            Session.placement.has(block_id=block.id), Proposal.convening_id == self.convening_id
        )
        return not mine & set(db.session.scalars(placed))

    def release(self) -> None:
        placing.release(self.world.who("sam"), self.convening)

    def _with_fates(self) -> list[tuple[Proposal, str]]:
        return [
            (db.session.get_one(Proposal, number), self.fates[at]) for at, number in enumerate(self.proposal_ids)
        ]

    def _person(self, presenter: Presenter) -> Person:
        return db.session.get_one(Person, presenter.person_id)

    def _blocks(self) -> list[Block]:
        query = select(Block).where(Block.convening_id == self.convening_id).order_by(Block.starts_at)
        return list(db.session.scalars(query))

    def _rooms(self) -> list[Room]:
        query = select(Room).where(Room.convening_id == self.convening_id).order_by(Room.position)
        return list(db.session.scalars(query))


def saturday(day: date) -> date:
    """The Saturday on or after a day."""
    return day + timedelta(days=(5 - day.weekday()) % 7)
