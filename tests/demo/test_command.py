"""`portal demo`: the folder it takes, the port it finds, made once, made anew, and the lines it prints."""

import os
import socket

import click
import pytest
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.core import migrating, settings
from portal.core.db import Base, db
from portal.core.outbox import Message
from portal.demo import command, held, making


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(click.ClickException, match="something else than a demo"):
        command.prepare_folder(tmp_path, fresh=True)
    assert (tmp_path / "thesis.txt").exists()


def test_a_half_made_demo_is_made_anew_and_a_complete_one_is_kept(tmp_path):
    command.prepare_folder(tmp_path / "new", fresh=False)
    data = tmp_path / "new"
    command.demo_settings(data, 8000)
    (data / "portal.sqlite3").write_text("half")
    command.prepare_folder(data, fresh=False)
    assert not (data / "portal.sqlite3").exists()
    (data / "portal.sqlite3").write_text("whole")
    (data / making.MARKER).write_text("done")
    command.prepare_folder(data, fresh=False)
    assert (data / "portal.sqlite3").exists()
    command.prepare_folder(data, fresh=True)
    assert not (data / "portal.sqlite3").exists()


def test_the_settings_of_a_demo_ignore_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://elsewhere/real")
    monkeypatch.setenv("PORTAL_SMTP_HOST", "smtp.example.org")
    config = command.demo_settings(tmp_path, 8123)
    assert config.is_sqlite
    assert config.smtp_host == ""
    assert config.demo
    assert config.base_url == "http://127.0.0.1:8123"
    again = command.demo_settings(tmp_path, 8123)
    assert again.secret_key == config.secret_key  # links printed before go on working


def test_a_busy_port_is_passed_over_with_a_sentence(capsys):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        wanted = busy.getsockname()[1]
        found = command.free_port(wanted)
    assert found > wanted
    assert f"Port {wanted} is in use" in capsys.readouterr().out


def test_the_lines_name_a_way_in_for_each_role(demo):
    lines = "\n".join(command.ways_in(demo))
    for label in ("Organizer, Sam Whitaker", "Second organizer, Sofía Reyes", "Chair of the panel, Chen Mei-Lin",
                  "Reviewer, Priya Raman", "Member, past winner, Wanda Baptiste", "Auditor, Ada Foster",
                  "A nominee's letter, Tariq Haddad", "A nominator's own page, Nora Bell"):  # fmt: skip
        assert label in lines
    assert lines.count("/sign-in/") == 6
    assert "/demo" in lines


def test_made_twice_it_adds_nothing_and_fresh_makes_it_anew(tmp_path, monkeypatch):
    """The whole command but the serving, on a demo of one act: `making.live` is the slow part and tested elsewhere."""
    monkeypatch.setattr(migrating, "upgrade", lambda: Base.metadata.create_all(db.engine))

    def live(world, _tell):
        from portal.demo.acts import founding
        from portal.demo.stage import scene

        with scene(world.last(-25)):
            founding.found(world)

    monkeypatch.setattr(making, "live", live)

    def start(*, fresh):
        command.prepare_folder(tmp_path, fresh=fresh)
        app = command.ready_app(command.demo_settings(tmp_path, 8000))
        with app.app_context():
            people = set(db.session.scalars(select(Person.public_id)))
            letters = db.session.scalar(select(func.count(Message.id)))
            db.session.remove()
            db.engine.dispose()
        return people, letters

    first = start(fresh=False)
    assert len(first[0]) == 3
    assert start(fresh=False) == first
    assert start(fresh=True)[0].isdisjoint(first[0])


def test_the_demo_leaves_no_trace_of_the_installation_beside_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_SETTINGS", str(tmp_path / "settings.env"))
    (tmp_path / "settings.env").write_text("PORTAL_SECRET_KEY=" + "s" * 40 + "\nPORTAL_SMTP_HOST=smtp.example.org\n")
    data = tmp_path / "demo"
    data.mkdir()
    config = command.demo_settings(data, 8000)
    assert config.secret_key != "s" * 40
    assert config.smtp_host == ""
    assert settings.settings_file().read_text().startswith("PORTAL_SECRET_KEY")


def test_a_held_server_waits_for_the_word_and_does_not_outlive_the_command(tmp_path):
    go = tmp_path / "go"
    with pytest.raises(SystemExit):
        held.wait_for(go, parent=-1)  # whoever started us is gone
    go.touch()
    held.wait_for(go, parent=os.getppid())
    commands = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command.Supervisor, "start", lambda self, name: commands.append(self.commands[name]))
        config = command.demo_settings(tmp_path, 8000)
        (config.data / command.GO).touch()
        command.held_servers(config)
    assert not (config.data / command.GO).exists()  # the servers wait anew
    assert [each[1:3] for each in commands] == [["-m", "portal.demo.held"]] * 2
    assert {each[4] for each in commands} == {"gunicorn", "portal.cli"}
