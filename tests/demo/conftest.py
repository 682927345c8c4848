"""The demo, made once for all tests that look at it; whoever changes something copies it first."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.core.db import db
from portal.demo import making


@pytest.fixture(scope="session")
def demo(make_app: Callable[..., Flask]) -> Flask:
    """A complete demo: its pages may be looked at, and signing in is allowed."""
    app = make_app(demo=True, sqlite_synchronous="NORMAL")
    making.make(app)
    return app


@pytest.fixture
def counted(demo: Flask) -> Iterator[list[str]]:
    """The statements sent to the demo's database while the test runs."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    with demo.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
