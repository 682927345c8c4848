"""Migrations up to head make exactly the models' tables, on the database under test."""

import pytest
import sqlalchemy as sa

from portal.app import create_app
from portal.core import migrating, settings
from portal.core.db import Base, db
from tests.conftest import SECRET


@pytest.fixture
def empty(tmp_path, request, database):
    url = request.getfixturevalue("cluster").new_database() if database == "postgresql" else ""
    return create_app(settings.load(data=tmp_path, secret_key=SECRET, testing=True, database_url=url))


def test_up_to_head_equals_the_models(empty):
    with empty.app_context():
        assert migrating.current() is None
        migrating.upgrade()
        assert migrating.current() == migrating.head()
        assert migrating.differences() == []
        checks = {
            t.name for t in Base.metadata.sorted_tables for c in t.constraints if isinstance(c, sa.CheckConstraint)
        }
        inspector = sa.inspect(db.engine)
        assert {t for t in checks if not inspector.get_check_constraints(t)} == set()
        assert "already" in migrating.upgrade()


def test_the_guard_sees_a_difference(empty):
    with empty.app_context():
        migrating.upgrade()
        with db.engine.connect().execution_options(immediate=True) as connection:
            connection.execute(sa.text("ALTER TABLE people ADD COLUMN nickname VARCHAR(10)"))
            connection.commit()
        assert migrating.differences() != []
