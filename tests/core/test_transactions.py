"""Transactions: whole or not at all, never nested; two at once both count."""

import threading

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Person
from portal.core import db as database
from portal.core.db import after_commit, db, transaction
from portal.core.once import insert_once


def names():
    db.session.rollback()
    return sorted(db.session.scalars(select(Person.name)))


def test_an_error_rolls_back_whole_and_calls_nothing(app):
    called = []
    with app.app_context():
        with pytest.raises(ValueError, match="stop"), transaction() as s:
            s.add(Person(name="A", email="a@example.org"))
            after_commit(lambda: called.append(1))
            raise ValueError("stop")
        assert names() == []
        with transaction() as s:
            s.add(Person(name="B", email="b@example.org"))
            after_commit(lambda: called.append(2))
        assert (names(), called) == (["B"], [2])


def test_transactions_do_not_nest(app):
    with app.app_context(), transaction():
        assert database.in_transaction()
        with pytest.raises(RuntimeError, match="already open"), transaction():
            pass


def test_insert_once_tells_who_was_first(app):
    with app.app_context(), transaction():
        first = insert_once(Person, ["email"], name="A", email="a@example.org")
        second = insert_once(Person, ["email"], name="B", email="a@example.org")
        assert first is not None
        assert second is None


def test_simultaneous_writers_all_count_and_none_fails(app):
    """Ten threads add one to the same row twenty times each: deferred transactions would lose most of them."""
    with app.app_context(), transaction() as s:
        s.add(Person(name="0", email="a@example.org"))
    errors = []

    def add():
        try:
            for _ in range(20):
                with app.app_context(), transaction() as s:
                    person = s.scalar(select(Person).with_for_update())
                    s.execute(update(Person).values(name=str(int(person.name) + 1)))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=add) for _ in range(10)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    with app.app_context():
        assert (errors, names()) == ([], ["200"])
