"""Fixtures for every test: an application on SQLite or PostgreSQL, emptied after each test, and the cast."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portal.app import create_app
from portal.core import settings
from portal.core.db import Base, db
from portal.nominations.queries.tally import miscounted
from tests.cast import Cast
from tests.postgres import Cluster, start_cluster

REQUIRED = os.environ.get("PORTAL_TEST_REQUIRE") == "1"  # CI: a missing browser or server is a failure, not a skip
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
SECRET = "test-secret-key-of-enough-length-0123456789"


class Client(FlaskClient):
    """A browser that takes each answer whole, and leaves no file open: neither one that was sent, nor a long body."""

    def run_wsgi_app(self, environ: dict[str, Any], buffered: bool = False) -> Any:
        try:
            return super().run_wsgi_app(environ, buffered=True)
        finally:
            if not isinstance(environ["wsgi.input"], BytesIO):  # beyond half a megabyte Werkzeug keeps it in a file
                environ["wsgi.input"].close()


def missing(what: str) -> None:
    """Skips (or, in CI, fails) because the machine lacks something."""
    if REQUIRED:
        pytest.fail(f"{what} is required here")
    pytest.skip(f"skipped: {what} was not found on this machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="which database to test on")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What never asks for a database is tested once, on SQLite."""
    if config.getoption("--database") == "sqlite":
        return
    asks = {"database", "cluster", "request"}  # "request": it may ask for one later
    free = [item for item in items if asks.isdisjoint(getattr(item, "fixturenames", asks))]
    left_out = set(free)
    items[:] = [each for each in items if each not in left_out]
    config.hook.pytest_deselected(items=free)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """ "sqlite" or "postgresql": what the suite runs on."""
    return str(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of our own, on a socket, for this test process."""
    found = start_cluster()
    if found is None:
        missing("a PostgreSQL server (Debian's package postgresql)")
    assert found is not None
    yield found
    found.stop()


@pytest.fixture(scope="session")
def make_app(request: pytest.FixtureRequest, database: str) -> Iterator[Callable[..., Flask]]:
    """Makes an application on an empty database of its own; keywords are settings."""
    folders: list[Path] = []
    made: list[Flask] = []

    def make(**values: Any) -> Flask:
        folder = Path(tempfile.mkdtemp(prefix="laurel-test-"))
        folders.append(folder)
        if database == "postgresql" and "database_url" not in values:
            values["database_url"] = request.getfixturevalue("cluster").new_database()
        base = {"secret_key": SECRET, "testing": True, "base_url": "http://localhost"}
        config = settings.load(data=folder, **{**base, **values})
        app = create_app(config)
        app.test_client_class = Client
        made.append(app)
        with app.app_context():
            Base.metadata.create_all(db.engine)
        return app

    yield make
    for app in made:
        hang_up(app)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def hang_up(app: Flask) -> None:
    """Closes the connections to the application's database that lie in its pool: nobody needs them any more."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def shared_app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application, its rows and settings put back afterwards.

    Open `with app.app_context():` for set-up only, never around a client's request.
    """
    settled = dict(shared_app.config)
    yield shared_app
    shared_app.config.clear()
    shared_app.config.update(settled)
    with shared_app.app_context():
        wrong = miscounted()
        empty_tables()
    assert wrong == [], "files whose voices are not what was written (tests/nominations/test_tally.py)"


def empty_tables() -> None:
    """Deletes every row."""
    db.session.rollback()
    with db.engine.connect().execution_options(immediate=True) as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in Base.metadata.sorted_tables:
            connection.execute(table.delete())
        connection.commit()
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = origin"))
            connection.commit()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with; posts are sent with a valid CSRF token by `tests.cast.post`."""
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """A small program with its people (see `tests.cast`)."""
    return Cast(app)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium for every test that wants one: a single one a session, since Playwright starts only once."""
    from playwright.sync_api import sync_playwright

    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    if found is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def live(make_app: Callable[..., Flask], browser: Any) -> Iterator[Any]:
    """An application that a module's tests visit with real browsers (`tests.journeys.live.Live`)."""
    from tests.journeys.live import serving

    with serving(make_app, browser) as found:
        yield found


@pytest.fixture
def live_anew(make_app: Callable[..., Flask], browser: Any) -> Iterator[Any]:
    """As `live`, but one for each test."""
    from tests.journeys.live import serving

    with serving(make_app, browser) as found:
        yield found
