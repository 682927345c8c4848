"""States of panels, seats, plans, assignments and reviews; who may lead, read, score, step back and see results."""

from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import holds, is_auditor, is_organizer, is_signed_in
from portal.core.access import permission, predicate
from portal.core.flow import Flow

# forming: people are invited, nobody can read a file. scoring: files are released; open until somebody closes it,
# also past the due date (a late review is better than none; the page says so).
PANEL = Flow(
    "panel",
    initial="forming",
    open=({"forming"}, "scoring"),
    close=({"scoring"}, "closed"),
    reopen=({"closed"}, "scoring"),
)
SEAT = Flow(
    "seat",
    initial="invited",
    accept=({"invited"}, "accepted"),
    decline=({"invited"}, "declined"),
    remove=({"invited", "accepted", "declined"}, "removed"),
    invite_again=({"invited", "declined", "removed"}, "invited"),
)
# asked: a job works it out. blocked: there is no such plan; its report says what stands in the way.
PLAN = Flow(
    "assignment_plan",
    initial="asked",
    propose=({"asked"}, "proposed"),
    block=({"asked"}, "blocked"),
    release=({"proposed"}, "released"),
    discard=({"asked", "proposed", "blocked"}, "discarded"),
)
# proposed: in a plan that only the chair sees (a discarded plan's rows go with it). released: the reviewer may read and
# score. scored: a review is in.
ASSIGNMENT = Flow(
    "assignment",
    initial="proposed",
    release=({"proposed"}, "released"),
    score=({"released", "scored"}, "scored"),
    decline=({"released"}, "declined"),
    take_back=({"released"}, "declined"),
    recuse=({"released", "scored"}, "recused"),
    reinstate=({"recused"}, "released"),
    reinstate_scored=({"recused"}, "scored"),
)
REVIEW = Flow(
    "review",
    initial="draft",
    submit=({"draft"}, "submitted"),
    supersede=({"submitted"}, "superseded"),
)
SEAT_KINDS = ("reviewer", "chair")
CONFLICT_SOURCES = ("found", "declared")
# Why somebody can't judge a file. The first three are found by the system, the fourth is a tick in the list of
# nominees, the rest are reasons for stepping back.
CONFLICT_REASONS = {
    "same_school": _l("Works at the same school"),
    "nominated": _l("Nominated this educator"),
    "is_nominee": _l("Is the nominee"),
    "known": _l("Knows the nominee, the school or the family too well"),
    "school_declared": _l("Works or worked at the same school"),
    "close": _l("Family or a close friend"),
    "private": _l("Another reason, kept private"),
}
FOUND_REASONS = ("same_school", "nominated", "is_nominee")
RECUSAL_REASONS = ("school_declared", "close", "private")
NO_TIME = "no_time"  # handing a file back without a conflict

# Why this person reads this file (the first five are those of `review.assignment`).
PAIR_REASONS = {
    "kept": _l("Reads it already"),
    "only_choice": _l("One of the few who may read it"),
    "best_match": _l("No known tie to the nominee's district"),
    "good_match": _l("No known tie to the nominee's district"),
    "even_load": _l("Keeps the loads even"),
    "past_winner": _l("A past winner"),
    "lightest": _l("Has the fewest files of those who may read it"),
}

# What the record says of panels, seats and plans, in words.
HISTORY = {
    "panel.made": _l("The panel was made"),
    "panel.due_set": _l("The due date was set"),
    "panel.open": _l("Scoring was opened"),
    "panel.close": _l("Scoring was closed"),
    "panel.reopen": _l("Scoring was opened again"),
    "panel.reminded": _l("Reminders were asked for"),
    "seat.invited": _l("Invited"),
    "seat.invite_again": _l("Invited again"),
    "seat.accept": _l("Accepted and agreed to confidentiality"),
    "seat.decline": _l("Declined"),
    "seat.edited": _l("Changed"),
    "seat.remove": _l("Removed from the panel"),
    "assignment.taken_back": _l("Files not handed in were taken back"),
    "assignment.released": _l("Files were given out"),
    "assignment_plan.asked": _l("A plan was asked for"),
    "assignment_plan.propose": _l("The plan was worked out"),
    "assignment_plan.block": _l("No plan kept all the rules"),
    "assignment_plan.release": _l("The plan was released"),
    "assignment_plan.discard": _l("The plan was discarded"),
    "conflict.found": _l("Conflicts of interest were looked for"),
    "conflict.declared": _l("Conflicts of interest were declared"),
}


@dataclass(frozen=True)
class Standing:
    """Where somebody stands toward the results of a round: what they still owe it, and which files they must not see.

    `owed`: released assignments of their own in this round without a submitted review. `conflicted`: ids of the files
    of this cycle that they have a conflict with (also by recusal). Made by `review.queries.standing`. Ask
    `may(person, "review.see_results", standing)` for the round's results, and with
    `standing.of(file_id)` for one file's.
    """

    program_id: int
    cycle_id: int
    round_id: int
    panel_id: int | None
    owed: int = 0
    conflicted: frozenset[int] = field(default_factory=frozenset)
    file_id: int | None = None

    def of(self, file_id: int) -> "Standing":
        """The same, asked about one file."""
        return Standing(
            self.program_id, self.cycle_id, self.round_id, self.panel_id, self.owed, self.conflicted, file_id
        )


@predicate(_l("Only the chair of this panel and the program's organizers may do this."))
def is_chair(person: Any, thing: Any) -> bool:
    return holds(person, "chair", thing)


leads = is_chair | is_organizer


@predicate(_l("Your own reviews of this round are not all in yet. Results open to you when they are."))
def own_reviews_are_in(_person: Any, standing: Any) -> bool:
    return bool(standing.owed == 0)


@predicate(_l("You have a conflict of interest with this file, so its results stay closed to you."))
def has_no_conflict_with_file(_person: Any, standing: Any) -> bool:
    return standing.file_id is None or standing.file_id not in standing.conflicted


@predicate(_l("This file is not assigned to you."))
def is_assigned(person: Any, assignment: Any) -> bool:
    return person is not None and assignment.person_id == person.id


@predicate(_l("You stepped back from this file, so it is closed to you."))
def has_not_recused(_person: Any, assignment: Any) -> bool:
    return bool(assignment.state != "recused")


@predicate(_l("Please look through the list of nominees first and mark whom you know. Then this file opens."))
def has_declared(_person: Any, assignment: Any) -> bool:
    return assignment.declared_at is not None


@predicate(_l("You have a conflict of interest with this file, so it stays closed to you."))
def is_not_conflicted(_person: Any, assignment: Any) -> bool:
    return not assignment.conflicted


@predicate(_l("This file is no longer yours to read."))
def is_released(_person: Any, assignment: Any) -> bool:
    return assignment.state in ("released", "scored")


@predicate(_l("Scoring is closed. If something must still change, please ask the chair."))
def scoring_is_open(_person: Any, thing: Any) -> bool:
    return bool(thing.panel_state == "scoring")


@predicate(_l("This nominee is no longer in the running. There is nothing left to score."))
def file_still_stands(_person: Any, assignment: Any) -> bool:
    return bool(assignment.file_stands)


@predicate(_l("You already handed in a review. You can change it, or step back from the file."))
def is_not_scored(_person: Any, assignment: Any) -> bool:
    return bool(assignment.state != "scored")


@predicate(_l("This seat belongs to somebody else."))
def is_own_seat(person: Any, seat: Any) -> bool:
    return person is not None and seat.person_id == person.id


@predicate(_l("This seat is no longer open."))
def has_accepted(_person: Any, seat: Any) -> bool:
    return bool(seat.state == "accepted")


@predicate(_l("You can't decide about your own recusal."))
def is_not_the_reviewer(person: Any, assignment: Any) -> bool:
    return person is not None and assignment.person_id != person.id


@predicate(_l("A second person has to agree: somebody other than the one who asked."))
def did_not_ask(person: Any, assignment: Any) -> bool:
    return person is not None and assignment.reinstate_asked_by_id not in (None, person.id)


SEE_PANEL = permission("review.see_panel", leads | is_auditor)
LEAD_PANEL = permission("review.lead_panel", leads)
REMOVE_SEAT = permission("review.remove_seat", is_organizer)
REINSTATE = permission("review.reinstate", is_organizer & is_not_the_reviewer)
CONFIRM_REINSTATE = permission("review.confirm_reinstate", leads & is_not_the_reviewer & did_not_ask)
OWN_QUEUE = permission("review.own_queue", is_signed_in)
DECLARE = permission("review.declare_conflict", is_own_seat & has_accepted)
OPEN = permission("review.open", is_assigned)
_may_read = is_assigned & has_not_recused & is_not_conflicted & is_released & file_still_stands & has_declared
READ = permission("review.read", _may_read)
SCORE = permission("review.score", _may_read & scoring_is_open)
RECUSE = permission("review.recuse", is_assigned & has_not_recused & is_released)
HAND_BACK = permission("review.hand_back", is_assigned & is_released & scoring_is_open & is_not_scored)
SEE_RESULTS = permission("review.see_results", (leads | is_auditor) & own_reviews_are_in & has_no_conflict_with_file)
