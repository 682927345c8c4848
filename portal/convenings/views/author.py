"""A member's side: the call, one's own proposals, writing one, sending and withdrawing it."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.convenings import rules
from portal.convenings.actions import proposals as actions
from portal.convenings.forms.proposal import DecisionForm, ProposalForm, filled
from portal.convenings.models import Convening, Proposal
from portal.convenings.queries import proposals as queries
from portal.convenings.queries.convenings import convening_for, open_calls
from portal.convenings.views.blueprint import bp
from portal.core import audit, hx, identity, web
from portal.core.access import may
from portal.core.db import transaction
from portal.core.errors import Mistaken, Refused


@bp.get("/proposals")
@web.requires("convenings.own")
def own() -> ResponseReturnValue:
    """Everything this person proposed or presents."""
    person = web.current_person()
    mine = queries.own_proposals(person)
    own_programs = {role.program_id for role in person.roles if role.holds_now()}
    if len(own_programs) == 1:
        web.show_program(identity.by_id(*own_programs))
    return hx.page("convenings/own.html", proposals=mine, calls=open_calls(person), state_names=rules.PROPOSAL_NAMES)


@bp.get("/convenings/<public_id>/propose")
@web.requires("convenings.see_call", convening_for)
def propose(convening: Convening) -> ResponseReturnValue:
    """The call: what is asked for, until when, and one's own proposals to it."""
    mine = queries.own_proposals(web.current_person(), convening)
    context = {"proposals": mine, "call_state": rules.call_state(convening), "state_names": rules.PROPOSAL_NAMES}
    return hx.page("convenings/propose.html", status=200, convening=convening, **context)


@bp.post("/convenings/<public_id>/propose")
@web.requires("convenings.propose", convening_for)
def start(convening: Convening) -> ResponseReturnValue:
    """Begins a draft."""
    with transaction():
        proposal = actions.start(web.current_person(), convening)
    return hx.go(url_for("convenings.edit", public_id=proposal.public_id))


@bp.get("/proposals/<public_id>")
@web.requires("convenings.see_proposal", queries.proposal_for)
def proposal(found: Proposal) -> ResponseReturnValue:
    """One proposal, to its author, its presenters and the organizers, each with their own buttons."""
    return hx.page("convenings/proposal.html", status=200, **proposal_context(found, DecisionForm()))


def proposal_context(found: Proposal, form: DecisionForm) -> dict[str, Any]:
    """What the page of a proposal shows."""
    person = web.current_person()
    decides = bool(rules.is_organizer(person, found))
    return {
        "proposal": found,
        "convening": found.convening,
        "form": form,
        "decides": decides,
        "verbs": [verb for verb in rules.DECISIONS if rules.PROPOSAL.may(found.state, verb)],
        "own_word": next((p for p in found.presenters if p.person_id == person.id and rules.was_asked(p)), None),
        "editable": rules.may_still_edit(found),
        "state_names": rules.PROPOSAL_NAMES,
        "presenter_names": rules.PRESENTER_NAMES,
        "history": audit.history(found) if decides else [],
    }


@bp.get("/proposals/<public_id>/edit")
@web.requires("convenings.edit_proposal", queries.proposal_for)
def edit(found: Proposal) -> ResponseReturnValue:
    return _form_page(found, filled(found))


def _form_page(found: Proposal, form: ProposalForm, status: int = 200) -> ResponseReturnValue:
    context = {
        "proposal": found,
        "convening": found.convening,
        "form": form,
        "presenter_names": rules.PRESENTER_NAMES,
        "call_state": rules.call_state(found.convening),
        "sendable": may(web.current_person(), "convenings.submit_proposal", found),
    }
    return hx.page("convenings/edit.html", status=status, **context)


@bp.post("/proposals/<public_id>/save")
@web.requires("convenings.edit_proposal", queries.proposal_for)
def keep(found: Proposal) -> ResponseReturnValue:
    """Saves as one types; answers with the time."""
    form = ProposalForm().offer(found.convening)
    form.validate()
    with transaction():
        actions.save(web.current_person(), found, form.typed())
    if not hx.wants_partial():  # sent again by a button, after signing in anew
        return hx.go(url_for(".edit", public_id=found.public_id))
    return render_template("_kit/saved.html", at=found.saved_at)


@bp.post("/proposals/<public_id>/edit")
@web.requires("convenings.edit_proposal", queries.proposal_for)
def save(found: Proposal) -> ResponseReturnValue:
    """The form's buttons: save, add or take off a co-presenter, send. What was typed is kept first, whatever else."""
    form = ProposalForm().offer(found.convening)
    right = form.validate()
    person = web.current_person()
    with transaction():
        actions.save(person, found, form.typed())
    pressed = request.form.get("do", "save")
    if pressed == "add":
        return _add_presenter(found, form)
    if pressed.startswith("remove:"):
        with transaction():
            actions.remove_presenter(person, found, pressed.removeprefix("remove:"))
        flash(_("Taken off. They get no more mail about this session."))
        return hx.go(url_for("convenings.edit", public_id=found.public_id) + "#presenters")
    if pressed == "send":
        return _send(found, form, right)
    flash(
        _("Your proposal is saved. It is not sent yet.") if found.state != "submitted" else _("Your changes are saved.")
    )
    return hx.go(url_for("convenings.proposal", public_id=found.public_id))


def _only(form: ProposalForm, *names: str) -> None:
    """Keeps the errors of these fields alone: the button that was pressed concerns no others."""
    for field in form:
        if field.name not in names:
            field.errors = []


def _add_presenter(found: Proposal, form: ProposalForm) -> ResponseReturnValue:
    name, address = form.co_name, form.co_email
    _only(form, "co_name", "co_email")
    if not name.data:
        name.errors = [_("Write your co-presenter's name.")]
    if not address.data:
        address.errors = [_("Write your co-presenter's e-mail address.")]
    if not name.errors and not address.errors:
        try:
            with transaction():
                actions.add_presenter(web.current_person(), found, name.data or "", address.data or "")
        except Mistaken as mistake:
            address.errors = [mistake.reason]
    if name.errors or address.errors:
        return _form_page(found, form, 422)
    if found.state == "submitted":
        flash(_("We have written to %(name)s.", name=name.data))
    else:
        flash(_("%(name)s is named. We write to them when you send the proposal.", name=name.data))
    return hx.go(url_for("convenings.edit", public_id=found.public_id) + "#presenters")


def _send(found: Proposal, form: ProposalForm, right: bool) -> ResponseReturnValue:
    if not rules.may_still_be_sent(found) and found.state != "submitted":
        raise Refused(rules.can_be_sent(web.current_person(), found).reason)
    typed_presenter = form.co_name.data or form.co_email.data
    if typed_presenter and not form.co_email.errors:
        form.co_email.errors = [_("Press “Add co-presenter” first, or empty these two fields.")]
        right = False
    if not right:
        return _form_page(found, form, 422)
    if found.state == "submitted":
        flash(_("Your changes are saved."))
    else:
        with transaction():
            actions.submit(web.current_person(), found)
        flash(_("Thank you. Your proposal is on its way to the organizers, and a receipt is in your mail."))
    return hx.go(url_for("convenings.proposal", public_id=found.public_id))


@bp.post("/proposals/<public_id>/withdraw")
@web.requires("convenings.withdraw", queries.proposal_for)
def withdraw(found: Proposal) -> ResponseReturnValue:
    with transaction():
        actions.withdraw(web.current_person(), found)
    flash(_("“%(title)s” is withdrawn.", title=found.title or _("Your draft")))
    return hx.go(url_for("convenings.own"))
