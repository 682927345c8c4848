"""What is changed of letters that are there: sent again, to another address, set aside, their words erased."""

from collections.abc import Sequence

from sqlalchemy import Text, and_, case, cast, or_, update

from portal.core import delivery
from portal.core.clock import now
from portal.core.db import sweep
from portal.core.outbox.messages import Message
from portal.core.outbox.putting import send_soon

BLANK = "core/blank"  # a letter whose words were erased


def send_again(message: Message) -> None:
    """Lets mail go to the message's address again; the caller has moved the message itself to "queued"."""
    let_through(message.to)
    send_soon()


def let_through(address: str, about: str = "") -> bool:
    """Mail goes to this address again: first what was kept back meanwhile, and what came back about this one thing.
    Whether the address had been stopped.
    """
    if not delivery.let_through(address):
        return False
    kept_back = and_(Message.state == "failed", Message.kind == "stopped")
    lost = and_(Message.about == about, Message.state.in_(("failed", "bounced")))
    again = update(Message).where(Message.to == address, or_(kept_back, lost) if about else kept_back)
    values = {"state": "queued", "tries": 0, "kind": "", "problem": "", "not_before": None}
    sweep(again.values(values))
    send_soon()
    return True


def blank(abouts: Sequence[str], *, only_to: str | None = None) -> None:
    """Erases the words of all letters about these things, and cancels those that wait. The reader's address goes too:
    of all of them, or with `only_to` of those that went to that address.
    """
    if not abouts:
        return
    about = Message.about.in_(abouts)
    waiting = Message.state.in_(("queued", "held", "failed", "bounced"))
    gone = {"context": {}, "template": BLANK, "problem": ""}
    theirs = [] if only_to is None else [Message.to == only_to]
    for conditions, values in ((waiting,), {"state": "canceled"}), ((), gone), (theirs, {"to": ""}):
        statement = update(Message).where(about, *conditions).values(values)
        sweep(statement)


def set_aside(about: str, address: str) -> None:
    """Undelivered letters about a thing to an address that was corrected need nobody any more; those whose time has
    not come stay here.
    """
    early = and_(Message.state.in_(("queued", "held")), Message.not_before > now())
    undelivered = or_(Message.state.in_(("failed", "bounced")), early)
    statement = update(Message).where(Message.about == about, Message.to == address, undelivered)
    sweep(statement.values(state="canceled"))


def follow(about: str, before: str, address: str) -> None:
    """Letters about a thing that wait or did not arrive go to its corrected address. Those with a link are canceled: it
    was made for the old one.
    """
    undelivered = Message.state.in_(("failed", "bounced"))
    no_link = cast(Message.context, Text).not_like('%"$link"%')
    mine = update(Message).where(Message.about == about, Message.to == before)
    values = {
        "to": case((no_link, address), else_=Message.to),
        "state": case((~no_link, "canceled"), (undelivered, "queued"), else_=Message.state),
        "tries": 0,
        "not_before": case((Message.tries == 0, Message.not_before)),  # not the next try's time: that is now
        "kind": case((no_link, ""), else_=Message.kind),
        "problem": case((no_link, ""), else_=Message.problem),
    }
    moved = mine.where(or_(undelivered, Message.state.in_(("queued", "held")))).values(values).returning(Message.id)
    if sweep(moved).all():
        send_soon()
