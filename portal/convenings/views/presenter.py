"""A presenter's own word: by the mailed link, or signed in on the page of the session."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.convenings.actions import presenters as actions
from portal.convenings.actions.proposals import CO_PRESENTER, CONFIRM
from portal.convenings.forms.proposal import AnswerForm
from portal.convenings.models import Presenter
from portal.convenings.queries import proposals as queries
from portal.convenings.views.blueprint import bp
from portal.core import hx, links, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.forms import PlainForm
from portal.core.web import device, remember


def _presenter_of(link: links.Link) -> Presenter | None:
    return queries.presenter_with_proposal(Presenter.id == link.subject_id)


def _page(template: str, presenter: Presenter, form: object, status: int = 200) -> ResponseReturnValue:
    proposal = presenter.proposal
    context = {"presenter": presenter, "proposal": proposal, "convening": proposal.convening, "form": form}
    return hx.page(template, status=status, **context)


@bp.get("/sessions/present/<token>")
@web.by_link(CO_PRESENTER, _presenter_of, used=True)
def co_present(presenter: Presenter, link: links.Link) -> ResponseReturnValue:
    """What one is asked to present; after the answer, what was answered."""
    return _page("convenings/co_present.html", presenter, AnswerForm(data={"name": presenter.name}))


@bp.post("/sessions/present/<token>")
@web.by_link(CO_PRESENTER, _presenter_of)
def answer_by_link(presenter: Presenter, link: links.Link) -> ResponseReturnValue:
    """Yes signs the browser in; no makes no account."""
    if request.form.get("answer") == "decline":
        with transaction():
            actions.decline_by_link(link, presenter)
        return _page("convenings/co_present.html", presenter, AnswerForm())
    form = AnswerForm()
    if not form.validate():
        return _page("convenings/co_present.html", presenter, form, 422)
    with transaction():
        cookie = actions.accept_by_link(link, presenter, form.name.data or "", device())
    public_id = presenter.proposal.public_id
    remember(cookie)
    flash(_("Thank you. You are on this session, and signed in."))
    return hx.go(url_for("convenings.proposal", public_id=public_id))


@bp.get("/sessions/confirm/<token>")
@web.by_link(CONFIRM, _presenter_of, used=True)
def confirm(presenter: Presenter, link: links.Link) -> ResponseReturnValue:
    """One button; after it, thanks."""
    return _page("convenings/confirm.html", presenter, PlainForm())


@bp.post("/sessions/confirm/<token>")
@web.by_link(CONFIRM, _presenter_of)
def confirm_by_link(presenter: Presenter, link: links.Link) -> ResponseReturnValue:
    with transaction():
        actions.confirm_by_link(link, presenter)
    return _page("convenings/confirm.html", presenter, PlainForm())


@bp.post("/presenters/<public_id>/answer")
@web.requires("convenings.answer", queries.presenter_for)
def answer(presenter: Presenter) -> ResponseReturnValue:
    """The same three words, signed in: accept, decline, confirm."""
    words = {"accept": actions.accept, "decline": actions.decline, "confirm": actions.confirm}
    act = words.get(request.form.get("answer", ""))
    if act is None:
        raise Mistaken(_("Choose your answer."))
    with transaction():
        act(web.current_person(), presenter)
    if presenter.state == "declined":
        flash(_("Thank you for telling us. You are no longer on this session."))
        return hx.go(url_for("convenings.own"))
    flash(_("Thank you. Your word is noted."))
    return hx.go(url_for("convenings.proposal", public_id=presenter.proposal.public_id))
