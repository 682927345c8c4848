"""Asking for a seconder: who nominated themself gets a link to pass on; a nomination begun by it names the educator.

The link tells no more than who is to be nominated: name, school, district and position as the educator wrote them.
"""

from typing import Any

from sqlalchemy import select

from portal.core import links
from portal.core.db import db
from portal.nominations.actions import drafts
from portal.nominations.models import Nomination
from portal.nominations.queries.seconding import SECOND_LINK, link_of
from portal.nominations.rules.nominate import form_settings, was_sent

TOLD = ("educator", "school", "school_choice", "district", "position")  # answers that a seconder finds filled in
SECONDS = "seconds"  # the answer that says whose link began a nomination


def offer(nomination: Nomination) -> links.Link | None:
    """The link to pass on, made when there is none; None for who did not nominate themself or needs nobody."""
    if nomination.relation_group != "self" or form_settings(nomination.cycle.program).self_needs_seconders < 1:
        return None
    return link_of(nomination) or links.issue(SECOND_LINK, nomination.id)


def begin(first: Nomination, public_id: str, age: str, locale: str) -> None:
    """Begins a draft (see `drafts.begin`) about the educator of `first`. What is typed already is left alone."""
    drafts.begin(first.cycle, public_id, age, locale)
    draft = db.session.scalar(select(Nomination).where(Nomination.public_id == public_id).with_for_update())
    if draft is None or was_sent(draft) or draft.answers.get("educator"):
        return
    told: dict[str, Any] = {name: first.answers[name] for name in TOLD if first.answers.get(name)}
    draft.answers = {**draft.answers, **told, SECONDS: first.public_id}
    draft.step = draft.step or "educator"  # it holds words now, which are erased in time as typed ones are
