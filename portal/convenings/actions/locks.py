"""Rows held until the transaction ends, so that of two who act at once the second sees what the first has done.

SQLite has the whole database locked already; there these are plain reads.
"""

from sqlalchemy import select

from portal.convenings.models import Convening, Proposal
from portal.core.db import db


def lock(convening_id: int) -> None:
    """Holds the timetable of a convening (rooms, blocks, placements) and reads its row afresh."""
    db.session.execute(select(Convening).where(Convening.id == convening_id).with_for_update())


def lock_proposal(proposal: Proposal) -> None:
    """Holds a proposal with its presenters and their words: the last of two who confirm at once makes the session.

    Whoever needs the convening's lock, too, takes it after this one.
    """
    db.session.execute(select(Proposal.id).where(Proposal.id == proposal.id).with_for_update())
    db.session.refresh(proposal, ["state"])
    db.session.expire(proposal, ["presenters", "session"])
