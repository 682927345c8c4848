"""What people do with saved views: save, change, delete; and their usual columns of a list."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete as sql_delete
from sqlalchemy import select, update

from portal.accounts.models import Person
from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Mistaken, Overtaken
from portal.core.names import fold
from portal.core.once import insert_once
from portal.nominations.models import SavedView
from portal.nominations.queries.views import Opened, is_found, names_of
from portal.nominations.rules.bulk import UNDO
from portal.nominations.rules.views import CHANGE_VIEW, KEEP_VIEWS, MOST_VIEWS, SHARE_VIEWS, means
from portal.programs.models import Cycle


def keep_usual(by: Person, cycle: Cycle, list_key: str, columns: Sequence[str]) -> None:
    """Makes these columns the ones that this person sees in the list where nothing else is said."""
    demand(by, KEEP_VIEWS, cycle)
    whose = {"owner_id": by.id, "program_id": cycle.program_id, "list_key": list_key, "name_key": ""}
    if insert_once(SavedView, list(whose), **whose, columns=list(columns)) is None:
        db.session.execute(update(SavedView).filter_by(**whose).values(columns=list(columns)))


def save(
    by: Person, cycle: Cycle, list_key: str, name: str, *, shared: bool, words: dict[str, str], columns: Sequence[str]
) -> SavedView:
    """Saves what one sees under a name."""
    demand(by, KEEP_VIEWS, cycle)
    if shared:
        demand(by, SHARE_VIEWS, cycle)
    view = SavedView(program_id=cycle.program_id, list_key=list_key, owner_id=by.id)
    _name(view, name)
    view.shared, view.words, view.columns = shared, dict(words), list(columns)
    db.session.add(view)
    if shared:
        db.session.flush()
        audit.record(by, "view.shared", view)
    return view


def change(
    by: Person, opened: Opened[SavedView], name: str, *, shared: bool, words: dict[str, str], columns: Sequence[str]
) -> None:
    """Gives the view another name, lets others use it or no longer, or puts into it what one sees."""
    view = opened.view
    demand(by, CHANGE_VIEW, opened)
    was_shared, before = view.shared, {"name": view.name, "shows": (view.words, view.columns)}
    if shared != was_shared:
        demand(by, SHARE_VIEWS, opened.cycle)
    if name != view.name:
        _name(view, name)
    view.shared, view.words, view.columns = shared, dict(words), list(columns)
    after = {"name": view.name, "shows": (view.words, view.columns)}
    changed = [what for what in before if before[what] != after[what]]
    if shared != was_shared:
        audit.record(by, "view.shared" if shared else "view.unshared", view)
    if changed and shared and was_shared:
        audit.record(by, "view.changed", view, changed=changed)


def delete(by: Person, opened: Opened[SavedView]) -> None:
    """Deletes the view for everybody who used it; what it showed stays where it is. It can be put back for a while."""
    demand(by, CHANGE_VIEW, opened)
    view = opened.view
    _record_deleted(by, view)
    view.deleted_at, view.name_key = now(), f"deleted:{view.public_id}"


def put_back(by: Person, opened: Opened[SavedView]) -> None:
    """Puts a deleted view back as it was, unless its owner has another one of its name by now, or has enough."""
    demand(by, CHANGE_VIEW, opened)
    view = opened.view
    _name(view, view.name)
    view.deleted_at = None
    if view.shared:
        audit.record(by, "view.put_back", view)


def forget_deleted() -> None:
    """Throws away what can't be put back any more."""
    sweep(sql_delete(SavedView).where(SavedView.deleted_at < now() - UNDO))


def forget(by: Any, program_id: int, names: Collection[str], found_by: Sequence[str], address: str) -> None:
    """Deletes the views that name or search for somebody who was just erased, and for nobody else.

    `names` are folded; `found_by` is what the list found them by.
    """
    query = select(SavedView).where(SavedView.program_id == program_id, SavedView.name_key != "")
    for view in db.session.scalars(query):
        said = [
            means(view.name, names, found_by, fold(address), search=False),
            means(view.words.get("q", ""), names, found_by, fold(address), search=True),
        ]
        if any(words and not is_found(program_id, words) for words in said):
            if view.deleted_at is None:
                _record_deleted(by, view)
            db.session.delete(view)


def _record_deleted(by: Any, view: SavedView) -> None:
    if view.shared:
        audit.record(by, "view.deleted", audit.name_of(view), view.program_id)


def lock(view: SavedView, *, deleted: bool = False) -> None:
    """Holds the view until the transaction ends; raises Overtaken when somebody has deleted it meanwhile, or (a
    `deleted` one) put it back.
    """
    query = select(SavedView).where(SavedView.id == view.id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if deleted and (found is None or found.deleted_at is None):
        raise Overtaken(_("Somebody has put this view back already, or its time is over."))
    if not deleted and (found is None or found.deleted_at is not None):
        raise Overtaken(_("Somebody has deleted this view since you opened the page."))


def _name(view: SavedView, name: str) -> None:
    """Names the view, unless its owner has another one of that name, or has enough of them.

    Two namings of one owner wait for each other.
    """
    key = fold(name)[:120]  # folding makes some letters several
    if not key:
        raise Mistaken(_("Write a name with letters or numbers in it."))
    db.session.execute(select(Person.id).where(Person.id == view.owner_id).with_for_update(key_share=True))
    others = names_of(view)
    if key in others:
        raise Mistaken(_("There is a view of this name already. Choose another name, or change that one."))
    if len(others) >= MOST_VIEWS:
        said = _("You have %(num)s views of this list already. Delete one that you no longer use.", num=MOST_VIEWS)
        raise Mistaken(said)
    view.name, view.name_key = name, key
