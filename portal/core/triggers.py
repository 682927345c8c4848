"""What the database itself keeps true, whoever writes: triggers, made with the tables they stand on.

Migrations run without them: SQLite loses a table's triggers when a migration copies it, and cannot rename a table of
which a trigger speaks. So they are set aside before and made anew after, and what they keep is mended where wrong.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event, inspect

from portal.core.db import Base, db

Statements = dict[str, tuple[str, ...]]  # by the name of the database's dialect


@dataclass(frozen=True)
class Kept:
    """Something that triggers on one table keep true, in a column of this or another table."""

    table: str
    column: str  # "table.column"
    make: Statements
    drop: Statements
    fill: Statements  # writes what is wrong, and only that


_KEPT: list[Kept] = []
_NAME = re.compile(r"CREATE TRIGGER (\w+)")


def keep(kept: Kept) -> None:
    """Has these triggers made whenever their table is."""
    _KEPT.append(kept)


@event.listens_for(Base.metadata, "after_create")
def _made(_metadata: Any, connection: Connection, *, tables: list[Any], **_more: Any) -> None:
    names = {table.name for table in tables}
    for kept in _KEPT:
        if kept.table in names:
            _run(connection, kept.make)


@contextmanager
def set_aside(connection: Connection) -> Iterator[None]:
    """No trigger fires inside; afterwards all are there, and what they keep is true."""
    for kept in _there(connection):
        _run(connection, kept.drop)
    yield
    for kept in _there(connection):
        _run(connection, kept.make)
        _run(connection, kept.fill)


def missing() -> list[str]:
    """The names of the triggers that the database should have and has not, or has switched off: lost in a restore."""
    found = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
    }
    with db.engine.connect() as connection:
        there = set(connection.exec_driver_sql(found[connection.dialect.name]).scalars())
        made = [each for kept in _there(connection) for each in kept.make[connection.dialect.name]]
    return [name for name in _NAME.findall("\n".join(made)) if name not in there]


def _there(connection: Connection) -> list[Kept]:
    look, found = inspect(connection), []
    for kept in _KEPT:
        table, _dot, column = kept.column.partition(".")
        if look.has_table(kept.table) and column in {c["name"] for c in look.get_columns(table)}:
            found.append(kept)
    return found


def _run(connection: Connection, statements: Statements) -> None:
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)
