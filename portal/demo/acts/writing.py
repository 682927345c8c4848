"""Nominators write, prove their addresses, think again; one nomination after the other, by the form's own actions."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import links
from portal.core.db import db
from portal.core.links import Link
from portal.core.names import school_key
from portal.core.tokens import new_public_id
from portal.demo.acts.founding import HEARD
from portal.demo.script import Educator, Place, Voice
from portal.demo.stage import Stage
from portal.nominations.actions import drafts, nominate
from portal.nominations.actions.matching import Educator as Named
from portal.nominations.models import Nomination
from portal.nominations.rules.nominate import position_of, relation_of
from portal.programs.models import Cycle, Program


class Writing:
    """Puts every nomination of a year on the stage."""

    def __init__(self, stage: Stage, cycle: Cycle, places: list[Place], span: tuple[datetime, datetime]) -> None:
        self.stage, self.cycle_id, self.span = stage, cycle.id, span
        self.by_key = {(place.district_id, school_key(place.name)): place for place in places}

    def stage_all(self, educators: list[Educator]) -> None:
        """Each voice at its moment; proofs some hours later, withdrawals some days later."""
        for educator in educators:
            for voice in educator.voices:
                self.stage.at(self.moment(voice), self.write, educator, voice)

    def moment(self, voice: Voice) -> datetime:
        """When a voice is heard: mostly in the evening, when people have time."""
        first, last = self.span
        rough = first + (last - first) * voice.at
        evening = 14 + (hash_of(voice.email) % 540) / 60
        return max(first, min(self.stage.moment(rough.astimezone(self.stage.zone).date(), evening), last))

    def write(self, educator: Educator, voice: Voice) -> None:
        """The form filled in and sent. Its pages are left out, not its actions: nobody looks on."""
        cycle = db.session.get_one(Cycle, self.cycle_id)
        public_id = new_public_id()
        drafts.begin(cycle, public_id, "under" if voice.child else "adult", voice.locale)
        draft = db.session.scalars(select(Nomination).where(Nomination.public_id == public_id)).one()
        program = cycle.program
        place = self.place_of(educator, voice)
        draft.answers = {**draft.answers, **answers_of(program, educator, voice, place)}
        nominate.send(draft, columns_of(program, educator, voice, place), named(program, educator, voice, place))
        if voice.proven:
            self.stage.at(self.moment(voice) + self.proof_after(voice), prove, draft.id)
        if voice.withdrawn:
            self.stage.at(self.moment(voice) + timedelta(days=2), take_back, draft.id)

    def begin_only(self, educator: Educator, voice: Voice) -> None:
        """Somebody begins, types a little and does not come back."""
        cycle = db.session.get_one(Cycle, self.cycle_id)
        public_id = new_public_id()
        drafts.begin(cycle, public_id, "adult", voice.locale)
        draft = db.session.scalars(select(Nomination).where(Nomination.public_id == public_id)).one()
        typed = {"educator": voice.written_name, "school": voice.written_school, "position": educator.position}
        drafts.save(draft, "educator", typed, voice.locale)
        drafts.save(draft, "story", {"story": voice.story[: 20 + hash_of(voice.email) % 120]}, voice.locale)

    def proof_after(self, voice: Voice) -> timedelta:
        """How long somebody takes to open the letter."""
        return timedelta(minutes=4 + hash_of(voice.email, "proof") % 300)

    def place_of(self, educator: Educator, voice: Voice) -> Place | None:
        """The directory's school, when it was written so that it can be found."""
        if educator.place is None:
            return None
        return self.by_key.get((educator.place.district_id, school_key(voice.written_school)))


def hash_of(*texts: str) -> int:
    """A number from texts that is the same on every machine."""
    found = 7
    for sign in "".join(texts):
        found = (found * 131 + ord(sign)) % 1_000_003
    return found


def prove(nomination_id: int) -> None:
    """The nominator presses the button behind the mailed link."""
    query = select(Link).where(Link.purpose == nominate.PROOF_LINK, Link.subject_id == nomination_id)
    link = db.session.scalar(query.where(Link.used_at.is_(None), Link.revoked_at.is_(None)).limit(1))
    if link is not None and links.find(nominate.PROOF_LINK, links.token(link)) is not None:
        nominate.confirm(db.session.get_one(Nomination, nomination_id), link)


def take_back(nomination_id: int) -> None:
    """The nominator withdraws what was sent."""
    nomination = db.session.get_one(Nomination, nomination_id)
    if nomination.state in ("submitted", "confirmed"):
        nominate.withdraw(nomination)


def answers_of(program: Program, educator: Educator, voice: Voice, place: Place | None) -> dict[str, str]:
    """What was typed, by field."""
    known = {
        "educator": voice.written_name.strip(),
        "school": voice.written_school,
        "position": educator.position,
        "subject": educator.subject[voice.locale == "es"],
        "relation": voice.relation,
        "known_for": voice.known_for,
        "tie": "yes" if voice.tie else "no",
        "tie_text": voice.tie,
        "story": voice.story,
        "with_others": voice.with_others,
        "name": voice.name,
        "email": voice.email,
        "sharing": voice.sharing,
        "district": "" if place else "unknown",
        "school_choice": "" if place else "none",
    }
    if voice.child:
        known["child"] = voice.child
    if heard := heard_from(voice):
        known[HEARD.key] = heard
    return known


def columns_of(program: Program, educator: Educator, voice: Voice, place: Place | None) -> dict[str, Any]:
    """What `forms.nomination.columns` makes of these answers."""
    heard = heard_from(voice)
    return {
        "educator_name": " ".join(voice.written_name.split()),
        "school_id": place.id if place else None,
        "school_name": place.name if place else voice.written_school,
        "district_id": place.district_id if place else None,
        "position": _position(program, educator.position, voice.locale),
        "subject": educator.subject[voice.locale == "es"],
        "educator_email": educator.email if educator.told_email else "",
        "relation": voice.relation,
        "relation_group": relation_of(program, voice.relation).get("group", voice.group),
        "known_for": voice.known_for,
        "story": voice.story,
        "with_others": voice.with_others,
        "tie": voice.tie,
        "nominator_name": voice.name,
        "nominator_email": voice.email,
        "sharing": voice.sharing,
        "said": {HEARD.key: {"v": 1, "a": heard}} if heard else {},
    }


def heard_from(voice: Voice) -> str:
    """The answer to the program's own question, or "": it may be left out."""
    answers = ("", *(option.key for option in HEARD.options), "school")
    return answers[hash_of(voice.email, "heard") % len(answers)]


def _position(program: Program, key: str, locale: str) -> str:
    name = position_of(program, key).get("name", {})
    return str(name.get(locale) or name.get("en") or key)


def named(program: Program, educator: Educator, voice: Voice, place: Place | None) -> Named:
    return Named(
        " ".join(voice.written_name.split()),
        school_name=place.name if place else voice.written_school,
        school_id=place.id if place else None,
        district_id=place.district_id if place else None,
        district_name=place.district if place else "",
        position=_position(program, educator.position, voice.locale),
        position_key=educator.position,
        locale=educator.locale,
    )
