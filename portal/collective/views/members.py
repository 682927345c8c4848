"""For members: the directory, one member's page, one's own profile; and the public list of who wants to be seen."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.collective import actions, queries, rules
from portal.collective.forms import ProfileForm, StateForm
from portal.collective.models import Member
from portal.collective.views.blueprint import bp
from portal.core import asked, hx, web
from portal.core.db import transaction
from portal.core.paging import asked_page
from portal.programs.models import Program
from portal.programs.queries import program_by_slug
from portal.programs.visiting import find_public


def program_for(_person: Any, slug: str) -> Program | None:
    """The program of the address; who may see its Collective is the permission's matter."""
    return program_by_slug(slug)


@bp.get("/collective/<slug>")
@web.requires("collective.see", program_for)
def directory(program: Program) -> ResponseReturnValue:
    search, cohort, state = (asked.text(request.args, name) for name in ("q", "cohort", "state"))
    person = web.current_person()
    found = queries.directory(person, program, search=search, cohort=cohort, state=state, page=asked_page())
    return hx.page(
        "collective/directory.html",
        "collective/_members.html",
        page=found,
        search=search,
        cohort=cohort,
        state=state,
        cohorts=queries.cohorts(program.id),
        state_names=rules.MEMBER_NAMES,
        own=any(m.program_id == program.id for m in person.memberships),
    )


@bp.get("/awards/<slug>/collective")
@web.public(find_public)
def public_directory(program: Program) -> ResponseReturnValue:
    """Past winners who chose to be found."""
    search, cohort = (asked.text(request.args, name) for name in ("q", "cohort"))
    found = queries.public_directory(program, search=search, cohort=cohort, page=asked_page())
    years = queries.cohorts(program.id, public_only=True)
    context: dict[str, Any] = {"page": found, "search": search, "cohort": cohort, "cohorts": years}
    return hx.page("collective/public.html", "collective/_members.html", state="", state_names={}, **context)


@bp.get("/collective/members/<public_id>")
@web.requires("collective.see", queries.member_for)
def member(found: Member) -> ResponseReturnValue:
    return hx.page("collective/member.html", member=found, **organizer_context(found, StateForm()))


def organizer_context(found: Member, form: StateForm) -> dict[str, Any]:
    """What the organizer's part of a member's page shows: the verbs that apply now."""
    return {
        "form": form,
        "verbs": [(verb, rules.MEMBER_VERBS[verb]) for verb in rules.MEMBER.from_state(found.state)],
        "state_names": rules.MEMBER_NAMES,
    }


def own_membership(person: Any, slug: str) -> Member | None:
    """The person's own membership in the program of this address."""
    program = program_by_slug(slug)
    return queries.member_of(program.id, person.id) if program else None


@bp.get("/collective/<slug>/profile")
@web.requires("collective.edit_own", own_membership)
def profile(own: Member) -> ResponseReturnValue:
    return hx.page("collective/profile.html", member=own, form=ProfileForm(obj=own))


@bp.post("/collective/<slug>/profile")
@web.requires("collective.edit_own", own_membership)
def save_profile(own: Member) -> ResponseReturnValue:
    """The button: what was typed is kept even when something is wrong with it."""
    form = ProfileForm()
    right = form.validate()
    with transaction():
        actions.save_profile(web.current_person(), own, _typed(form))
    if not right:
        return hx.page("collective/profile.html", member=own, form=form, status=422)
    flash(_("Your profile is saved."))
    return hx.go(url_for("collective.member", public_id=own.public_id))


@bp.post("/collective/<slug>/profile/save")
@web.requires("collective.edit_own", own_membership)
def keep_profile(own: Member) -> ResponseReturnValue:
    """Saves as one types; answers with the time."""
    form = ProfileForm()
    form.validate()
    with transaction():
        actions.save_profile(web.current_person(), own, _typed(form))
    if not hx.wants_partial():  # sent again by a button, after signing in anew
        return hx.go(url_for(".profile", slug=own.program.slug))
    return render_template("_kit/saved.html", at=own.saved_at)


def _typed(form: ProfileForm) -> dict[str, str]:
    """The fields that can be kept: one that is too long, or a choice that does not exist, waits until it is mended."""
    typed = {f: getattr(form, f) for f in actions.PROFILE}
    return {name: field.data or "" for name, field in typed.items() if not field.errors}
