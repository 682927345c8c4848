"""A nomination being written: begun by the first answer, saved as it is typed, mailed as a link to finish later."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import links, outbox
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.core.once import insert_once
from portal.nominations.mail import nominator as mail
from portal.nominations.models import Nomination
from portal.nominations.queries import nomination as reads
from portal.nominations.rules.nominate import (
    LONGEST_KEPT,
    fields_of,
    first_name,
    has_words,
    is_living,
    nominations_are_open,
    was_sent,
)
from portal.programs.models import Cycle
from portal.questions.rules import is_own

OPEN_LINK = "nomination"  # opens one's own nomination on any device
HOUR = timedelta(hours=1)
MOST_CHOSEN = 200  # of a question with several choices
MOST_ASKED = 6  # letters an hour that somebody may ask for to one address


def begin(cycle: Cycle, public_id: str, age: str, locale: str) -> None:
    """Makes the draft of that public id, or answers the age question of the one that is there (a form sent twice)."""
    if not nominations_are_open(cycle, now()):
        raise Mistaken(_("Nominations are not open now."))
    values = {"answers": {"age": age}, "for_child": age == "under", "locale": locale}
    new = insert_once(
        Nomination, ["public_id"], public_id=public_id, program_id=cycle.program_id, cycle_id=cycle.id, **values
    )
    if new is None:  # the form came twice, or from a page that the browser had kept
        draft = db.session.scalar(select(Nomination).where(Nomination.public_id == public_id).with_for_update())
        if draft is not None and draft.state == "draft" and not was_sent(draft):
            draft.answers, draft.for_child = {**draft.answers, "age": age}, age == "under"


def locked(nomination: Nomination, *, alone: bool = False) -> Nomination:
    """The nomination as it stands now, with its row locked until the transaction ends (see `reads.locked`)."""
    return reads.locked(nomination.id, alone=alone)


def save(nomination: Nomination, step: str, typed: Mapping[str, Any], locale: str,
         versions: Mapping[str, int] | None = None) -> None:
    """Keeps what was typed into a step, right or wrong. Only the fields of the step, and only those that came.

    `versions` says in which version each question was shown; the first one goes without saying.
    """
    draft = locked(nomination, alone=True)
    if draft.state == "expired" and not has_words(draft):
        raise Mistaken(_("This draft has expired, and what was written is erased. Please begin a new nomination."))
    if not is_living(draft) and draft.state != "expired":
        raise Mistaken(_("This nomination was withdrawn. Nothing in it changes any more."))
    mine = fields_of(step)
    kept = {name: _kept(name, value) for name, value in typed.items() if name in mine or is_own(name)}
    if draft.state == "confirmed":
        kept.pop("email", None)  # the proven address stays
    answers = {**draft.answers, **kept}
    if answers != draft.answers:
        draft.answers = answers
        draft.step = step
    elif not was_sent(draft):
        draft.step = step
    draft.locale = locale
    told = {k: v for k, v in (versions or {}).items() if k in kept and (v > 1 or k in draft.asked)}
    if told:
        draft.asked = {**draft.asked, **told}


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(name, each) for each in value[:MOST_CHOSEN]]
    if len(value) > LONGEST_KEPT:
        raise Mistaken(_("This text is too long to be kept. Please shorten it to 8000 characters at most."))
    value = value.replace("\x00", "")
    return first_name(value) if name == "child" else value


def hold(nomination: Nomination, until: datetime) -> None:
    """Remembers from when on the nomination may be sent: whoever has waited once is not asked to wait again."""
    draft = locked(nomination, alone=True)
    draft.answers = {**draft.answers, "wait_until": until.isoformat()}


def mail_link(nomination: Nomination, address: str) -> None:
    """Sends a link to go on later to the address; it becomes the nominator's, when none is known yet."""
    if reads.letters_lately(address, now() - HOUR) >= MOST_ASKED:
        raise Mistaken(_("We sent several letters to this address within the hour. Please look for one of them first."))
    draft = locked(nomination)
    draft.answers = {**draft.answers, "later": address, "email": draft.answers.get("email") or address}
    link = links.issue(OPEN_LINK, draft.id, email=address)
    outbox.put(mail.finish_later(draft, address, link))

