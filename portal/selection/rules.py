"""States of decisions and announcements; who may see the board, propose, confirm and announce."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_organizer
from portal.core.access import PERMISSIONS, Rule, permission, predicate
from portal.core.flow import Flow

DECISION = Flow(
    "decision",
    initial="proposed",
    confirm=({"proposed"}, "confirmed"),
    reopen=({"confirmed"}, "proposed"),
    withdraw=({"proposed"}, "withdrawn"),
    propose_again=({"withdrawn"}, "proposed"),
    announce=({"confirmed"}, "announced"),
)
# open: the panel ranks the tied files. closed: the ballots are counted. decided: what the count left tied, the chair
# chose. canceled: a newer ranking has no such tie any more.
TIE = Flow(
    "tie",
    initial="open",
    close=({"open"}, "closed"),
    decide=({"closed"}, "decided"),
    cancel=({"open"}, "canceled"),
    open_again=({"canceled"}, "open"),
)
CORRECTION = Flow(
    "correction",
    initial="proposed",
    confirm=({"proposed"}, "confirmed"),
    withdraw=({"proposed"}, "withdrawn"),
)
ANNOUNCEMENT = Flow(
    "announcement",
    initial="drafting",
    announce=({"drafting"}, "announced"),
)
OUTCOMES = ("winner", "finalist", "honorable_mention", "not_selected")
HONORED = ("winner", "finalist", "honorable_mention")
LETTER_KINDS = ("winner", "rest", "nominator")
LETTER_TEMPLATE = "selection/announcement"

OUTCOME_NAMES = {
    "winner": _l("Winner"),
    "finalist": _l("Finalist"),
    "honorable_mention": _l("Honorable mention"),
    "not_selected": _l("Not selected this year"),
}


@dataclass(frozen=True)
class Room:
    """A round's results as one person may enter them: what every permission of this package is asked about.

    `standing` is the review package's answer to where the person stands; `find_proposers` tells, when asked, the people
    behind the decisions that wait for a second person. Made by `selection.queries.room`.
    """

    program: Any
    cycle: Any
    round: Any
    standing: Any
    find_proposers: Callable[[], frozenset[int]] = frozenset

    @property
    def proposers(self) -> frozenset[int]:
        return self.find_proposers()

    @property
    def program_id(self) -> int:
        return int(self.standing.program_id)

    @property
    def cycle_id(self) -> int:
        return int(self.standing.cycle_id)


@dataclass(frozen=True)
class Booth:
    """One person's place in a vote on a tie: what the ballot page is asked about. Made by `selection.queries.booth`.

    `sits`: still on the panel. `conflicted`: with one of the tied files. `owes`: reviews of their own are missing.
    """

    vote: Any
    ballot: Any
    cycle: Any
    sits: bool
    conflicted: bool
    owes: bool

    @property
    def program(self) -> Any:
        return self.vote.program

    @property
    def program_id(self) -> int:
        return int(self.vote.program_id)

    @property
    def cycle_id(self) -> int:
        return int(self.vote.cycle_id)


# The review package's own answers, with its own reasons.
sees_results = Rule("sees_results", lambda person, room: PERMISSIONS["review.see_results"](person, room.standing))
leads = Rule("leads", lambda person, room: PERMISSIONS["review.lead_panel"](person, room.standing))


@predicate(_l("You have a conflict of interest with a file of this round, so others decide it."))
def has_no_conflict(_person: Any, room: Any) -> bool:
    return not room.standing.conflicted


@predicate(_l("A second person confirms: somebody other than the one who proposed."))
def did_not_propose(person: Any, room: Any) -> bool:
    return person is not None and person.id not in room.proposers


@predicate(_l("This ballot belongs to somebody else."))
def is_own_ballot(person: Any, booth: Any) -> bool:
    return person is not None and booth.ballot.person_id == person.id


@predicate(_l("You have a conflict of interest with one of these files, so others rank them."))
def has_no_conflict_with_the_tied(_person: Any, booth: Any) -> bool:
    return not booth.conflicted


@predicate(_l("You no longer sit on this panel."))
def still_sits(_person: Any, booth: Any) -> bool:
    return bool(booth.sits)


@predicate(_l("Hand in your own reviews first. Then this ballot opens."))
def owes_no_review(_person: Any, booth: Any) -> bool:
    return not booth.owes


@predicate(_l("The vote is closed."))
def vote_is_open(_person: Any, booth: Any) -> bool:
    return bool(booth.vote.state == "open")


@predicate(_l("A second person confirms: somebody other than the one who proposed."))
def did_not_propose_it(person: Any, correction: Any) -> bool:
    return person is not None and correction.proposed_by_id != person.id


@predicate(_l("The winners are announced already."))
def is_not_announced(_person: Any, thing: Any) -> bool:
    return thing.cycle.announced_at is None


@predicate(_l("The winners are not announced yet."))
def is_announced(_person: Any, thing: Any) -> bool:
    return thing.cycle.announced_at is not None


@predicate(_l("The decisions are confirmed. Take them back first if something must change."))
def is_not_confirmed(_person: Any, thing: Any) -> bool:
    return thing.cycle.decisions_confirmed_at is None


@predicate(_l("The decisions must be confirmed by a second person first."))
def is_confirmed(_person: Any, thing: Any) -> bool:
    return thing.cycle.decisions_confirmed_at is not None


SEE_BOARD = permission("selection.see_board", sees_results)
RANK = permission("selection.rank", leads & sees_results)
_may_decide = leads & sees_results & has_no_conflict & is_not_announced & is_not_confirmed
PROPOSE = permission("selection.propose", _may_decide)
CONFIRM = permission("selection.confirm", _may_decide & did_not_propose)
REOPEN = permission("selection.reopen", leads & sees_results & has_no_conflict & is_not_announced & is_confirmed)
RUN_VOTE = permission("selection.run_vote", _may_decide)
_may_rank = is_own_ballot & still_sits & has_no_conflict_with_the_tied & owes_no_review
SEE_BALLOT = permission("selection.see_ballot", _may_rank)
VOTE = permission("selection.vote", _may_rank & vote_is_open & is_not_announced)
SEE_ANNOUNCEMENT = permission("selection.see_announcement", is_organizer)
EDIT_LETTERS = permission("selection.edit_letters", is_organizer & is_not_announced)
ANNOUNCE = permission("selection.announce", is_organizer & is_confirmed & is_not_announced)
RELEASE_LETTERS = permission("selection.release_letters", is_organizer & is_announced)
CORRECT = permission("selection.correct", is_organizer)
CONFIRM_CORRECTION = permission("selection.confirm_correction", is_organizer & did_not_propose_it)


def outcomes_at_line(ordered: Sequence[int], places: int) -> dict[int, str]:
    """What the line alone would decide: the first `places` files of the order win, the rest are not selected."""
    return {file_id: "winner" if at < places else "not_selected" for at, file_id in enumerate(ordered)}


def needs_reason(proposed: str, at_line: str | None) -> bool:
    """Whether a decision differs from what the line says, and so has to say why."""
    return at_line is None or proposed != at_line
