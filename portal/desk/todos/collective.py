"""What the Collective and convenings ask of members and organizers."""

from typing import Any

from flask_babel import gettext as _

from portal.collective.models import Member
from portal.convenings.models import Convening, Presenter, Proposal
from portal.convenings.rules import may_still_be_sent
from portal.core.clock import day
from portal.core.i18n import ngettext, pick
from portal.desk.nav import known
from portal.desk.todos.base import Todo
from portal.programs.models import Program


def organizer_numbers_todos(program: Program, counts: dict[str, int]) -> list[Todo]:
    """What waits for an organizer, by the numbers of `queries.work.staff_numbers`."""
    found = []
    if n := counts.get("without_address"):
        found.append(
            Todo(
                ngettext("One winner can’t be invited yet", "%(num)s winners can’t be invited yet", n),
                known("collective.invitations", slug=program.slug),
                _("Write the address"),
                _("No address is known."),
                rank=30,
            )
        )
    if n := counts.get("undecided"):
        found.append(
            Todo(
                ngettext("One session is proposed", "%(num)s sessions are proposed", n),
                known("convenings.all_of", slug=program.slug),
                _("Read and decide"),
                rank=31,
            )
        )
    if n := counts.get("unplaced"):
        found.append(
            Todo(
                ngettext("One session has no place on the agenda", "%(num)s sessions have no place on the agenda", n),
                known("convenings.all_of", slug=program.slug),
                _("Place it") if n == 1 else _("Place them"),
                rank=32,
            )
        )
    return found


def member_todos(
    proposals: list[tuple[Proposal, Presenter | None]], places: list[tuple[Member, Convening | None]], person: Any
) -> list[Todo]:
    """Sessions to answer for, proposals to finish, calls that are open, a profile still empty."""
    found = [todo for proposal, own in proposals if (todo := _proposal(proposal, own, person)) is not None]
    for _member, convening in places:
        if convening is not None and convening.call is not None:
            found.append(
                Todo(
                    _("%(convening)s looks for sessions", convening=pick(convening.name)),
                    known("convenings.propose", public_id=convening.public_id),
                    _("Propose a session"),
                    _("Until %(day)s. A few sentences are enough.", day=day(convening.call.closes_at)),
                    rank=35,
                    due=convening.call.closes_at,
                )
            )
    for member in {member.id: member for member, _convening in places}.values():
        if member.saved_at is None:
            found.append(
                Todo(
                    _("Your profile is still empty"),
                    known("collective.profile", slug=member.program.slug),
                    _("Write a few lines"),
                    _("Other members see it; you decide whether the public does."),
                    rank=45,
                )
            )
    return found


def _proposal(proposal: Proposal, own: Presenter | None, person: Any) -> Todo | None:
    title = proposal.title or _("Untitled draft")
    page = known("convenings.proposal", public_id=proposal.public_id)
    if own is not None and proposal.state == "accepted":
        return Todo(
            _("“%(title)s” is accepted", title=title),
            page,
            _("Confirm that you present"),
            _("The session takes place once every presenter has confirmed."),
            rank=7,
        )
    if own is not None and own.state == "invited" and proposal.person_id != person.id:
        return Todo(
            _("You are asked to present “%(title)s”", title=title),
            page,
            _("Answer"),
            _("Each presenter answers for themself."),
            rank=8,
        )
    if proposal.person_id != person.id or not may_still_be_sent(proposal):
        return None
    edit = known("convenings.edit", public_id=proposal.public_id)
    if proposal.state == "returned":
        return Todo(_("“%(title)s” came back for a change", title=title), edit, _("Change and send it"), rank=18)
    call = proposal.convening.call
    return Todo(
        _("“%(title)s” is not sent yet", title=title),
        edit,
        _("Finish and send it"),
        _("Until %(day)s.", day=day(call.closes_at)) if call else "",
        rank=29,
        due=call.closes_at if call else None,
    )
