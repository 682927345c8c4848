"""Drafts that nobody sent: they expire when nominations have closed, go on when the date is moved, and are erased."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from portal.core import audit, links, outbox
from portal.core.clock import now
from portal.core.db import sweep
from portal.core.errors import Mistaken
from portal.core.moves import move, move_all
from portal.nominations.actions.drafts import OPEN_LINK, locked
from portal.nominations.models import Nomination
from portal.nominations.rules import NOMINATION
from portal.nominations.rules.nominate import has_words, nominations_are_open
from portal.questions.actions import forget_files

ERASED: dict[str, Any] = {
    "answers": {},
    "asked": {},
    "said": {},
    "step": "",
    "nominator_name": "",
    "nominator_email": "",
    "child_name": "",
}


def expire(drafts: Sequence[Nomination]) -> int:
    """Ends these drafts; what was written stays readable by its link until it is erased. How many there were."""
    return len(move_all(NOMINATION, "expire", drafts, audit.SYSTEM, only=("draft",)))


def resume(nomination: Nomination) -> None:
    """An expired draft goes on, because nominations are open again."""
    draft = locked(nomination)
    if draft.state == "draft":
        return
    if not nominations_are_open(draft.cycle, now()):
        raise Mistaken(_("Nominations are not open now."))
    if not has_words(draft):
        raise Mistaken(_("What you had written is erased. Please begin a new nomination."))
    move(NOMINATION, "resume", draft, "nominator")


def erase(expired: Sequence[Nomination]) -> None:
    """Erases what expired drafts held, and the letters about them. The empty rows let a link say what happened."""
    numbers = [n.id for n in expired]
    sweep(update(Nomination).where(Nomination.id.in_(numbers)).values(ERASED))
    names = [audit.name_of(n) for n in expired]
    forget_files(names)
    outbox.blank(names)
    link = links.Link
    sweep(update(link).where(link.purpose == OPEN_LINK, link.subject_id.in_(numbers)).values(email=""))
