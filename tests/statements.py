"""What is asked of the database meanwhile, to hold pages and writes to their budgets (SQLite and PostgreSQL alike)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from portal.core.db import db

UNCOUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ")


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the application's database; those that open and close a transaction are not among them."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(UNCOUNTED):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def how_many(app: Flask, call: Callable[[], object]) -> int:
    """How many statements the call sends."""
    with statements(app) as seen:
        call()
    return len(seen)
