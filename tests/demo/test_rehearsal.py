"""`portal rehearse`: whatever does not fit on the way ends it, with a sentence and an exit that says so."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from portal.cli import main
from portal.core import migrating
from portal.core.db import Base, db
from portal.demo.walk import gathering, steps
from portal.demo.walk.way import Figures, Step, Way

EXPORT = Path(__file__).parents[1] / "cases" / "nominations-form-export.csv"


@pytest.fixture
def rehearse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setattr(migrating, "upgrade", lambda: Base.metadata.create_all(db.engine))

    def run(export: Path, *taken: Step) -> Result:
        if taken:
            monkeypatch.setattr(steps, "STEPS", list(taken))
        return CliRunner().invoke(main, ["rehearse", str(export), "--data", str(tmp_path / "data"), "--no-serve"])

    return run


def spoil(way: Way) -> Figures:
    with way.app.app_context(), db.engine.connect().execution_options(immediate=True) as connection:
        connection.execute(text("UPDATE audit_entries SET actor = 'person:x' WHERE seq = 2"))
        connection.commit()
    return {}


RECORD = Step("Record", gathering.verify, "{entries} entries, {findings} that do not fit.")


def test_a_record_that_does_not_fit_ends_the_way(rehearse: Any) -> None:
    done = rehearse(EXPORT, Step("Spoil", spoil, ""), RECORD)
    assert done.exit_code == 1, done.output
    assert "entries do not fit" in done.output


def test_a_record_that_fits_does_not(rehearse: Any) -> None:
    done = rehearse(EXPORT, RECORD)
    assert done.exit_code == 0, done.output
    assert "0 that do not fit." in done.output


def test_an_export_that_cannot_be_read_ends_it_with_the_sentence(rehearse: Any, tmp_path: Path) -> None:
    shutil.copy(Path(__file__), tmp_path / "export.xlsx")
    done = rehearse(tmp_path / "export.xlsx")
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit), done.exception
    assert "The way ends here: " in done.output
