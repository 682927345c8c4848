"""Rows that are inserted unless they are there already: one statement, without a race, on either database."""

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from portal.core.db import db


def insert_once(model: type[Any], unique: list[str], **values: Any) -> Any | None:
    """Inserts a row unless its unique columns already exist; the new row's key, or None. No race on either database."""
    session = db.session()
    session.flush()
    dialect = session.get_bind().dialect.name
    return session.execute(_insert_once(dialect, model.__table__, tuple(unique)), values).scalar_one_or_none()


def insert_all_once(
    model: type[Any], unique: list[str], rows: list[dict[str, Any]], *, anew: tuple[str, ...] = ()
) -> list[Any]:
    """The same for many rows in one statement; the keys of those that are new.

    A row that exists takes the columns that are `anew` from the one given; its key is among those answered, too.
    """
    if not rows:
        return []
    session = db.session()
    session.flush()
    statement = _insert_once(session.get_bind().dialect.name, model.__table__, tuple(unique), anew)
    return list(session.execute(statement, rows if len(rows) > 1 else rows[0]).scalars())


@cache
def _insert_once(dialect: str, table: Any, unique: tuple[str, ...], anew: tuple[str, ...] = ()) -> Any:
    """The statement, built once for each table."""
    insert: Any = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    if anew:
        insert = insert.on_conflict_do_update(
            index_elements=unique, set_={name: insert.excluded[name] for name in anew}
        )
    else:
        insert = insert.on_conflict_do_nothing(index_elements=unique)
    return insert.returning(*table.primary_key)
