"""What staff do with letters: hold, release, send again, cancel those of the outbox; write to silent schools."""

from typing import Any

from portal.core import audit, links, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import batches
from portal.core.moves import move
from portal.core.outbox import MESSAGE, Message
from portal.desk import mail, rules
from portal.desk.queries import silent
from portal.nominations.rules.bulk import HOLD
from portal.programs.actions.contacts import PURPOSE
from portal.programs.models import Cycle

STARTS_SENDING = ("release", "resend")


def change_message(by: Any, message: Message, verb: str) -> None:
    """Moves a message by one of `rules.MAIL_VERBS`; what is queued again is sent by the worker at once.

    Who sends a letter again that came back says with it that the address is right: mail goes there again.
    """
    demand(by, rules.MANAGE_MAIL, message)
    if verb not in rules.MAIL_VERBS:
        raise KeyError(verb)
    lost = message.state in rules.UNDELIVERED
    again = {"tries": 0, "kind": "", "problem": "", "not_before": None} if verb in STARTS_SENDING else {}
    move(MESSAGE, verb, message, by, changes=again)
    if verb == "resend":
        outbox.send_again(message)
    elif again:
        outbox.send_soon()
    elif verb == "cancel" and message.template == mail.TEMPLATE:  # nobody there got it: the school may be written to
        outbox.free(Message.id == message.id, *([] if lost else [Message.tries == 0]))  # what leaves just now keeps it


def write_to_silent_schools(by: Any, cycle: Cycle) -> int:
    """One letter to the contact of each silent school that none went to in this cycle; how many. Raises Refused.

    They wait before they leave, as those of an act on many files do. Pressed twice, or by two at once, each letter goes
    out once: its key is the school's and the cycle's.
    """
    demand(by, rules.SEND_TO_SCHOOLS, cycle)
    contacts = silent.contacts_to_write_to(cycle)
    stops = [links.draft(PURPOSE, cycle.program_id, email=each.email) for each in contacts]
    letters = [mail.silent_school(cycle, each, stop) for each, stop in zip(contacts, stops, strict=True)]
    made = outbox.put_all(letters, not_before=now() + HOLD)
    links.write(stops)
    if made:
        audit.record(by, "cycle.schools_written_to", cycle, letters=made)
    return made


def call_back_from_silent_schools(by: Any, cycle: Cycle) -> int:
    """Calls back the letters that have not left; how many. Their schools may be written to as if they never were."""
    demand(by, rules.WRITE_TO_SCHOOLS, cycle)
    called = sum(len(outbox.call_back(by, some, mail.TEMPLATE)) for some in batches(silent.waiting_for(cycle)))
    if called:
        audit.record(by, "cycle.schools_called_back", cycle, letters=called)
    return called
