"""It comes back: last night's backup on an empty machine holds the same, verifies, and goes on counting and working."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from portal.app import create_app
from portal.cli import verify
from portal.core import audit, migrating, settings, triggers
from portal.core.db import Base, db, transaction
from portal.core.files import StoredFile
from portal.nominations.models import BulkAct, Nomination, NomineeFile
from portal.nominations.queries.tally import miscounted
from portal.nominations.views.organizer import bulk as views
from tests.cast import run_jobs
from tests.conftest import SECRET
from tests.guards.estate import Estate


def rows_of(app: Flask) -> dict[str, list[str]]:
    """Every row of every table."""
    with app.app_context():
        tables = Base.metadata.sorted_tables
        return {t.name: sorted(repr(row) for row in db.session.execute(t.select())) for t in tables}


def installed(folder: Path, url: str = "") -> Flask:
    config = settings.load(data=folder, secret_key=SECRET, testing=True, base_url="http://localhost", database_url=url)
    return create_app(config)


@pytest.fixture
def back_up(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Callable[[Flask], Flask]:
    """Backs an installation up while it is open, as the README says, and restores it on an empty machine."""

    def sqlite(app: Flask) -> Flask:
        folder = app.config["PORTAL"].data
        with app.app_context(), db.engine.connect() as connection:
            connection.connection.execute("VACUUM INTO ?", (str(tmp_path / "portal.sqlite3"),))
        shutil.copytree(folder / "files", tmp_path / "files")
        return installed(tmp_path)

    def postgresql(app: Flask) -> Flask:
        cluster: Any = request.getfixturevalue("cluster")
        url = cluster.new_database()
        names = [urlsplit(each).path[1:] for each in (app.config["PORTAL"].database_url, url)]
        where = ["-h", str(cluster.folder), "-U", "laurel"]
        dump = [str(cluster.binaries / "pg_dump"), *where, names[0]]
        load = [str(cluster.binaries / "psql"), *where, "-X", "-q", "-v", "ON_ERROR_STOP=1", names[1]]
        how: dict[str, Any] = {"user": cluster.user, "cwd": cluster.folder, "check": True,
                               "env": {**os.environ, "HOME": str(cluster.folder)}}  # fmt: skip
        told = subprocess.run(dump, stdout=subprocess.PIPE, **how).stdout
        subprocess.run(load, input=told, stdout=subprocess.DEVNULL, **how)
        shutil.copytree(app.config["PORTAL"].data / "files", tmp_path / "files")
        return installed(tmp_path, url)

    return {"sqlite": sqlite, "postgresql": postgresql}[database]


def test_a_backup_holds_the_same_and_goes_on(
    make_app: Any, back_up: Callable[[Flask], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was made while an act on many files was running."""
    monkeypatch.setattr(views, "AT_ONCE", 0)
    app = make_app()
    estate = Estate(app, "scoring")
    sam = estate.cast.browser("sam")
    assert sam.post(f"/bulk/{estate.thing(BulkAct)}/do").status_code == 303
    restored = back_up(app)
    assert rows_of(restored) == rows_of(app)
    with restored.app_context():
        assert (audit.verify()[1], miscounted(), triggers.missing()) == ([], [], [])
        for stored in db.session.scalars(select(StoredFile)):
            assert stored.path.read_bytes()
        assert {act.state for act in db.session.scalars(select(BulkAct))} == {"running"}
        with transaction() as s:
            s.execute(update(Nomination).where(Nomination.state == "confirmed").values(state="spam"))
        assert set(db.session.scalars(select(NomineeFile.proven))) == {0}
        with transaction() as s:
            s.execute(update(Nomination).where(Nomination.state == "spam").values(state="confirmed"))
    run_jobs(restored)
    with restored.app_context():
        assert {act.state for act in db.session.scalars(select(BulkAct))} == {"done"}
        assert (audit.verify()[1], miscounted()) == ([], [])
        db.session.remove()
        db.engine.dispose()


LOSE = {
    "sqlite": ("DROP TRIGGER tally_voice_changes", "DROP TRIGGER tell_standing_new"),
    "postgresql": ("ALTER TABLE nominations DISABLE TRIGGER tally_voice_changes",
                   "DROP TRIGGER tell_standing ON nominee_files"),
}  # fmt: skip


def test_triggers_that_a_restore_has_lost_are_named_and_made_anew(
    tmp_path: Path, request: pytest.FixtureRequest, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = request.getfixturevalue("cluster").new_database() if database == "postgresql" else ""
    app = installed(tmp_path, url)
    with app.app_context():
        migrating.upgrade()
        assert triggers.missing() == []
        db.session.rollback()
        with db.engine.connect().execution_options(immediate=True) as connection:
            for statement in LOSE[database]:
                connection.execute(text(statement))
            connection.commit()
        assert triggers.missing() == ["tally_voice_changes", LOSE[database][1].split()[2]]
        with pytest.raises(SystemExit) as ended:
            verify.callback.__wrapped__()  # type: ignore[union-attr]
        assert ended.value.code == 1
        assert "trigger tally_voice_changes: it is not there" in capsys.readouterr().err
        db.session.rollback()
        migrating.upgrade()
        assert triggers.missing() == []
        db.session.remove()
        db.engine.dispose()
