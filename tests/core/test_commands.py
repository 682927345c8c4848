"""Commands that can't do what was asked say so in a sentence, and have done nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from portal import app as whole
from portal.accounts import actions
from portal.cli import main
from portal.core import migrating
from portal.core.db import Base, db
from portal.core.errors import Mistaken
from portal.nominations.models import ImportRun, Nomination
from tests.cast import Cast
from tests.conftest import SECRET, hang_up

EXPORT = Path(__file__).parents[1] / "cases" / "nominations-form-export.csv"
INIT = ("init", "--organizer", "sam@example.org", "--name", "Sam")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """Runs a command of an installation in `tmp_path`; its tables come without migrations, which take longer."""
    monkeypatch.chdir(tmp_path)
    for name in ("PORTAL_SETTINGS", "PORTAL_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(migrating, "upgrade", lambda: Base.metadata.create_all(db.engine) or "Made.")
    made: list[Flask] = []

    create_app = whole.create_app

    def making(*given: Any) -> Flask:
        made.append(create_app(*given))
        return made[-1]

    monkeypatch.setattr(whole, "create_app", making)

    def invoke(*arguments: str, **env: str) -> Result:
        return CliRunner().invoke(main, arguments, env={"PORTAL_DATA": str(tmp_path / "data"), **env})

    yield invoke
    for each in made:
        hang_up(each)


@pytest.fixture
def use(run: Any, app: Flask) -> Any:
    """Runs a command on the database under test."""
    settings = app.config["PORTAL"]
    given = {"PORTAL_DATA": str(settings.data), "PORTAL_DATABASE_URL": settings.database_url,
             "PORTAL_SECRET_KEY": SECRET, "PORTAL_TESTING": "1"}  # fmt: skip
    return lambda *arguments: run(*arguments, **given)


def refused(done: Result) -> str:
    """The sentence with which it ended; never a traceback."""
    assert done.exit_code not in (0, None)
    assert isinstance(done.exception, SystemExit), done.exception
    return " ".join(done.output.split())


@pytest.mark.parametrize("command", [("demo", "--fresh"), ("rehearse", str(EXPORT), "--no-serve")])
def test_a_demo_with_broken_settings_says_so_and_throws_nothing_away(run: Any, tmp_path: Path, command: Any) -> None:
    data = tmp_path / "played"
    data.mkdir()
    (data / "demo-secret").write_text("s" * 40)
    (data / "portal.sqlite3").write_text("mine")
    done = run(*command, "--data", str(data), PORTAL_SIGN_IN_DAYS="0")
    assert "PORTAL_SIGN_IN_DAYS must be at least 1" in refused(done)
    assert (data / "portal.sqlite3").read_text() == "mine"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--opens", "9999-12-31"), "“9999-12-31” is not a day of this century"),
        (("--opens", "0001-01-01"), "“0001-01-01” is not a day of this century"),
        (("--opens", "tomorrow"), "“tomorrow” is not a date. Write it like 2026-08-31."),
        (("--opens", "2026-08-31", "--program", "nowhere.toml"), "There is no file nowhere.toml."),
        (("--opens", "2026-08-31", "--program", "broken.toml"), "broken.toml has 1 mistake."),
        (("--opens", "2026-08-31", "--cycle", "c" * 41), "at most 40 letters"),
    ],
)
def test_an_installation_is_not_begun_with_what_cannot_be_used(
    run: Any, tmp_path: Path, given: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "broken.toml").write_bytes(b'name = "Am\xe9lie"')
    assert sentence in refused(run(*INIT, *given))
    assert not (tmp_path / "data").exists()


def test_a_refusal_while_an_installation_is_made_is_a_sentence(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any) -> None:
        raise Mistaken("This person was erased.")

    monkeypatch.setattr(actions, "grant", refuse)
    assert "Error: This person was erased." in refused(run(*INIT, "--opens", "2026-08-31"))


def test_a_whole_installation_is_made(run: Any, tmp_path: Path) -> None:
    done = run(*INIT, "--opens", "2026-08-31")
    assert done.exit_code == 0, done.output
    assert "Sam is organizer." in done.output
    assert (tmp_path / "data" / "portal.sqlite3").exists()


def test_a_program_does_not_open_at_the_end_of_the_calendar(use: Any) -> None:
    done = use("program", "load", "teach-on", "--opens", "9999-12-31", "--cycle", "2027")
    assert "is not a day of this century" in refused(done)


def test_schools_beside_a_program_that_are_no_utf_8_are_named(use: Any, tmp_path: Path) -> None:
    assert use("program", "load", "teach-on", "--opens", "2026-08-31", "--cycle", "2027").exit_code == 0
    assert use("program", "write", "teach-on", "--to", str(tmp_path)).exit_code == 0
    beside = tmp_path / "teach-on-schools.csv"
    beside.write_bytes(beside.read_bytes() + "aps,Cité,high,Atlanta\n".encode("latin-1"))
    done = use("program", "load", str(tmp_path / "teach-on.toml"), "--opens", "2026-08-31", "--cycle", "2027")
    assert "teach-on-schools.csv is not a text in UTF-8." in refused(done)


def test_a_folder_of_something_else_is_no_maildir(use: Any, tmp_path: Path) -> None:
    assert "is no maildir" in refused(use("mail", "bounces", str(tmp_path)))
    for name in ("cur", "new"):
        (tmp_path / name).mkdir()
    assert "0 read" in use("mail", "bounces", str(tmp_path)).output


@pytest.mark.parametrize("option", ["--report", "--failed"])
def test_where_a_report_cannot_be_written_nothing_enters(cast: Cast, use: Any, tmp_path: Path, option: str) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "no" / "such" / "report.csv", tmp_path / "file" / "report.csv"):
        done = use("import", "nominations", str(EXPORT), "--cycle", cast.cycle, option, str(path))
        assert f"There is no folder {path.parent}" in refused(done)
    with cast.app.app_context():
        assert db.session.scalar(select(func.count(Nomination.id))) == 0
        assert db.session.scalar(select(func.count(ImportRun.id))) == 0


def test_a_map_that_is_no_utf_8_is_said_and_one_that_a_spreadsheet_saved_is_read(
    cast: Cast, use: Any, tmp_path: Path
) -> None:
    choices, base = tmp_path / "map.toml", ("import", "nominations", str(EXPORT), "--cycle", cast.cycle, "--dry-run")
    said = 'zone = "America/Chicago"  # as in the café\n'
    choices.write_bytes(said.encode("latin-1"))
    assert "map.toml is not a text in UTF-8" in refused(use(*base, "--map", str(choices)))
    choices.write_bytes(said.encode("utf-8-sig"))
    assert "A dry run" in use(*base, "--map", str(choices)).output
