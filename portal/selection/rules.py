"""States of decisions and announcements; who may see the board, propose, confirm and announce."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_organizer
from portal.core.access import PERMISSIONS, permission, predicate
from portal.core.flow import Flow

DECISION = Flow(
    "decision",
    initial="proposed",
    confirm=({"proposed"}, "confirmed"),
    reopen=({"confirmed"}, "proposed"),
    withdraw=({"proposed"}, "withdrawn"),
    propose_again=({"withdrawn"}, "proposed"),
    announce=({"confirmed"}, "announced"),
    correct=({"announced"}, "announced"),
)
ANNOUNCEMENT = Flow(
    "announcement",
    initial="drafting",
    announce=({"drafting"}, "announced"),
)
OUTCOMES = ("winner", "finalist", "honorable_mention", "not_selected")
HONORED = ("winner", "finalist", "honorable_mention")
LETTER_KINDS = ("winner", "rest", "nominator")
TIE_STEPS = ("student_criteria", "median", "panel_vote", "chair")

OUTCOME_NAMES = {
    "winner": _l("Winner"),
    "finalist": _l("Finalist"),
    "honorable_mention": _l("Honorable mention"),
    "not_selected": _l("Not selected this year"),
}


@predicate(_l("A second person confirms: somebody other than the one who proposed."))
def did_not_propose(person: Any, slate: Any) -> bool:
    return person is not None and person.id not in getattr(slate, "proposer_ids", ())


@predicate(_l("The winners are announced already."))
def is_not_announced(_person: Any, thing: Any) -> bool:
    cycle = getattr(thing, "cycle", thing)
    return cycle.announced_at is None


@predicate(_l("The decisions are not confirmed yet."))
def is_confirmed(_person: Any, thing: Any) -> bool:
    cycle = getattr(thing, "cycle", thing)
    return cycle.decisions_confirmed_at is not None


@predicate(_l("Results of this round are not open to you."))
def sees_results(person: Any, standing: Any) -> bool:
    """The review package's own answer, with its own reason where it refuses (see `sees_results_or_says_why`)."""
    return bool(PERMISSIONS["review.see_results"](person, standing))
