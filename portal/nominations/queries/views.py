"""Saved views of a list, for the person who looks at it; with what the list's filters offer, in one query."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, and_, cast, literal, null, or_, select, union_all

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import Document, Moment, db
from portal.core.names import fold
from portal.nominations.models import NomineeFile, SavedView
from portal.nominations.rules.bulk import UNDO
from portal.programs.models import Cycle, District, Program
from portal.programs.queries import MOST_DISTRICTS


@dataclass(frozen=True)
class View:
    """A saved view as a page tells of it; `owner` is a name."""

    id: int
    public_id: str
    name: str
    owner_id: int
    owner: str
    shared: bool
    words: dict[str, str]
    columns: list[str]
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class Choice:
    """A district to choose from."""

    id: int
    name: str


@dataclass(frozen=True)
class Beside:
    """What stands beside a list: the views that this person may use, shared ones first; those deleted a while ago, the
    last first; the usual one's columns.
    """

    views: list[View] = field(default_factory=list)
    deleted: list[View] = field(default_factory=list)
    usual: list[str] = field(default_factory=list)
    districts: list[Choice] = field(default_factory=list)
    has_all_districts: bool = True


Held = TypeVar("Held", SavedView, View)


@dataclass(frozen=True)
class Opened(Generic[Held]):
    """A saved view opened from one cycle's list: a permission is asked of it in that cycle."""

    view: Held
    cycle: Cycle

    @property
    def program_id(self) -> int:
        return self.cycle.program_id

    @property
    def cycle_id(self) -> int:
        return self.cycle.id

    @property
    def program(self) -> Program:
        return self.cycle.program

    @property
    def owner_id(self) -> int:
        return self.view.owner_id

    @property
    def shared(self) -> bool:
        return self.view.shared


def beside(list_key: str, program_id: int, person: Person) -> Beside:
    """The views for this person and the program's districts, in one query."""
    view = SavedView
    views = (
        select(view.id, view.public_id, view.name, view.owner_id, Person.name, view.shared, view.words, view.columns,
               view.deleted_at)
        .join(Person, Person.id == view.owner_id)
        .where(view.program_id == program_id, view.list_key == list_key, visible_to(person), can_be_there())
    )  # fmt: skip
    blank: list[Any] = [literal(""), District.name, cast(null(), Integer), literal(""), literal(False)]
    blank += [cast(null(), Document()), cast(null(), Document()), cast(null(), Moment())]
    each_named = [column.label(f"c{at}") for at, column in enumerate(blank)]
    districts = select(District.id, *each_named).where(District.program_id == program_id)
    first = districts.order_by(District.id).limit(MOST_DISTRICTS).subquery()
    rows = db.session.execute(union_all(views, select(first))).all()
    own = [View(*row) for row in rows if row.owner_id is not None]
    choices = sorted((Choice(row.id, row.name) for row in rows if row.owner_id is None), key=lambda each: each.id)
    living, gone = [each for each in own if each.deleted_at is None], [each for each in own if each.deleted_at]
    named = sorted((each for each in living if each.name), key=lambda each: (not each.shared, fold(each.name), each.id))
    gone.sort(key=lambda each: (each.deleted_at, each.id), reverse=True)
    usual = next((view.columns for view in own if not view.name), [])
    return Beside(named, gone, usual, choices, len(choices) < MOST_DISTRICTS)


def visible_to(person: Person) -> Any:
    """Own views, and those that were shared; who may see the list at all is the page's own question."""
    return or_(SavedView.owner_id == person.id, SavedView.shared)


def can_be_there() -> ColumnElement[bool]:
    """Neither deleted, nor so long ago that it can't be put back any more."""
    return or_(SavedView.deleted_at.is_(None), SavedView.deleted_at > now() - UNDO)


def view_by_public_id(
    list_key: str, program_id: int, person: Person, public_id: str, *, deleted: bool = False
) -> SavedView | None:
    """A named view that this person may use; or (`deleted`) may have put back, as far as it was theirs to use."""
    mine = and_(SavedView.list_key == list_key, SavedView.program_id == program_id, SavedView.name_key != "")
    mine = and_(mine, can_be_there(), SavedView.deleted_at.is_not(None) if deleted else SavedView.deleted_at.is_(None))
    return db.session.scalar(select(SavedView).where(SavedView.public_id == public_id, mine, visible_to(person)))


def names_of(view: SavedView) -> set[str]:
    """The folded names of its owner's other views of the same list."""
    same = {"owner_id": view.owner_id, "program_id": view.program_id, "list_key": view.list_key}
    query = select(SavedView.name_key).filter_by(**same, deleted_at=None).where(SavedView.name_key != "")
    return set(db.session.scalars(query if view.id is None else query.where(SavedView.id != view.id)))


def is_found(program_id: int, words: Sequence[str]) -> bool:
    """Whether the list of any year finds somebody by these folded words."""
    found = (NomineeFile.search.like(f"%{word}%") for word in words)
    query = select(NomineeFile.id).where(NomineeFile.program_id == program_id, *found).limit(1)
    return db.session.scalar(query) is not None
