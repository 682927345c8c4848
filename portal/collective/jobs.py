"""What the Collective does by itself: invites announced winners, closes invitations that ran out."""

from datetime import timedelta

from sqlalchemy import select

from portal.collective import actions, queries
from portal.collective.models import Invitation
from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.errors import Overtaken
from portal.core.jobs import job
from portal.programs.models import Program


@job("collective.invite_winners", every=timedelta(minutes=15))
def invite_winners(program_id: int | None = None) -> None:
    """Invites the announced winners (of one program, or of all) who were not asked yet."""
    waiting = sorted({file.program_id for file in queries.announced_winners(program_id)})
    for found in waiting:
        with transaction():
            actions.invite_winners(audit.SYSTEM, db.session.get_one(Program, found))


@job("collective.expire_invitations", every=timedelta(hours=6))
def expire_invitations() -> None:
    """Marks the invitations whose time to answer is over."""
    query = select(Invitation.id).where(Invitation.state == "sent", Invitation.expires_at <= now())
    for invitation_id in list(db.session.scalars(query)):
        try:
            with transaction():
                actions.expire(db.session.get_one(Invitation, invitation_id))
        except Overtaken:
            continue  # answered or sent again in the meantime
