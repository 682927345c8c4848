"""Where the address of a letter that did not arrive is put right: a form in place, a page, or a sentence what to do."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.core.delivery import OF_THE_ADDRESS
from portal.core.outbox import Message
from portal.desk.nav import known
from portal.desk.queries.mail import Behind
from portal.nominations.rules.consent import address_can_change
from portal.programs.models import Program


class Mending(NamedTuple):
    """`form`: whose address is typed in place ("file", "nomination", or ""); else what to do, and the page for it.
    `moot`: nobody needs the letter any more.
    """

    form: str = ""
    todo: Any = ""
    label: Any = ""
    url: str = ""
    moot: bool = False


Place = Callable[[str, Program], str]  # the public id of what the letter is about, and the program -> an address

# By what a letter is about (the kind in its audit name): one sentence, and the page where it is done.
ELSEWHERE: dict[str, tuple[Any, Any, Place | None]] = {
    "seat": (
        _l("To use another address, take the person's seat on the panel away and invite them again."),
        _l("Open the seat"),
        lambda public_id, _program: known("review.seat", public_id=public_id),
    ),
    "role_invitation": (
        _l("To use another address, take the invitation back and invite the person again."),
        _l("Open the people of the program"),
        lambda _id, program: known("people.people", slug=program.slug),
    ),
    "collective_invitation": (
        _l("To use another address, write it beside the invitation and send it from there."),
        _l("Open the invitations"),
        lambda _id, program: known("collective.invitations", slug=program.slug),
    ),
    "member": (
        _l("Members sign in by this address. To use another one, invite them to the Collective at it."),
        _l("Open the invitations"),
        lambda _id, program: known("collective.invitations", slug=program.slug),
    ),
    "proposal": (
        _l("Presenters are written to where they sign in. Tell them by other means: the proposal says who sent it."),
        _l("Open the session's proposal"),
        lambda public_id, _program: known("convenings.proposal", public_id=public_id),
    ),
    "school": (
        _l("To use another address, ask the school office and put the contact right in the directory."),
        _l("Open the school"),
        lambda public_id, _program: known("schools.school", public_id=public_id),
    ),
    "tie": (_l("The ballot stands on the reader's own desk. Tell them by other means, then set this aside."), "", None),
    "decision": (
        _l("Tell the nominee yourself: the letter shows the words. Then set it aside."),
        "",
        None,
    ),
    "program": (_l("This was a test of a letter. Set it aside."), "", None),
}
MOVED_ON = _l("The address was corrected since, so nobody needs this letter. Set it aside.")
ANSWERED = _l("The nominee has answered or the file was joined, so the address is not corrected here. Set it aside.")
OVER = _l("The time for nominees to say yes is over, so the address is not corrected here. Set it aside.")
STANDS_NOT = _l("This nomination does not stand any more, so nobody needs this letter. Set it aside.")
FORMS_OPEN = ("open", "asked", "accepted")


def of(message: Message, behind: Behind, program: Program) -> Mending:
    """What a person can do about the address of this letter."""
    kind, _colon, public_id = message.about.partition(":")
    if kind == "nomination" and behind.nomination is not None:
        return _nominators(message, behind.nomination)
    if kind == "file" and behind.file is not None:
        return _nominees(message, behind.file)
    if kind not in ELSEWHERE or message.kind not in (*OF_THE_ADDRESS, "stopped"):
        return Mending()
    todo, label, place = ELSEWHERE[kind]
    return Mending("", todo, label, place(public_id, program) if place else "")


def _nominators(message: Message, nomination: Any) -> Mending:
    if nomination.state not in ("submitted", "confirmed"):
        return Mending(todo=STANDS_NOT, moot=True)
    return Mending("nomination") if nomination.nominator_email == message.to else Mending(todo=MOVED_ON, moot=True)


def _nominees(message: Message, file: Any) -> Mending:
    if file.consent not in FORMS_OPEN or file.withdrawn_at or file.joined_into_id:
        return Mending(todo=ANSWERED, moot=True)
    if file.email != message.to:
        return Mending(todo=MOVED_ON, moot=True)
    return Mending("file") if address_can_change(file) else Mending(todo=OVER, moot=True)
