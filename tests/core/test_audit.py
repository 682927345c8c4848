"""The chain: what is recorded, and that every change behind the program's back is found."""

import random

import pytest
from sqlalchemy import func, select, text

from portal.core import audit
from portal.core.audit import AuditEntry
from portal.core.db import db, transaction


def write(count, program_id=7):
    for i in range(count):
        with transaction():
            audit.record("system", "thing.done", f"thing:{i}", program_id=program_id, number=i)


def spoil(statement):
    with db.engine.connect().execution_options(immediate=True) as connection:
        connection.execute(text(statement))
        connection.commit()
    db.session.rollback()
    db.session.expire_all()


def test_a_clean_chain_verifies_and_each_program_has_its_own(app):
    with app.app_context():
        write(3, program_id=1)
        write(2, program_id=2)
        assert audit.verify() == (5, [])
        assert audit.verify("program:2") == (2, [])


def test_entries_of_a_failed_action_are_not_there(app):
    with app.app_context():
        with pytest.raises(RuntimeError), transaction():
            audit.record("system", "thing.done", "thing:1", program_id=1)
            raise RuntimeError
        write(1)
        assert audit.verify() == (1, [])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_entries WHERE seq = 5",
        "DELETE FROM audit_entries WHERE seq = 3",
        "DELETE FROM audit_entries WHERE seq = 1",
        "UPDATE audit_entries SET actor = 'person:x' WHERE seq = 2",
        "UPDATE audit_entries SET facts = '{\"number\": 9}' WHERE seq = 4",
        "UPDATE audit_entries SET verb = 'thing.undone' WHERE seq = 5",
        "UPDATE audit_entries SET at = '2020-01-01 00:00:00' WHERE seq = 2",
        "UPDATE audit_heads SET seq = 4",
        "DELETE FROM audit_heads",
        "UPDATE audit_entries SET seq = 9 WHERE seq = 5",
    ],
)
def test_every_kind_of_change_is_found(app, statement):
    with app.app_context():
        write(5)
        spoil(statement)
        assert audit.verify()[1]


def test_cutting_off_the_end_with_its_head_is_found_by_the_seal(app):
    with app.app_context():
        write(5)
        fourth = db.session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == 4))
        spoil("DELETE FROM audit_entries WHERE seq = 5")
        spoil(f"UPDATE audit_heads SET seq = 4, hash = '{fourth}'")
        assert [f.problem for f in audit.verify()[1]] == ["the head was not sealed with this installation's key"]


def test_random_changes_are_found(app):
    dice = random.Random(1)
    with app.app_context():
        for _ in range(20):
            with db.engine.connect().execution_options(immediate=True) as c:
                c.execute(text("DELETE FROM audit_entries"))
                c.execute(text("DELETE FROM audit_heads"))
                c.commit()
            db.session.rollback()
            write(4)
            column = dice.choice(["actor", "verb", "thing", "hash"])
            spoil(
                f"UPDATE audit_entries SET {column} = {column} || 'x' WHERE seq = {dice.randint(1, 4)}"
                if column != "hash"
                else "UPDATE audit_entries SET hash = '0' WHERE seq = 2"
            )
            assert audit.verify()[1], column
            assert db.session.scalar(select(func.count(AuditEntry.id))) == 4
