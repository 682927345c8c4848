"""What convenings do by themselves: tell presenters when and where, once for each place."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.convenings import mail
from portal.convenings.models import Convening, Placement, Session
from portal.convenings.queries.agenda import people_of, who_was_told
from portal.core import outbox
from portal.core.db import db, transaction
from portal.core.jobs import job


@job("convenings.tell_presenters")
def tell_presenters(convening_id: int) -> None:
    """Writes to every presenter of a session of a released agenda: its place, told once, or, if an earlier letter told
    one, that it has none for now.
    """
    with transaction():
        convening = db.session.get(Convening, convening_id)
        if convening is None or convening.agenda_released_at is None:
            return
        people = people_of(convening_id)
        query = (
            select(Session)
            .where(Session.convening_id == convening_id, Session.canceled_at.is_(None))
            .options(
                joinedload(Session.convening).joinedload(Convening.program),
                joinedload(Session.placement).joinedload(Placement.block),
                joinedload(Session.placement).joinedload(Placement.room),
                joinedload(Session.proposal),
            )
        )
        sessions = list(db.session.scalars(query))
        told = who_was_told([session for session in sessions if session.placement is None])
        for session in sessions:
            for presenter in people.get(session.proposal_id or 0, []):
                if session.placement is not None:
                    outbox.put(mail.placed(presenter, session))
                elif presenter.public_id in told:
                    outbox.put(mail.unplaced(presenter, session, told[presenter.public_id]))
