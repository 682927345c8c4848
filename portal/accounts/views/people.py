"""The People page of a program: who holds which role, inviting others, ending roles."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from portal.accounts import actions, queries
from portal.accounts.forms import InviteForm
from portal.accounts.models import Person, Role, RoleInvitation
from portal.accounts.rules import ROLE_NAMES
from portal.core import asked, hx, identity, paging, web
from portal.core.db import db, transaction
from portal.core.forms import PlainForm

bp = Blueprint("people", __name__)


def find_program(person: Person, slug: str) -> Any:
    """A program this person has a role in; others are not there for them."""
    program = identity.by_slug(slug)
    return program if program is not None and person.holds(tuple(ROLE_NAMES), program) else None


def find_role(person: Person, slug: str, role_id: int) -> Role | None:
    """A living role in that program."""
    program = find_program(person, slug)
    if program is None:
        return None
    return queries.living_role(program.id, role_id)


def find_invitation(person: Person, slug: str, public_id: str) -> RoleInvitation | None:
    """An invitation to a role in that program."""
    program = find_program(person, slug)
    if program is None:
        return None
    query = select(RoleInvitation).where(RoleInvitation.public_id == public_id, RoleInvitation.program_id == program.id)
    return db.session.scalar(query)


def _page(program: Any, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    search, number = asked.text(request.args, "q"), paging.asked_page()
    which = asked.one_of(request.args, "list", ("people", "invited"), "people")
    invited = queries.invitations(program.id, search)
    return hx.page(
        "accounts/people.html",
        status=status,
        form=form,
        plain=PlainForm(),
        which=which,
        search=search,
        page=paging.page_of(invited, number) if which == "invited" else queries.people_page(program.id, search, number),
        role_names=ROLE_NAMES,
    )


@bp.get("/awards/<slug>/people")
@web.requires("accounts.see_people", find_program)
def people(program: Any) -> ResponseReturnValue:
    return _page(program, InviteForm())


@bp.post("/awards/<slug>/people")
@web.requires("accounts.manage_people", find_program)
def invite(program: Any) -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate():
        return _page(program, form, status=422)
    data = {"role": form.role.data, "name": form.name.data or "", "email": form.email.data or ""}
    with transaction():
        actions.invite(web.current_person(), program, **data)
    flash(_("We are writing to %(name)s now.", name=form.name.data))
    return hx.go(url_for("people.people", slug=program.slug, list="invited"))


@bp.post("/awards/<slug>/people/roles/<int:role_id>/end")
@web.requires("accounts.manage_people", find_role)
def end_role(role: Role, **_parts: str) -> ResponseReturnValue:
    with transaction():
        actions.end_role(web.current_person(), role)
    flash(_("%(name)s no longer holds this role.", name=role.person.name))
    return hx.go(url_for("people.people", slug=identity.by_id(role.program_id).slug))


@bp.post("/awards/<slug>/people/invitations/<public_id>/again")
@web.requires("accounts.manage_people", find_invitation)
def invite_again(invitation: RoleInvitation) -> ResponseReturnValue:
    program = identity.by_id(invitation.program_id)
    with transaction():
        actions.invite_again(web.current_person(), invitation, program)
    flash(_("A new letter is on its way to %(email)s. The old link no longer works.", email=invitation.email))
    return hx.go(url_for("people.people", slug=program.slug, list="invited"))


@bp.post("/awards/<slug>/people/invitations/<public_id>/revoke")
@web.requires("accounts.manage_people", find_invitation)
def revoke(invitation: RoleInvitation) -> ResponseReturnValue:
    with transaction():
        actions.revoke_invitation(web.current_person(), invitation)
    flash(_("The invitation is taken back; its link no longer works."))
    return hx.go(url_for("people.people", slug=identity.by_id(invitation.program_id).slug, list="invited"))
