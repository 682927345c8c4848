"""Signing in by mailed link or code, signing out, and one's own browsers."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from portal.accounts import actions, queries
from portal.accounts.devices import browser_name
from portal.accounts.forms import AcceptForm, CodeForm, SignInForm
from portal.accounts.models import Person, RoleInvitation, SignedIn, SignInRequest
from portal.accounts.rules import ROLE_NAMES
from portal.core import hx, identity, links, web
from portal.core.db import db, transaction
from portal.core.forms import PlainForm
from portal.core.limits import limiter
from portal.core.web import device, remember

bp = Blueprint("accounts", __name__)


@bp.get("/sign-in")
@web.public()
def sign_in() -> ResponseReturnValue:
    if web.current_person():
        return hx.go(web.safe_next(request.args.get("next") or "/desk"))
    return hx.page("accounts/sign_in.html", form=SignInForm(), next=web.safe_next(request.args.get("next")))


@bp.post("/sign-in")
@limiter.limit("20 per hour")
@web.public()
def send_link() -> ResponseReturnValue:
    form, target = SignInForm(), web.safe_next(request.form.get("next"))
    if not form.validate():
        return hx.page("accounts/sign_in.html", form=form, next=target, status=422)
    lasts = timedelta(minutes=current_app.config["PORTAL"].sign_in_minutes)
    with transaction():
        asked = actions.ask_to_sign_in(form.email.data or "", target, lasts)
    session["sign_in"] = asked.public_id
    return hx.go(url_for("accounts.enter_code"))


def _asked() -> SignInRequest | None:
    return db.session.scalar(select(SignInRequest).where(SignInRequest.public_id == session.get("sign_in", "")))


@bp.get("/sign-in/code")
@web.public()
def enter_code() -> ResponseReturnValue:
    asked = _asked()
    if asked is None:
        return hx.go(url_for("accounts.sign_in"))
    minutes = current_app.config["PORTAL"].sign_in_minutes
    return hx.page("accounts/code.html", form=CodeForm(), email=asked.email, minutes=minutes)


@bp.post("/sign-in/code")
@limiter.limit("30 per hour")
@web.public()
def use_code() -> ResponseReturnValue:
    asked, form = _asked(), CodeForm()
    if asked is None:
        return hx.go(url_for("accounts.sign_in"))
    cookie = None
    if form.validate():
        with transaction():
            may_try = actions.spend_attempt(asked.id)
        if may_try:
            digits = "".join(c for c in form.code.data or "" if c.isdigit())
            with transaction():
                key = current_app.config["PORTAL"].secret_key
                cookie = actions.sign_in_with_code(asked, digits, key, device())
        if cookie is None:
            form.code.errors = [_("That code did not work. Check the digits, or ask for a new letter.")]
    if cookie is None:
        minutes = current_app.config["PORTAL"].sign_in_minutes
        return hx.page("accounts/code.html", form=form, email=asked.email, minutes=minutes, status=422)
    target = asked.next
    remember(cookie)
    return hx.go(_landing(target))


def _landing(target: str) -> str:
    target = web.safe_next(target)
    return "/desk" if target == "/" else target


def _request_of(link: links.Link) -> SignInRequest | None:
    return db.session.get(SignInRequest, link.subject_id)


@bp.get("/sign-in/<token>")
@web.by_link("sign-in", _request_of)
def sign_in_link(asked: SignInRequest, link: links.Link) -> ResponseReturnValue:
    """Shows a button: mail scanners follow links, and a look must change nothing."""
    return hx.page("accounts/link.html", form=PlainForm(), email=asked.email)


@bp.post("/sign-in/<token>")
@web.by_link("sign-in", _request_of)
def use_link(asked: SignInRequest, link: links.Link) -> ResponseReturnValue:
    with transaction():
        cookie, asked = actions.sign_in_with_link(link, device())
    target = asked.next
    remember(cookie)
    return hx.go(_landing(target))


@bp.post("/sign-out")
@web.requires("accounts.sign_out")
def sign_out() -> ResponseReturnValue:
    person, cookie = web.current_person(), session.get("_user_id", "")
    with transaction():
        actions.sign_out(person, cookie)
    session.clear()
    flash(_("You are signed out."))
    return hx.go("/")


@bp.get("/account")
@web.requires("accounts.own_sign_ins")
def account() -> ResponseReturnValue:
    person = web.current_person()
    return hx.page(
        "accounts/account.html",
        sign_ins=queries.sign_ins_of(person),
        form=PlainForm(),
        role_names=ROLE_NAMES,
        browser_name=browser_name,
    )


def _own_sign_in(person: Person, public_id: str) -> SignedIn | None:
    query = select(SignedIn).where(SignedIn.public_id == public_id, SignedIn.person_id == person.id)
    return db.session.scalar(query)


@bp.post("/account/browsers/<public_id>/end")
@web.requires("accounts.own_sign_ins", _own_sign_in)
def end_sign_in(signed_in: SignedIn) -> ResponseReturnValue:
    with transaction():
        actions.revoke_sign_in(web.current_person(), signed_in)
    flash(_("That browser is signed out."))
    return hx.go(url_for("accounts.account"))


def _invitation_of(link: links.Link) -> RoleInvitation | None:
    return db.session.get(RoleInvitation, link.subject_id)


@bp.get("/invitations/<token>")
@web.by_link("role-invitation", _invitation_of)
def answer_invitation(invitation: RoleInvitation, link: links.Link) -> ResponseReturnValue:
    web.show_program(identity.by_id(invitation.program_id))
    form = AcceptForm(data={"name": invitation.name})
    return hx.page("accounts/invitation.html", invitation=invitation, form=form, role=ROLE_NAMES[invitation.role])


@bp.post("/invitations/<token>")
@web.by_link("role-invitation", _invitation_of)
def accept_invitation(invitation: RoleInvitation, link: links.Link) -> ResponseReturnValue:
    web.show_program(identity.by_id(invitation.program_id))
    if request.form.get("answer") == "decline":
        with transaction():
            actions.decline_invitation(link, invitation)
        return hx.page("accounts/declined.html", invitation=invitation)
    form = AcceptForm()
    if not form.validate():
        context = {"invitation": invitation, "form": form, "role": ROLE_NAMES[invitation.role]}
        return hx.page("accounts/invitation.html", status=422, **context)
    with transaction():
        _person, cookie = actions.accept_invitation(link, invitation, form.name.data or "", device())
    remember(cookie)
    flash(_("Welcome. You are signed in."))
    return hx.go("/desk")
