"""Who sees the desk, a program's mail and its record. Pure."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_auditor, is_organizer, is_signed_in
from portal.core.access import permission, predicate
from portal.core.clock import now
from portal.nominations.rules.nominate import nominations_are_open


@predicate(_l("Schools are written to only while nominations are open."))
def nominations_are_taken(_person: Any, cycle: Any) -> bool:
    return nominations_are_open(cycle, now())


SEE = permission("desk.see", is_signed_in)
SEE_FIGURES = permission("desk.see_figures", is_organizer | is_auditor)
WRITE_TO_SCHOOLS = permission("desk.write_to_schools", is_organizer)
SEND_TO_SCHOOLS = permission("desk.send_to_schools", is_organizer & nominations_are_taken)
SEE_MAIL = permission("desk.see_mail", is_organizer)
MANAGE_MAIL = permission("desk.manage_mail", is_organizer)
SEE_HISTORY = permission("desk.see_history", is_organizer | is_auditor)

# The verbs of `outbox.MESSAGE` that a person may press, in the order of the page.
MAIL_VERBS = ("hold", "release", "resend", "cancel")
UNDELIVERED = ("failed", "bounced")
# Letters nobody but their reader opens: they carry what signs a person in.
PRIVATE_TEMPLATES = ("accounts/sign_in",)
# Letters with decisions, which tell nothing to anyone before they go out.
STAGED_PREFIX = "selection/"
STAGED_STATES = ("queued", "held")
# What tells of scoring is not for somebody who scores.
SCORING_VERBS = (
    "review.",
    "score.",
    "assignment.",
    "assignment_plan.",
    "conflict.",
    "ranking.",
    "decision.",
    "decisions.",
    "tie.",
    "announcement.",
)
