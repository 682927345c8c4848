"""Mail as rows: an action puts a letter in, the job runner sends it; staff read, hold and resend.

Why a letter did not arrive is read by `core.delivery` (on sending) and `core.bounces` (when it comes back).

A letter is a template and a plain context, rendered when it is read or sent (never inside a transaction). Templates lie
in `templates/mail/<feature>/<message>.{subject.txt,txt,html}`; `links.reference(...)` becomes an address.

Rooms: `messages` (what a letter and its row are), `rendering` (how it is read), `putting` (in, and back out before it
left), `sending` (the job), `mending` (what staff and erasures change of letters that are there).
"""

from portal.core.outbox.mending import blank, follow, let_through, send_again, set_aside
from portal.core.outbox.messages import MESSAGE, Letter, Message
from portal.core.outbox.putting import call_back, free, put, put_all, row, send_soon, waits
from portal.core.outbox.rendering import Rendered, address, as_email, read, render, subject_of
from portal.core.outbox.sending import send_due

__all__ = [
    "MESSAGE",
    "Letter",
    "Message",
    "Rendered",
    "address",
    "as_email",
    "blank",
    "call_back",
    "follow",
    "free",
    "let_through",
    "put",
    "put_all",
    "read",
    "render",
    "row",
    "send_again",
    "send_due",
    "send_soon",
    "set_aside",
    "subject_of",
    "waits",
]
