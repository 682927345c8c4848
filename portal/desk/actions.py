"""What staff do with letters in the outbox: hold, release, send again, cancel."""

from typing import Any

from portal.core import jobs, outbox
from portal.core.access import demand
from portal.core.moves import move
from portal.core.outbox import MESSAGE, Message
from portal.desk import rules

STARTS_SENDING = ("release", "resend")


def change_message(by: Any, message: Message, verb: str) -> None:
    """Moves a message by one of `rules.MAIL_VERBS`; what is queued again is sent by the worker at once.

    Who sends a letter again that came back says with it that the address is right: mail goes there again.
    """
    demand(by, rules.MANAGE_MAIL, message)
    if verb not in rules.MAIL_VERBS:
        raise KeyError(verb)
    again = {"tries": 0, "kind": "", "problem": "", "not_before": None} if verb in STARTS_SENDING else {}
    move(MESSAGE, verb, message, by, changes=again)
    if verb == "resend":
        outbox.send_again(message)
    elif again:
        jobs.later("mail.send_due", key="mail.send_due")
