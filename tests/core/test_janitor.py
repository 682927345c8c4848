"""What the janitor does for SQLite outside of requests."""

import sqlite3
from pathlib import Path

import pytest

from portal.app import create_app
from portal.core import janitor, migrating, settings
from portal.core.db import db
from tests.conftest import SECRET


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A migrated database on SQLite, with a person in it."""
    app = create_app(settings.load(data=tmp_path, secret_key=SECRET, testing=True, database_url=""))
    with app.app_context():
        migrating.upgrade()
        found = db.engine.url.database or ""
        db.engine.dispose()
    with sqlite3.connect(found) as connection:
        columns, values = "public_id, created_at, name, email, locale", "'p', '2026-01-01', 'A', 'a@x.org', 'en'"
        connection.execute(f"INSERT INTO people ({columns}) VALUES ({values})")
    return found


def known(path: str) -> dict[str, str]:
    """What SQLite knows of the indexes of people."""
    with sqlite3.connect(path) as connection:
        return dict(connection.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'people'"))


def test_sqlite_is_told_how_full_its_tables_are(path: str) -> None:
    assert known(path) == {}  # the migration looked at empty tables
    assert janitor.look_at_tables(path)
    assert known(path)
    assert {stat.split()[0] for stat in known(path).values()} == {"1"}


def test_who_writes_is_not_waited_for_long(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(janitor, "PATIENCE", 0.1)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert not janitor.look_at_tables(path)
    assert not janitor.checkpoint(path)
    writer.execute("ROLLBACK")
    assert janitor.look_at_tables(path)
    assert janitor.checkpoint(path)
    writer.close()


def test_its_rounds_begin_with_a_look_and_look_again_in_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour in which every fifth second is a round: it looks at once, and once more when the hour is over."""
    clock, looks = [0.0], []

    def sleep(seconds: float) -> None:
        clock[0] += seconds
        if clock[0] > janitor.LOOKS + 60:
            raise KeyboardInterrupt

    monkeypatch.setattr(janitor.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(janitor.time, "sleep", sleep)
    monkeypatch.setattr(janitor, "checkpoint", lambda path: True)
    monkeypatch.setattr(janitor, "look_at_tables", lambda path: looks.append(clock[0]) or True)
    with pytest.raises(KeyboardInterrupt):
        janitor._rounds("x")
    assert looks == [0.0, janitor.LOOKS]
