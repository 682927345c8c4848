"""An organizer's side of a proposal: take it up, accept, put on standby, decline, return for a change."""

from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.convenings import mail, rules
from portal.convenings.actions.proposals import CONFIRM, ask_presenter
from portal.convenings.models import Proposal
from portal.core import audit, links, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.errors import Mistaken
from portal.core.moves import move


def take_up(by: Person, proposal: Proposal) -> None:
    """Begins to read: from now on its author can't change it."""
    demand(by, rules.DECIDE, proposal)
    move(rules.PROPOSAL, "take_up", proposal, by)


def decide(by: Person, proposal: Proposal, verb: str, note: str) -> None:
    """Decides by a verb of `rules.DECISIONS`, with a note that the author reads; the letters go out with it."""
    demand(by, rules.DECIDE, proposal)
    if verb not in rules.DECISIONS:
        raise Mistaken(_("Choose a decision."))
    if verb == "send_back" and not note:
        raise Mistaken(_("Write what should change: the author reads it."))
    sealed = audit.seal(note) if note else ""
    move(rules.PROPOSAL, verb, proposal, by, changes={"decided_at": now(), "note": note}, note=sealed)
    link = _confirmation_link(proposal) if verb == "accept" else None
    outbox.put(mail.decision(proposal, proposal.state, link))
    if verb == "accept":
        _ask_to_confirm(proposal)


def _confirmation_link(proposal: Proposal) -> links.Link | None:
    lead = next((p for p in proposal.presenters if p.leads), None)
    return links.issue(CONFIRM, lead.id, email=lead.email) if lead else None


def _ask_to_confirm(proposal: Proposal) -> None:
    """Co-presenters who said yes are asked to confirm; those who have not answered are asked once more."""
    for presenter in proposal.presenters:
        if presenter.leads or presenter.state not in rules.PRESENTING:
            continue
        if presenter.state == "invited":
            ask_presenter(proposal.person, presenter)
        else:
            link = links.issue(CONFIRM, presenter.id, email=presenter.email)
            outbox.put(mail.confirm(presenter, link))


def remind_presenters(by: Person, proposal: Proposal) -> int:
    """Writes again to everybody whose word is missing on an accepted proposal; how many. Earlier links die."""
    demand(by, rules.DECIDE, proposal)
    if proposal.state != "accepted":
        raise Mistaken(_("There is nobody to remind: the proposal is not waiting for its presenters."))
    missing = [p for p in proposal.presenters if p.state in rules.PRESENTING and p.confirmed_at is None]
    for presenter in missing:
        if presenter.state == "invited":
            ask_presenter(proposal.person, presenter)
        else:
            links.revoke(CONFIRM, presenter.id)
            outbox.put(mail.confirm(presenter, links.issue(CONFIRM, presenter.id, email=presenter.email)))
    audit.record(by, "proposal.presenters_reminded", proposal, count=len(missing))
    return len(missing)
