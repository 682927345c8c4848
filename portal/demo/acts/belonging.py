"""Winners are invited to the Collective, join, and say something about themselves."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from portal.collective import actions as collective
from portal.collective.models import Invitation, Member
from portal.core.audit import SYSTEM
from portal.core.clock import now
from portal.core.db import db
from portal.core.names import person_key
from portal.demo.words.members import PROFILES
from portal.demo.world import World, living_link

SILENT = 1  # so many winners have not answered


class Belonging:
    """The Collective after an announcement. `parts`: name key -> part, for who is played by somebody."""

    def __init__(self, world: World, parts: dict[str, str]) -> None:
        self.world, self.parts, self.rng = world, parts, Random(5)

    def invite(self) -> None:
        """The portal finds the announced winners and writes to them; most join within three weeks."""
        invited = collective.invite_winners(SYSTEM, self.world.program)
        silent = {i.id for i in [i for i in invited if person_key(i.name) not in self.parts][:SILENT]}
        for at, invitation in enumerate(invited):
            if invitation.id not in silent and invitation.email:
                after = now() + timedelta(hours=self.rng.uniform(2, 400))
                self.world.stage.at(after, self.join, invitation.id, at)

    def join(self, invitation_id: int, at: int) -> None:
        """Somebody accepts, and later writes the profile."""
        invitation = db.session.get_one(Invitation, invitation_id)
        link = living_link(collective.PURPOSE, invitation.id)
        member, _cookie = collective.accept(link, invitation, invitation.name, "Safari on a phone")
        part = self.parts.get(person_key(invitation.name), f"winner{at}")
        self.world.people[part] = member.person_id
        if at % 4 != 3:
            self.world.stage.at(now() + timedelta(days=1), self.tell, member.id, at)

    def tell(self, member_id: int, at: int) -> None:
        """A profile, public for every other member."""
        member = db.session.get_one(Member, member_id)
        bio, ask = PROFILES[(at + 5) % len(PROFILES)]
        typed = {"bio": bio, "ask_about": ask, "visibility": "public" if at % 2 else "members"}
        collective.save_profile(member.person, member, typed)

    def ask_again(self) -> None:
        """An invitation that ran out is sent once more."""
        sofia = self.world.who("sofia")
        for invitation in db.session.scalars(select(Invitation).where(Invitation.state.in_(("sent", "expired")))):
            if invitation.state == "sent" and invitation.expires_at and invitation.expires_at <= now():
                collective.expire(invitation)
            if invitation.email:
                collective.send_again(sofia, invitation, invitation.email)
