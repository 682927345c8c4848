"""Migrations up to head make exactly the models' tables, on the database under test; what fails changes nothing."""

import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from portal.app import create_app
from portal.core import migrating, settings, triggers
from portal.core.db import Base, db, transaction
from portal.programs.models import District, School
from tests.cast import Cast
from tests.conftest import SECRET, hang_up

# 0007 gave it its table's name itself, and it is there twice; nothing asks for it by name.
NAMED_TWICE = {"ck_school_imports_ck_school_imports_state_known": "ck_school_imports_state_known"}
WORDS = re.compile(r"'[^']*'(?:::[\w ]+)?(?:, '[^']*'(?:::[\w ]+)?)+")
STEP = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = {revision!r}, {below!r}, None, None


def upgrade():
    {change}
"""


@pytest.fixture
def new_app(tmp_path_factory, request, database):
    """Makes applications, each on a database without tables."""
    made = []

    def make():
        url = request.getfixturevalue("cluster").new_database() if database == "postgresql" else ""
        folder = tmp_path_factory.mktemp("empty")
        made.append(create_app(settings.load(data=folder, secret_key=SECRET, testing=True, database_url=url)))
        return made[-1]

    yield make
    for app in made:
        hang_up(app)


@pytest.fixture
def empty(new_app):
    return new_app()


def checks() -> set[tuple[str, str, str]]:
    """(table, name, condition) of every CHECK in the database; lists of words in the order of the alphabet."""
    found = sa.inspect(db.engine)
    return {
        (table, NAMED_TWICE.get(str(each["name"]), str(each["name"])), in_order(each["sqltext"]))
        for table in found.get_table_names()
        for each in found.get_check_constraints(table)
    }


def in_order(condition: str) -> str:
    """The order of the words of a list says nothing, nor do spaces."""
    return WORDS.sub(lambda words: ", ".join(sorted(words[0].split(", "))), " ".join(condition.split()))


def run(*statements: str) -> None:
    with db.engine.connect().execution_options(immediate=True) as connection:
        for each in statements:
            connection.execute(sa.text(each))
        connection.commit()


def whole() -> tuple[object, ...]:
    """What the database is: its revision, columns, rules and triggers, and whether rows must refer to something."""
    look = sa.inspect(db.engine)
    columns = {(table, c["name"], str(c["type"])) for table in look.get_table_names() for c in look.get_columns(table)}
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        refer = connection.exec_driver_sql("PRAGMA foreign_keys").scalar() if sqlite else 1
    return migrating.current(), columns, checks(), triggers.missing(), refer


def with_steps(monkeypatch, folder: Path, *changes: str) -> None:
    """Lets further migrations follow the last one, each of one line."""
    below = migrating.head()
    for number, change in enumerate(changes, 1):
        revision = f"further{number}"
        (folder / f"{revision}.py").write_text(STEP.format(revision=revision, below=below, change=change))
        below = revision
    config = migrating.config

    def longer():
        made = config()
        places = [str(settings.root() / "migrations" / "versions"), str(folder)]
        made.set_main_option("path_separator", "os")
        made.set_main_option("version_locations", os.pathsep.join(places))
        return made

    monkeypatch.setattr(migrating, "config", longer)


def test_up_to_head_equals_the_models(empty, new_app):
    with empty.app_context():
        assert migrating.current() is None
        migrating.upgrade()
        assert migrating.current() == migrating.head()
        assert migrating.differences() == []
        assert "already" in migrating.upgrade()
        migrated = checks()
    with new_app().app_context():
        Base.metadata.create_all(db.engine)
        assert migrated == checks()


def test_the_guard_sees_a_difference(empty):
    with empty.app_context():
        migrating.upgrade()
        run("ALTER TABLE people ADD COLUMN nickname VARCHAR(10)")
        assert migrating.differences() != []


def test_the_guard_sees_a_rule_that_says_something_else(empty, new_app, database):
    with empty.app_context():
        Base.metadata.create_all(db.engine)
        known = checks()
    with new_app().app_context():
        Base.metadata.create_all(db.engine)
        (name, rule) = next((name, rule) for _table, name, rule in known if name == "ck_tie_votes_state_known")
        if database == "postgresql":
            run(f"ALTER TABLE tie_votes DROP CONSTRAINT {name}",
                f"ALTER TABLE tie_votes ADD CONSTRAINT {name} CHECK (state = 'lost' OR {rule})")  # fmt: skip
        else:
            made = "SELECT sql FROM sqlite_master WHERE name = 'tie_votes'"
            with db.engine.connect() as connection:
                sql = connection.exec_driver_sql(made).scalar_one()
            run("DROP TABLE tie_votes", sql.replace(f"{name} CHECK (", f"{name} CHECK (state = 'lost' OR "))
        assert {(table, name) for table, name, _rule in known ^ checks()} == {("tie_votes", name)}


def test_a_step_that_fails_leaves_nothing_of_the_steps_before_it(empty, monkeypatch, tmp_path):
    with empty.app_context():
        migrating.upgrade()
        before = whole()
        first = "op.add_column('people', sa.Column('nickname', sa.String(10)))"
        with_steps(monkeypatch, tmp_path, first, "op.execute('SELECT nothing FROM nowhere')")
        with pytest.raises(sa.exc.DBAPIError, match="nowhere"):
            migrating.upgrade()
        assert whole() == before
        (tmp_path / "further2.py").unlink()
        migrating.upgrade()
        assert migrating.current() == "further1"
        assert ("people", "nickname") in {(table, name) for table, name, _type in whole()[1]}  # the test can tell


def test_a_step_that_would_leave_rows_that_refer_to_nothing_is_undone(empty, monkeypatch, tmp_path):
    row = "(program_id, key, name, aliases, nces_id) VALUES (404, 'a', 'A', '[]', '')"
    with empty.app_context():
        migrating.upgrade()
        before = whole()
        with_steps(monkeypatch, tmp_path, f"op.execute({f'INSERT INTO districts {row}'!r})")
        with pytest.raises((RuntimeError, sa.exc.IntegrityError), match=r"refer to nothing|foreign key"):
            migrating.upgrade()
        assert whole() == before
        assert db.session.scalars(sa.select(District)).all() == []


def test_two_imported_schools_of_one_name_stop_the_way_back_with_a_sentence(empty):
    with empty.app_context():
        migrating.upgrade()
    cast = Cast(empty)
    with empty.app_context():
        before = whole()
        with transaction() as s:
            district = s.scalars(sa.select(District)).first()
            for number in "12":
                where = {"program_id": cast.program_id, "district_id": district.id}
                s.add(School(**where, name="Oak", key="oak", nces_id=number))
        with pytest.raises(RuntimeError, match="belong to several schools of one district"):
            command.downgrade(migrating.config(), "0006")
        assert whole() == before
        with transaction() as s:
            s.delete(s.scalars(sa.select(School).where(School.nces_id == "2")).one())
        command.downgrade(migrating.config(), "0006")
        assert migrating.current() == "0006"
        migrating.upgrade()
        assert whole() == before
