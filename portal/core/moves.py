"""The one door through which a state changes: checks the flow, updates conditionally, records."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value

from portal.core import audit
from portal.core.db import db, sweep
from portal.core.errors import Overtaken
from portal.core.flow import Flow


def move(
    flow: Flow,
    verb: str,
    thing: Any,
    by: Any,
    /,
    *,
    column: str = "state",
    changes: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Moves the thing by this verb, sets `changes` in the same statement, and writes the audit entry.

    The update names the states it may start from, so of two people who act at once one is told `Overtaken`.
    """
    origins, target = flow[verb]
    values = {column: target, **(changes or {})}
    session = db.session()
    session.flush()
    statement = _conditional(type(thing).__table__, column, origins, tuple(values))
    written = session.execute(statement, {"one": thing.id, **{f"to_{n}": v for n, v in values.items()}}).one_or_none()
    if written is None:
        session.refresh(thing, list(values))
        raise Overtaken(_("Somebody was faster: this can no longer be done. The page shows how things stand now."))
    for name, value in zip(values, written, strict=True):
        set_committed_value(thing, name, value)
    audit.record(by, f"{flow.name}.{verb}", thing, **facts)


@cache
def _conditional(table: Any, column: str, origins: frozenset[str], names: tuple[str, ...]) -> Any:
    """The update of one row that still stands where the verb starts, built once; it answers what it wrote."""
    columns = [table.c[name] for name in names]
    return (
        update(table)
        .where(table.c.id == bindparam("one"), table.c[column].in_(sorted(origins)))
        .values({c: bindparam(f"to_{c.name}", type_=c.type) for c in columns})
        .returning(*columns)
    )


def move_all(
    flow: Flow,
    verb: str,
    things: Sequence[Any],
    by: Any,
    /,
    *,
    column: str = "state",
    only: Iterable[str] | None = None,
    changes: dict[str, Any] | None = None,
    **facts: Any,
) -> list[Any]:
    """Moves those of the things (all of one table) that still stand where the verb starts, in one statement.

    `only` narrows the states to start from. Each thing that moved gets its own audit entry; they are returned, and
    whoever was overtaken is simply not among them.
    """
    if not things:
        return []
    origins, target = flow[verb]
    if only is not None:
        origins = origins & frozenset(only)
    model: Any = type(things[0])
    values = {column: target, **(changes or {})}
    session = db.session()
    session.flush()
    mine = model.id.in_([thing.id for thing in things]), getattr(model, column).in_(sorted(origins))
    moved = set(sweep(update(model).where(*mine).values(values).returning(model.id)).scalars())
    done = [thing for thing in things if thing.id in moved]
    for thing in done:
        for name, value in values.items():
            set_committed_value(thing, name, value)
        audit.record(by, f"{flow.name}.{verb}", thing, **facts)
    return done
