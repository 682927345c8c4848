"""For organizers: the proposals to read and the decision on each."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.convenings import rules
from portal.convenings.actions import deciding as actions
from portal.convenings.forms.proposal import DecisionForm
from portal.convenings.models import Convening, Proposal
from portal.convenings.queries import convenings
from portal.convenings.queries import proposals as queries
from portal.convenings.views.author import proposal_context
from portal.convenings.views.blueprint import bp
from portal.core import asked, hx, web
from portal.core.db import transaction
from portal.core.i18n import ngettext
from portal.core.paging import asked_page


@bp.get("/convenings/<public_id>/proposals")
@web.requires("convenings.see_all", convenings.convening_for)
def proposals(convening: Convening) -> ResponseReturnValue:
    """What was sent, the oldest first, by state and area."""
    state, area = asked.one_of(request.args, "state", rules.PROPOSAL.states), request.args.get("area", "")
    search = asked.text(request.args, "q")
    context = {
        "convening": convening,
        "page": queries.proposals_of(convening, state=state, area=area, search=search, page=asked_page()),
        "state": state,
        "area": area,
        "search": search,
        "counts": convenings.proposal_counts(convening),
        "state_names": rules.PROPOSAL_NAMES,
    }
    return hx.page("convenings/proposals.html", "convenings/_proposals.html", status=200, **context)


def _back(proposal: Proposal) -> ResponseReturnValue:
    return hx.go(url_for("convenings.proposal", public_id=proposal.public_id))


@bp.post("/proposals/<public_id>/take-up")
@web.requires("convenings.decide", queries.proposal_for)
def take_up(proposal: Proposal) -> ResponseReturnValue:
    with transaction():
        actions.take_up(web.current_person(), proposal)
    flash(_("You are reading it. Its author can no longer change it, unless you return it."))
    return _back(proposal)


@bp.post("/proposals/<public_id>/decide")
@web.requires("convenings.decide", queries.proposal_for)
def decide(proposal: Proposal) -> ResponseReturnValue:
    """One of four decisions, with a note; the letter goes out with it."""
    form = DecisionForm()
    if form.validate() and form.verb.data == "send_back" and not form.note.data:
        form.note.errors = [_("Write what should change: the author reads it.")]
    if form.errors:
        return hx.page("convenings/proposal.html", status=422, **proposal_context(proposal, form))
    with transaction():
        actions.decide(web.current_person(), proposal, form.verb.data, form.note.data or "")
    state = str(rules.PROPOSAL_NAMES[proposal.state])
    flash(_("“%(title)s”: %(state)s. The letter is on its way.", title=proposal.title, state=state))
    return _back(proposal)


@bp.post("/proposals/<public_id>/remind")
@web.requires("convenings.decide", queries.proposal_for)
def remind(proposal: Proposal) -> ResponseReturnValue:
    """Writes again to the presenters whose word is missing."""
    with transaction():
        count = actions.remind_presenters(web.current_person(), proposal)
    flash(ngettext("One reminder is on its way.", "%(num)s reminders are on their way.", count))
    return _back(proposal)
