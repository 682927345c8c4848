"""For organizers: who was invited and answered, winners of earlier years, and the state of a membership."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.collective import actions, queries, rules
from portal.collective.forms import AddressForm, InviteForm, StateForm
from portal.collective.models import Invitation, Member
from portal.collective.views.blueprint import bp
from portal.collective.views.members import organizer_context, program_for
from portal.core import asked, hx, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.i18n import ngettext
from portal.core.paging import asked_page
from portal.programs.models import Program


def _page(program: Program, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    state = asked.one_of(request.args, "state", rules.INVITATION.states)
    context: dict[str, Any] = {
        "page": queries.invitations(program.id, state, asked_page()),
        "state": state,
        "counts": queries.invitation_counts(program.id),
        "uninvited": queries.announced_winners(program.id),
        "state_names": rules.INVITATION_NAMES,
        "form": form,
    }
    return hx.page("collective/invitations.html", status=status, **context)


@bp.get("/collective/<slug>/invitations")
@web.requires("collective.manage", program_for)
def invitations(program: Program) -> ResponseReturnValue:
    return _page(program, InviteForm())


@bp.post("/collective/<slug>/invitations/winners")
@web.requires("collective.manage", program_for)
def invite_winners(program: Program) -> ResponseReturnValue:
    """Asks every announced winner who was not asked yet."""
    with transaction():
        made = actions.invite_winners(web.current_person(), program)
    if made:
        flash(ngettext("One winner is invited.", "%(num)s winners are invited.", len(made)))
    else:
        flash(_("Every announced winner has been invited already."))
    return hx.go(url_for("collective.invitations", slug=program.slug))


@bp.post("/collective/<slug>/invitations")
@web.requires("collective.manage", program_for)
def invite(program: Program) -> ResponseReturnValue:
    """Asks one winner of an earlier year."""
    form = InviteForm()
    if not form.validate():
        return _page(program, form, 422)
    with transaction():
        actions.invite_past_winner(
            web.current_person(),
            program,
            name=form.name.data or "",
            email=form.email.data or "",
            cohort=form.cohort.data or "",
        )
    flash(_("The invitation is on its way to %(address)s.", address=form.email.data))
    return hx.go(url_for("collective.invitations", slug=program.slug))


@bp.post("/collective/invitations/<public_id>/send")
@web.requires("collective.manage", queries.invitation_for)
def send_again(invitation: Invitation) -> ResponseReturnValue:
    """Sends the letter once more, to the address in the field; the link of the letter before dies."""
    form = AddressForm()
    if not form.validate():
        raise Mistaken(str(form.email.errors[0]))
    with transaction():
        actions.send_again(web.current_person(), invitation, form.email.data or "")
    flash(
        _(
            "A new letter is on its way to %(address)s. The link in the letter before no longer works.",
            address=invitation.email,
        )
    )
    return hx.go(url_for("collective.invitations", slug=invitation.program.slug))


@bp.post("/collective/invitations/<public_id>/revoke")
@web.requires("collective.manage", queries.invitation_for)
def revoke(invitation: Invitation) -> ResponseReturnValue:
    with transaction():
        actions.revoke(web.current_person(), invitation)
    flash(_("The invitation to %(name)s is taken back.", name=invitation.name))
    return hx.go(url_for("collective.invitations", slug=invitation.program.slug))


@bp.post("/collective/members/<public_id>/state")
@web.requires("collective.manage", queries.member_for)
def change_state(member: Member) -> ResponseReturnValue:
    """Moves a membership by one verb, with the reason that the organizer gives."""
    form, verb = StateForm(), request.form.get("verb", "")
    if form.validate() and verb == "remove" and not form.reason.data:
        form.reason.errors = [_("Write the reason. It is kept with the membership and is not shown to other members.")]
    if form.errors:
        return hx.page("collective/member.html", member=member, status=422, **organizer_context(member, form))
    with transaction():
        actions.change_state(web.current_person(), member, verb, form.reason.data or "")
    state = str(rules.MEMBER_NAMES[member.state])
    flash(_("%(name)s: the membership now reads “%(state)s”.", name=member.name, state=state))
    return hx.go(url_for("collective.member", public_id=member.public_id))
