"""Saved views of the list of files: save what one sees, change, share, delete; one's usual columns."""

from dataclasses import dataclass
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.core import hx, marks, web
from portal.core.access import may
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.nominations import listed
from portal.nominations.actions import views as actions
from portal.nominations.forms.views import ChangeForm, ViewForm
from portal.nominations.models import SavedView
from portal.nominations.queries import views as queries
from portal.nominations.queries.views import Opened, View
from portal.nominations.rules.views import FILES, MOST_VIEWS, SHARE_VIEWS
from portal.nominations.views.organizer.base import bp, find_cycle
from portal.nominations.views.organizer.seen import Seen, districts_known, seen_now
from portal.programs.models import Cycle

HELD = ("name", "shared", "words", "columns")  # what a form about a view is filled from


def find_view(person: Person, public_id: str, view_id: str) -> Opened[SavedView] | None:
    """A view of the list that this person may use, opened from a cycle whose files they see."""
    cycle = find_cycle(person, public_id)
    view = cycle and queries.view_by_public_id(FILES, cycle.program_id, person, view_id)
    return Opened(view, cycle) if cycle and view else None


def find_deleted(person: Person, public_id: str, view_id: str) -> Opened[SavedView] | None:
    """A view that was deleted, and that this person may have used."""
    cycle = find_cycle(person, public_id)
    view = cycle and queries.view_by_public_id(FILES, cycle.program_id, person, view_id, deleted=True)
    return Opened(view, cycle) if cycle and view else None


def view_url(cycle: Cycle, view_id: str | None = None) -> str:
    """The list as this view shows it."""
    return url_for("nominations_organizer.files", public_id=cycle.public_id, view=view_id)


@dataclass(frozen=True)
class Told:
    """A view in words."""

    view: View
    shows: list[tuple[Any, Any]]
    is_whole: bool  # nothing that it names is gone


def _told(seen: Seen, view: View) -> Told:
    known = districts_known(seen.beside)
    return Told(view, _shows(seen, view.words, view.columns), listed.is_understood(view.words, view.columns, known))


def _shows(seen: Seen, words: dict[str, str], columns: list[str]) -> list[tuple[Any, Any]]:
    names = {each.id: each.name for each in seen.beside.districts}
    return listed.told(listed.read(words), listed.chosen(columns), names)


@bp.get("/cycles/<public_id>/files/views")
@web.requires("nominations.keep_views", find_cycle)
def saved_views(cycle: Cycle) -> ResponseReturnValue:
    """All views: shared ones, then one's own; and what was deleted of late, with its way back."""
    seen, person = seen_now(cycle), web.current_person()

    def may_change(view: View) -> bool:
        return bool(may(person, "nominations.change_view", Opened(view, cycle)))

    return hx.page(
        "nominations/views/list.html",
        cycle=cycle,
        told=[_told(seen, view) for view in seen.beside.views],
        deleted=[view for view in seen.beside.deleted if may_change(view)],
        person=person,
        most=MOST_VIEWS,
        may_change=may_change,
        view_url=view_url,
    )


@bp.get("/cycles/<public_id>/files/views/new")
@web.requires("nominations.keep_views", find_cycle)
def new_view(cycle: Cycle) -> ResponseReturnValue:
    """A name for what one sees."""
    return _new_page(cycle, ViewForm())


@bp.post("/cycles/<public_id>/files/views/new")
@web.requires("nominations.keep_views", find_cycle)
def save_view(cycle: Cycle) -> ResponseReturnValue:
    form = ViewForm()
    if not form.validate():
        return _new_page(cycle, form, 422)
    seen = seen_now(cycle)
    name, shared = form.name.data or "", bool(form.shared.data)
    words, columns = listed.written(seen.asked), seen.columns
    try:
        with transaction():
            by = web.current_person()
            view = actions.save(by, cycle, FILES, name, shared=shared, words=words, columns=columns)
    except Mistaken as mistake:
        form.name.errors = [str(mistake)]
        return _new_page(cycle, form, 422)
    flash(_("Saved. “%(name)s” stands above the list, this year and in the years to come.", name=name))
    return hx.go(view_url(cycle, view.public_id))


def _new_page(cycle: Cycle, form: ViewForm, status: int = 200) -> ResponseReturnValue:
    seen = seen_now(cycle)
    return hx.page(
        "nominations/views/new.html",
        status=status,
        cycle=cycle,
        form=form,
        seen=seen,
        shows=_shows(seen, listed.written(seen.asked), list(seen.columns)),
        may_share=may(web.current_person(), SHARE_VIEWS, cycle),
    )


@bp.get("/cycles/<public_id>/files/views/<view_id>")
@web.requires("nominations.change_view", find_view)
def view_page(opened: Opened[SavedView]) -> ResponseReturnValue:
    """The view's name, who uses it, and what it shows beside what one sees."""
    view, changed = opened.view, seen_now(opened.cycle).is_changed
    return _change_page(opened, ChangeForm(data={"name": view.name, "shared": view.shared, "seen": changed}))


@bp.post("/cycles/<public_id>/files/views/<view_id>")
@web.requires("nominations.change_view", find_view)
def change_view(opened: Opened[SavedView]) -> ResponseReturnValue:
    form, view, seen = ChangeForm(), opened.view, seen_now(opened.cycle)
    if not form.validate():
        return _change_page(opened, form, 422)
    name = form.name.data or ""
    try:
        with transaction():
            actions.lock(view)
            marks.demand_unchanged(view, HELD, request.form.get(marks.FIELD, ""))
            words, columns = (
                (listed.written(seen.asked), seen.columns) if form.seen.data else (view.words, view.columns)
            )
            shared = bool(form.shared.data)
            actions.change(web.current_person(), opened, name, shared=shared, words=words, columns=columns)
    except Mistaken as mistake:
        form.name.errors = [str(mistake)]
        return _change_page(opened, form, 422)
    except marks.Stale:
        return _change_page(opened, form, 409)
    flash(_("The view “%(name)s” is changed.", name=name))
    return hx.go(view_url(opened.cycle, view.public_id))


def _change_page(opened: Opened[SavedView], form: ChangeForm, status: int = 200) -> ResponseReturnValue:
    cycle, view, seen = opened.cycle, opened.view, seen_now(opened.cycle)
    return hx.page(
        "nominations/views/change.html",
        status=status,
        cycle=cycle,
        view=view,
        form=form,
        newer=status == 409,
        shown=marks.to_carry(view, HELD, newer=status == 409),
        seen=seen,
        holds=_shows(seen, view.words, view.columns),
        shows=_shows(seen, listed.written(seen.asked), list(seen.columns)) if seen.is_changed else [],
        may_share=may(web.current_person(), SHARE_VIEWS, cycle),
        back=view_url(cycle, view.public_id),
    )


@bp.get("/cycles/<public_id>/files/views/<view_id>/delete")
@web.requires("nominations.change_view", find_view)
def delete_view_page(opened: Opened[SavedView]) -> ResponseReturnValue:
    """Asks once more."""
    back = view_url(opened.cycle, opened.view.public_id)
    return hx.page("nominations/views/delete.html", cycle=opened.cycle, view=opened.view, back=back)


@bp.post("/cycles/<public_id>/files/views/<view_id>/delete")
@web.requires("nominations.change_view", find_view)
def delete_view(opened: Opened[SavedView]) -> ResponseReturnValue:
    name = opened.view.name
    with transaction():
        actions.lock(opened.view)
        actions.delete(web.current_person(), opened)
    flash(_("The view “%(name)s” is deleted. The files stay as they are.", name=name))
    return hx.go(_views_url(opened.cycle, _anchor="deleted"))


@bp.post("/cycles/<public_id>/files/views/<view_id>/undo")
@web.requires("nominations.change_view", find_deleted)
def put_view_back(opened: Opened[SavedView]) -> ResponseReturnValue:
    """The deleted view stands among the others again, for everybody who used it, at its old address."""
    name, public_id = opened.view.name, opened.view.public_id
    try:
        with transaction():
            actions.lock(opened.view, deleted=True)
            actions.put_back(web.current_person(), opened)
    except Mistaken as mistake:
        flash(str(mistake), "error")
        return hx.go(_views_url(opened.cycle, _anchor="deleted"))
    flash(_("The view “%(name)s” is back.", name=name))
    return hx.go(_views_url(opened.cycle, _anchor=f"view-{public_id}"))


def _views_url(cycle: Cycle, **values: Any) -> str:
    return url_for("nominations_organizer.saved_views", public_id=cycle.public_id, **values)


@bp.post("/cycles/<public_id>/files/columns")
@web.requires("nominations.keep_views", find_cycle)
def keep_columns(cycle: Cycle) -> ResponseReturnValue:
    """From now on one sees these columns where nothing else is said."""
    columns = listed.chosen(request.form.get("cols", "").split(","))
    back = seen_now(cycle).url(cols=None)
    with transaction():
        actions.keep_usual(web.current_person(), cycle, FILES, columns)
    flash(_("From now on you see these columns. A saved view keeps its own."))
    return hx.go(back)
