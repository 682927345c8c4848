"""A member's side: start a proposal, keep it as it is typed, name co-presenters, send it, take it back."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from portal.accounts.models import Person
from portal.accounts.queries import holders, person_by_email
from portal.convenings import mail, rules
from portal.convenings.actions.locks import lock, lock_proposal
from portal.convenings.models import Convening, Placement, Presenter, Proposal, Session
from portal.core import audit, links, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.core.moves import move
from portal.core.names import fold

CO_PRESENTER = "co-presenter"
CONFIRM = "confirm-session"
FIELDS = ("title", "summary", "takeaway", "area", "audience", "length", "language")
MOST_PRESENTERS = 6
MOST_DRAFTS = 10


def start(by: Person, convening: Convening) -> Proposal:
    """An empty draft, whose author is the first presenter: the one they began and never wrote in, else a new one."""
    demand(by, rules.PROPOSE, convening)
    lock(convening.id)  # of two presses of the button the second finds the draft of the first
    query = select(Proposal).where(
        Proposal.convening_id == convening.id, Proposal.person_id == by.id, Proposal.state == "draft"
    )
    drafts = list(db.session.scalars(query.order_by(Proposal.id)))
    empty = next((draft for draft in drafts if draft.saved_at is None), None)
    if empty is not None:
        return empty
    if len(drafts) >= MOST_DRAFTS:
        raise Mistaken(_("You have %(num)d drafts already. Finish or withdraw one of them first.", num=MOST_DRAFTS))
    proposal = Proposal(program_id=convening.program_id, convening_id=convening.id, person_id=by.id)
    proposal.presenters = [_author(by, convening)]
    db.session.add(proposal)
    db.session.flush()
    audit.record(by, "proposal.started", proposal)
    return proposal


def _author(by: Person, convening: Convening) -> Presenter:
    return Presenter(
        program_id=convening.program_id,
        person_id=by.id,
        name=by.name,
        email=by.email,
        locale=by.locale,
        state="accepted",
        answered_at=now(),
    )


def save(by: Person, proposal: Proposal, typed: dict[str, Any]) -> None:
    """Keeps what was typed; a proposal that was sent keeps its title when the field is emptied."""
    demand(by, rules.EDIT_PROPOSAL, proposal)
    for field in FIELDS:
        value = typed.get(field, getattr(proposal, field))
        if field == "title" and not value and proposal.state != "draft":
            continue
        setattr(proposal, field, value)
    index(proposal)
    proposal.saved_at = now()


def index(proposal: Proposal) -> None:
    """Rebuilds what an organizer's search reads: the words of the proposal and who presents it."""
    names = [p.name for p in proposal.presenters if p.state in rules.PRESENTING]
    proposal.search = fold(" ".join([proposal.title, proposal.summary, *names]))


def submit(by: Person, proposal: Proposal) -> None:
    """Sends the proposal to the organizers; co-presenters who were not asked yet are asked now."""
    demand(by, rules.SUBMIT, proposal)
    move(rules.PROPOSAL, "submit", proposal, by, changes={"submitted_at": now(), "note": ""})
    outbox.put(mail.receipt(proposal))
    for presenter in proposal.presenters:
        if presenter.state == "invited" and presenter.invited_at is None:
            ask_presenter(by, presenter)


def ask_presenter(by: Person, presenter: Presenter) -> None:
    """Writes to a co-presenter; links of earlier letters die."""
    links.revoke(CO_PRESENTER, presenter.id)
    link = links.issue(CO_PRESENTER, presenter.id, email=presenter.email)
    presenter.invited_at = now()
    db.session.flush()
    outbox.put(mail.co_presenter(presenter, link, by))


def add_presenter(by: Person, proposal: Proposal, name: str, email: str) -> Presenter:
    """Names a co-presenter. They are asked when the proposal is sent, or at once when it was sent already."""
    lock_proposal(proposal)
    demand(by, rules.EDIT_PROPOSAL, proposal)
    known = next((p for p in proposal.presenters if p.email == email), None)
    if known is not None and known.state in rules.PRESENTING:
        raise Mistaken(_("%(name)s is already on this proposal.", name=known.name))
    if sum(p.state in rules.PRESENTING for p in proposal.presenters) >= MOST_PRESENTERS:
        raise Mistaken(_("At most %(num)d people may present a session.", num=MOST_PRESENTERS))
    person = person_by_email(email)
    if known is not None:
        changes = {"name": name, "invited_at": None, "answered_at": None, "confirmed_at": None}
        move(rules.PRESENTER, "invite_again", known, by, changes=changes)
        presenter = known
    else:
        presenter = Presenter(
            program_id=proposal.program_id,
            person_id=person.id if person else None,
            name=name,
            email=email,
            locale=person.locale if person else by.locale,
        )
        proposal.presenters.append(presenter)
        db.session.flush()
        audit.record(by, "presenter.named", presenter)
    index(proposal)
    if proposal.state == "submitted":
        ask_presenter(by, presenter)
    return presenter


def remove_presenter(by: Person, proposal: Proposal, public_id: str) -> None:
    """Takes a co-presenter off; their link dies."""
    demand(by, rules.EDIT_PROPOSAL, proposal)
    presenter = next((p for p in proposal.presenters if p.public_id == public_id), None)
    if presenter is None or presenter.leads:
        raise Mistaken(_("Whoever wrote the proposal leads it. To give it up, withdraw it."))
    move(rules.PRESENTER, "remove", presenter, by, changes={"answered_at": now(), "confirmed_at": None})
    links.revoke(CO_PRESENTER, presenter.id)
    index(proposal)


def withdraw(by: Person, proposal: Proposal) -> None:
    """Takes the proposal back. A session made from it leaves the agenda; whoever counted on it is told."""
    lock_proposal(proposal)  # before the convening, as whoever confirms: their session needs the convening, too
    demand(by, rules.WITHDRAW, proposal)
    lock(proposal.convening_id)
    before, session = proposal.state, proposal.session
    move(rules.PROPOSAL, "withdraw", proposal, by, was=before)
    if session is not None:
        db.session.execute(delete(Placement).where(Placement.session_id == session.id))
        session.canceled_at = now()
        audit.record(by, "session.canceled", session)
    for presenter in proposal.presenters:
        links.revoke(CO_PRESENTER, presenter.id)
        links.revoke(CONFIRM, presenter.id)
    if before == "draft":
        return
    beside = [p.person for p in proposal.presenters if p.state == "accepted" and p.person]
    waiting = before != "returned"  # for the author's change the organizers do not
    organizers = [role.person for role in holders(proposal.program_id, "organizer")] if waiting else []
    for person in {each.id: each for each in (*organizers, *beside) if each.id != by.id}.values():
        outbox.put(mail.withdrawn(proposal, person))


def make_session(by: Any, proposal: Proposal) -> Session:
    """The session that a confirmed proposal becomes, in the words and the language of its author."""
    language = "es" if proposal.language == "es" else "en"
    session = Session(
        program_id=proposal.program_id,
        convening_id=proposal.convening_id,
        proposal_id=proposal.id,
        kind="talk",
        title={language: proposal.title},
        text={language: proposal.summary},
        takeaway={language: proposal.takeaway},
        area=proposal.area,
        audience=proposal.audience,
        length=proposal.length,
        language=proposal.language,
    )
    db.session.add(session)
    db.session.flush()
    audit.record(by, "session.made", session)
    return session
