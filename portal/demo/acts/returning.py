"""Two letters come back: a nominator mistyped their own address, and a nominee's mailbox is full."""

from sqlalchemy import literal, select

from portal.core import bounces
from portal.core.db import db
from portal.core.outbox import Message
from portal.demo.awkward import STUFFING
from portal.demo.world import World
from portal.nominations.models import Nomination, NomineeFile


def come_back(world: World) -> None:
    """What their mail servers said, as a delivery report tells it; inside a transaction, once the letters are out."""
    unproven = (
        select(Message.public_id)
        .join(Nomination, Message.about == literal("nomination:") + Nomination.public_id)
        .where(Nomination.cycle_id == world.cycle_id, Nomination.state == "submitted")
        .where(Message.template == "nominations/receipt", ~Message.to.endswith("@" + STUFFING))
    )
    asked = (
        select(Message.public_id)
        .join(NomineeFile, Message.about == literal("file:") + NomineeFile.public_id)
        .where(NomineeFile.cycle_id == world.cycle_id, NomineeFile.consent == "asked", NomineeFile.email == Message.to)
        .where(Message.template == "nominations/consent_request", NomineeFile.email != "tariq@example.org")
    )
    for query, kind, said in (
        (unproven, "unknown", "550 5.1.1 The email account that you tried to reach does not exist."),
        (asked, "full", "552 5.2.2 The recipient's mailbox is full."),
    ):
        public_id = db.session.scalars(query.order_by(Message.id.desc()).limit(1)).first()
        if public_id is not None:
            bounces.take(bounces.Report(failed=True, public_ids=(public_id,), kind=kind, detail=said))
