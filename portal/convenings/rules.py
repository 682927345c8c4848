"""The flows of proposals and presenters, when a call is open, and who may propose, decide, confirm and place."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_auditor, is_member, is_organizer, is_signed_in
from portal.core.access import permission, predicate
from portal.core.clock import now
from portal.core.flow import Flow

PROPOSAL = Flow(
    "proposal",
    initial="draft",
    submit=({"draft", "returned"}, "submitted"),
    take_up=({"submitted"}, "in review"),
    accept=({"submitted", "in review", "standby"}, "accepted"),
    put_on_standby=({"submitted", "in review"}, "standby"),
    decline=({"submitted", "in review", "standby"}, "declined"),
    send_back=({"submitted", "in review"}, "returned"),
    confirm=({"accepted"}, "confirmed"),
    withdraw=({"draft", "returned", "submitted", "in review", "standby", "accepted", "confirmed"}, "withdrawn"),
)
PRESENTER = Flow(
    "presenter",
    initial="invited",
    accept=({"invited"}, "accepted"),
    decline=({"invited", "accepted"}, "declined"),
    remove=({"invited", "accepted", "declined"}, "removed"),
    invite_again=({"invited", "declined", "removed"}, "invited"),
)

DECISIONS = ("accept", "put_on_standby", "decline", "send_back")
EDITABLE = ("draft", "submitted", "returned")
PRESENTING = ("invited", "accepted")  # on the proposal, whether they have answered or not
KINDS = ("talk", "keynote", "meal", "circle", "open", "other")  # of a session; only talks come from proposals
LANGUAGES = ("en", "es", "both")

PROPOSAL_NAMES = {
    "draft": _l("Draft"),
    "submitted": _l("Sent"),
    "in review": _l("Being read"),
    "accepted": _l("Accepted, waiting for presenters"),
    "standby": _l("On standby"),
    "declined": _l("Not this time"),
    "confirmed": _l("Confirmed"),
    "returned": _l("Returned for a change"),
    "withdrawn": _l("Withdrawn"),
}
PRESENTER_NAMES = {
    "invited": _l("Invited, no answer yet"),
    "accepted": _l("Presenting"),
    "declined": _l("Said no"),
    "removed": _l("Taken off"),
}
KIND_NAMES = {
    "talk": _l("Session"),
    "keynote": _l("Keynote"),
    "meal": _l("Meal or break"),
    "circle": _l("Colleague circles"),
    "open": _l("Open space"),
    "other": _l("Something else"),
}


def call_state(convening: Any, at: Any = None) -> str:
    """Where a call stands: "none" (no call, or the convening is not published), "before", "open", "closed"."""
    call, moment = convening.call, at or now()
    if call is None or convening.published_at is None or call.opens_at is None or call.closes_at is None:
        return "none"
    if moment < call.opens_at:
        return "before"
    return "open" if moment < call.closes_at else "closed"


def may_still_edit(proposal: Any, at: Any = None) -> bool:
    """Whether its author may change the words: of one that was sent only while the call is open; a draft, and one
    returned for a change, at any time (what somebody types is never lost to a closing hour).
    """
    if proposal.state == "submitted":
        return call_state(proposal.convening, at) == "open"
    return proposal.state in EDITABLE


def may_still_be_sent(proposal: Any, at: Any = None) -> bool:
    """Whether it may be sent: a draft while the call is open; one returned for a change also after."""
    return proposal.state == "returned" or (proposal.state == "draft" and call_state(proposal.convening, at) == "open")


def was_asked(presenter: Any) -> bool:
    """Whether this person presents or was asked to. One who is only named sees nothing before the author sends it."""
    return presenter.state == "accepted" or (presenter.state == "invited" and presenter.invited_at is not None)


@predicate(_l("Only active members of the Teacher Leader Collective may propose a session."))
def is_active_member(person: Any, thing: Any) -> bool:
    memberships = getattr(person, "memberships", ())
    return any(m.program_id == thing.program_id and m.state == "active" for m in memberships)


@predicate(_l("The call for sessions is not open."))
def call_is_open(_person: Any, convening: Any) -> bool:
    return call_state(convening) == "open"


@predicate(_l("This convening is not published yet."))
def is_published(_person: Any, convening: Any) -> bool:
    return convening.published_at is not None


@predicate(_l("Only whoever wrote the proposal may do this."))
def is_author(person: Any, proposal: Any) -> bool:
    return person is not None and proposal.person_id == person.id


@predicate(_l("Only the people who present this session may see it."))
def is_presenter(person: Any, proposal: Any) -> bool:
    return person is not None and any(p.person_id == person.id and was_asked(p) for p in proposal.presenters)


@predicate(_l("The proposal can no longer be changed. Write to the organizers if something must change."))
def is_editable(_person: Any, proposal: Any) -> bool:
    return may_still_edit(proposal)


@predicate(_l("The call for sessions is closed. Your draft is kept; write to the organizers if you need more time."))
def can_be_sent(_person: Any, proposal: Any) -> bool:
    return may_still_be_sent(proposal)


@predicate(_l("This proposal can no longer be withdrawn."))
def can_be_withdrawn(_person: Any, proposal: Any) -> bool:
    return PROPOSAL.may(proposal.state, "withdraw")


@predicate(_l("Each presenter confirms for themself."))
def is_that_presenter(person: Any, presenter: Any) -> bool:
    return person is not None and presenter.person_id == person.id


@predicate(_l("Drafts are seen only by the person who writes them."))
def was_sent(_person: Any, proposal: Any) -> bool:
    return proposal.submitted_at is not None


PROPOSE = permission("convenings.propose", is_member & is_active_member & call_is_open)
SEE_CALL = permission("convenings.see_call", (is_member & is_published) | is_organizer)
SEE_PROPOSAL = permission("convenings.see_proposal", is_author | is_presenter | (is_organizer & was_sent))
EDIT_PROPOSAL = permission("convenings.edit_proposal", is_author & is_editable)
SUBMIT = permission("convenings.submit_proposal", is_author & is_member & can_be_sent)
WITHDRAW = permission("convenings.withdraw", is_author & can_be_withdrawn)
ANSWER = permission("convenings.answer", is_that_presenter)
SEE_ALL = permission("convenings.see_all", is_organizer | is_auditor)
MANAGE = permission("convenings.manage", is_organizer)
DECIDE = permission("convenings.decide", is_organizer & was_sent)
OWN = permission("convenings.own", is_signed_in)
