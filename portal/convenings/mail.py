"""What we write about convenings: receipts, invitations to present, decisions, the place on the agenda."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from portal.accounts.models import Person
from portal.convenings.models import Convening, Presenter, Proposal, Session
from portal.core import audit, clock, links
from portal.core.i18n import pick
from portal.core.outbox import Letter, address


def _letter(
    template: str, to: str, locale: str, key: str, proposal: Any, convening: Convening, **context: Any
) -> Letter:
    zone = ZoneInfo(convening.time_zone)
    with force_locale(locale):
        day = clock.long_day(convening.day)
        shown = {
            name: clock.when(value, zone) if hasattr(value, "tzinfo") else value for name, value in context.items()
        }
    return Letter(
        template=f"convenings/{template}",
        to=to,
        key=key,
        locale=locale,
        program_id=convening.program_id,
        about=audit.name_of(proposal),
        context={
            "program_name": pick(convening.program.name, locale),
            "contact": convening.program.contact,
            "convening": pick(convening.name, locale),
            "day": day,
            "place": convening.place,
            "title": proposal.title if isinstance(proposal.title, str) else pick(proposal.title, locale),
            **shown,
        },
    )


def _page(proposal: Proposal) -> str:
    return address("convenings.proposal", public_id=proposal.public_id)


def receipt(proposal: Proposal) -> Letter:
    """To the author: we have it; until when it can be changed."""
    person, call = proposal.person, proposal.convening.call
    return _letter(
        "receipt",
        person.email,
        person.locale,
        f"proposal-receipt:{proposal.public_id}:{proposal.submitted_at}",
        proposal,
        proposal.convening,
        name=person.name,
        closes=call.closes_at if call else None,
        url=_page(proposal),
    )


def co_presenter(presenter: Presenter, link: links.Link, by: Person) -> Letter:
    """Asks somebody to present together; they answer for themself."""
    proposal = presenter.proposal
    return _letter(
        "co_presenter",
        presenter.email,
        presenter.locale,
        f"co-presenter:{link.public_id}",
        proposal,
        proposal.convening,
        name=presenter.name,
        by=by.name,
        accepted=proposal.state == "accepted",
        summary=proposal.summary,
        url=links.reference("convenings.co_present", link),
    )


def answered(presenter: Presenter, answer: str) -> Letter:
    """Tells the author what a co-presenter answered ("accepted" or "declined")."""
    proposal = presenter.proposal
    person = proposal.person
    return _letter(
        "answered",
        person.email,
        person.locale,
        f"co-presenter-answer:{presenter.public_id}:{answer}:{presenter.answered_at}",
        proposal,
        proposal.convening,
        name=person.name,
        who=presenter.name,
        answer=answer,
        url=_page(proposal),
    )


def decision(proposal: Proposal, outcome: str, link: links.Link | None) -> Letter:
    """Tells the author the decision ("accepted", "standby", "declined", "returned") and what happens next."""
    person = proposal.person
    return _letter(
        "decision",
        person.email,
        person.locale,
        f"proposal-decision:{proposal.public_id}:{outcome}:{proposal.decided_at}",
        proposal,
        proposal.convening,
        name=person.name,
        outcome=outcome,
        note=proposal.note,
        url=links.reference("convenings.confirm", link) if link else _page(proposal),
    )


def confirm(presenter: Presenter, link: links.Link) -> Letter:
    """Asks a co-presenter of an accepted session to confirm."""
    proposal = presenter.proposal
    return _letter(
        "confirm",
        presenter.email,
        presenter.locale,
        f"confirm-session:{link.public_id}",
        proposal,
        proposal.convening,
        name=presenter.name,
        url=links.reference("convenings.confirm", link),
    )


def withdrawn(proposal: Proposal, to: Person) -> Letter:
    """Tells an organizer or a co-presenter that the author took the session back."""
    return _letter(
        "withdrawn",
        to.email,
        to.locale,
        f"proposal-withdrawn:{proposal.public_id}:{to.public_id}",
        proposal,
        proposal.convening,
        name=to.name,
        who=proposal.person.name,
        url=_page(proposal),
    )


def placed(presenter: Presenter, session: Session) -> Letter:
    """Tells a presenter when and where; again when the place changes after the agenda was released.

    The key names the presenter, by which one finds who was told (`queries.agenda.who_was_told`).
    """
    placement = session.placement
    assert placement is not None
    slug = session.convening.program.slug
    return _letter(
        "placed",
        presenter.email,
        presenter.locale,
        f"session-placed:{presenter.public_id}:{session.times_placed}",
        session,
        session.convening,
        name=presenter.name,
        when=placement.block.starts_at,
        minutes=placement.block.minutes,
        room=placement.room.name if placement.room else "",
        url=address("convenings.session", slug=slug, public_id=session.public_id),
    )


def unplaced(presenter: Presenter, session: Session, told: int) -> Letter:
    """Tells a presenter that the place of an earlier letter (the `told`-th) no longer holds, and that there is no other
    one yet: once, whatever was tried in between.
    """
    assert session.proposal is not None
    return _letter(
        "unplaced",
        presenter.email,
        presenter.locale,
        f"session-unplaced:{presenter.public_id}:{told}",
        session,
        session.convening,
        name=presenter.name,
        url=_page(session.proposal),
    )
