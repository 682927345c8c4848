"""Whoever the database picks to break a deadlock is answered all the same; any other error stays one."""

from io import BytesIO
from threading import Thread
from time import sleep

import pytest
from flask import request
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.core import web
from portal.core.db import db
from tests.cast import Cast
from tests.core.test_races import poster
from tests.nominations.walking import nominate


class _Lost(Exception):
    sqlstate = "40P01"


class _Gone(Exception):
    sqlstate = "57P01"  # the server was shut down


@pytest.mark.parametrize(("error", "times", "answered"), [(_Lost, 3, True), (_Lost, 4, False), (_Gone, 1, False)])
def test_a_lost_deadlock_is_tried_again_a_few_times_and_nothing_else_is(app, error, times, answered):
    left = [OperationalError("update", {}, error()) for _time in range(times)]

    @web.public()
    def view() -> str:
        if left:
            raise left.pop()
        return "done"

    with app.test_request_context():
        if answered:
            assert view() == "done"
        else:
            with pytest.raises(OperationalError):
                view()
    assert len(left) == 0


def test_an_upload_is_read_whole_again(app):
    kept = []

    @web.public()
    def view() -> str:
        kept.append(request.files["file"].read())
        if len(kept) == 1:
            raise OperationalError("update", {}, _Lost())
        return "done"

    sent = {"file": (BytesIO(b"a,b\n1,2\n"), "rows.csv")}
    with app.test_request_context(method="POST", data=sent):
        assert view() == "done"
    assert kept == [b"a,b\n1,2\n"] * 2


def test_who_sends_while_files_are_joined_is_sent(cast: Cast, database: str):
    """A join holds the cycle and wants the nominations; whoever sends one anew holds it and wants the cycle."""
    sent = nominate(cast, name={"email": "nora@example.org"})
    story = "She wrote the other half of the sentence on the board, and waited. " * 6
    sent.fill(name={"email": "nora@example.org"}, story={"story": story})
    post = poster(sent.browser, f"{sent.url}/send")
    if database != "postgresql":  # SQLite has one writer: nobody waits for anybody
        assert post().status_code == 303
        return
    answers = []
    with cast.app.app_context(), db.engine.connect() as join:
        join.execute(text("SELECT id FROM cycles FOR NO KEY UPDATE"))
        sender = Thread(target=lambda: answers.append(post()))
        sender.start()
        sleep(0.4)  # the sender holds the nomination by now, and waits for the cycle
        join.execute(text("SELECT id FROM nominations FOR UPDATE"))
        join.commit()
        sender.join(30)
    assert [answer.status_code for answer in answers] == [303]
    assert "waited" in sent.row().story
