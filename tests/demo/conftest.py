"""The demo, made once for all tests that look at it; whoever changes something copies it first."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from portal.demo import making
from tests.statements import statements


@pytest.fixture(scope="session")
def demo(make_app: Callable[..., Flask]) -> Flask:
    """A complete demo: its pages may be looked at, and signing in is allowed."""
    app = make_app(demo=True, sqlite_synchronous="NORMAL")
    making.make(app)
    return app


@pytest.fixture
def counted(demo: Flask) -> Iterator[list[str]]:
    """The statements sent to the demo's database while the test runs."""
    with statements(demo) as seen:
        yield seen
