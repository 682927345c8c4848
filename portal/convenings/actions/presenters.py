"""Each presenter's own word: to present at all, and, once a session is accepted, to be there."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from portal.accounts import actions as accounts
from portal.accounts.models import Person
from portal.convenings import mail, rules
from portal.convenings.actions.locks import lock_proposal
from portal.convenings.actions.proposals import CO_PRESENTER, CONFIRM, index, make_session
from portal.convenings.models import Presenter, Proposal
from portal.core import audit, links, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Gone, Mistaken
from portal.core.moves import move


def accept_by_link(link: links.Link, presenter: Presenter, name: str, device: str) -> str:
    """A co-presenter says yes by the mailed link, which proves the address; the cookie that signs this browser in."""
    links.use(link)
    person = accounts.find_or_make_person(name or presenter.name, presenter.email, presenter.locale)
    presenter.person_id = person.id
    if name:
        presenter.name = name
        index(presenter.proposal)
    db.session.flush()
    _accept(person, presenter)
    return accounts.begin_sign_in(person, device)


def accept(by: Person, presenter: Presenter) -> None:
    """Yes, I present. For a session that is accepted already this is also the confirmation."""
    links.revoke(CO_PRESENTER, presenter.id)
    _accept(by, presenter)


def _accept(by: Person, presenter: Presenter) -> None:
    demand(by, rules.ANSWER, presenter)
    proposal = presenter.proposal
    _still_wanted(proposal)
    move(rules.PRESENTER, "accept", presenter, by, changes={"answered_at": now()})
    outbox.put(mail.answered(presenter, "accepted"))
    if proposal.state == "accepted":
        _confirm(by, presenter)


def decline_by_link(link: links.Link, presenter: Presenter) -> None:
    """A co-presenter says no by the mailed link; no account is made."""
    links.use(link)
    _decline(f"link:{CO_PRESENTER}", presenter)


def decline(by: Person, presenter: Presenter) -> None:
    """No, or no longer. The others go on; the author withdraws the proposal instead."""
    demand(by, rules.ANSWER, presenter)
    if presenter.leads:
        raise Mistaken(_("Whoever wrote the proposal leads it. To give it up, withdraw it."))
    links.revoke(CO_PRESENTER, presenter.id)
    _decline(by, presenter)


def _decline(by: Any, presenter: Presenter) -> None:
    proposal = presenter.proposal
    lock_proposal(proposal)
    move(rules.PRESENTER, "decline", presenter, by, changes={"answered_at": now(), "confirmed_at": None})
    index(proposal)
    links.revoke(CONFIRM, presenter.id)
    outbox.put(mail.answered(presenter, "declined"))
    _settle(by, proposal)


def _still_wanted(proposal: Proposal) -> None:
    if proposal.state in ("withdrawn", "declined"):
        raise Gone(_("This proposal is no longer under way. Nothing is needed from you."))


def confirm_by_link(link: links.Link, presenter: Presenter) -> None:
    """A presenter confirms by the mailed link."""
    links.use(link)
    person = db.session.get(Person, presenter.person_id)
    if person is None:
        raise Gone(_("This link no longer works. It may have been used, replaced or expired."))
    _confirm(person, presenter)


def confirm(by: Person, presenter: Presenter) -> None:
    """I will be there. When every presenter has said so, the proposal is confirmed and becomes a session."""
    links.revoke(CONFIRM, presenter.id)
    _confirm(by, presenter)


def _confirm(by: Person, presenter: Presenter) -> None:
    demand(by, rules.ANSWER, presenter)
    proposal = presenter.proposal
    lock_proposal(proposal)
    if proposal.state == "confirmed" and presenter.confirmed_at:
        return
    if proposal.state != "accepted":
        raise Gone(_("There is nothing to confirm: the session is not accepted, or was taken back."))
    statement = update(Presenter).where(
        Presenter.id == presenter.id, Presenter.state == "accepted", Presenter.confirmed_at.is_(None)
    )
    result = sweep(statement.values(confirmed_at=now()))
    db.session.refresh(presenter)
    if result.rowcount == 1:
        audit.record(by, "presenter.confirmed", presenter)
    _settle(by, proposal)


def _settle(by: Any, proposal: Proposal) -> None:
    """Confirms an accepted proposal when all who present it have confirmed; the caller holds its lock."""
    if proposal.state != "accepted":
        return
    query = select(Presenter.state, Presenter.confirmed_at).where(
        Presenter.proposal_id == proposal.id, Presenter.state.in_(rules.PRESENTING)
    )
    standing = db.session.execute(query).all()
    if standing and all(state == "accepted" and confirmed for state, confirmed in standing):
        move(rules.PROPOSAL, "confirm", proposal, by, changes={"confirmed_at": now()})
        make_session(by, proposal)
