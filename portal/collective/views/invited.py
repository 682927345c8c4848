"""The page behind a winner's invitation: what the Collective is, yes or no."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.collective import actions
from portal.collective.forms import JoinForm
from portal.collective.models import Invitation
from portal.collective.views.blueprint import bp
from portal.core import hx, links, web
from portal.core.db import db, transaction
from portal.core.web import device, remember


def _invitation_of(link: links.Link) -> Invitation | None:
    return db.session.get(Invitation, link.subject_id)


@bp.get("/collective/join/<token>")
@web.by_link(actions.PURPOSE, _invitation_of)
def join(invitation: Invitation, link: links.Link) -> ResponseReturnValue:
    """Says what joining means; only the buttons change anything."""
    form = JoinForm(data={"name": invitation.name})
    return hx.page("collective/join.html", invitation=invitation, form=form)


@bp.post("/collective/join/<token>")
@web.by_link(actions.PURPOSE, _invitation_of)
def answer(invitation: Invitation, link: links.Link) -> ResponseReturnValue:
    """Yes makes a member and signs in; no is kept, and the organizers may ask again."""
    if request.form.get("answer") == "decline":
        with transaction():
            actions.decline(link, invitation)
        return hx.page("collective/declined.html", invitation=invitation)
    form = JoinForm()
    if not form.validate():
        return hx.page("collective/join.html", invitation=invitation, form=form, status=422)
    with transaction():
        member, cookie = actions.accept(link, invitation, form.name.data or "", device())
    slug = member.program.slug
    remember(cookie)
    flash(_("Welcome to the Teacher Leader Collective. You are signed in."))
    return hx.go(url_for("collective.profile", slug=slug))
