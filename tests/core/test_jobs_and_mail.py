"""Jobs run once and survive a killed worker; letters leave by SMTP, once, and failures are kept and tried again."""

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import sleep

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from sqlalchemy import select, update

from portal.core import delivery, jobs, outbox
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.jobs import Job
from portal.core.outbox import Letter, Message
from tests.cast import run_jobs

RAN: list[int] = []


@pytest.fixture(autouse=True)
def a_job():
    RAN.clear()
    jobs.job("tests.note")(RAN.append)
    yield
    del jobs.REGISTRY["tests.note"]


def letter(n=1):
    context = {"name": "Sam", "code": "123456", "minutes": 10, "url": "http://localhost/x", "program_name": "The Award"}
    return Letter("accounts/sign_in", f"sam{n}@example.org", f"k{n}", context=context)


def test_a_job_runs_after_the_commit_and_only_once(app):
    with app.app_context():
        with transaction():
            jobs.later("tests.note", 5)
        (number,) = jobs.due()
        assert jobs.run(number)
        assert not jobs.run(number)
        assert RAN == [5]


def test_a_job_of_a_failed_action_is_not_there(app):
    with app.app_context():
        with pytest.raises(RuntimeError), transaction():
            jobs.later("tests.note", 5)
            raise RuntimeError
        assert jobs.run_due() == 0


def test_a_queued_key_is_not_asked_twice_but_again_once_it_has_run(app):
    with app.app_context():
        with transaction():
            jobs.later("tests.note", 1, key="k")
            jobs.later("tests.note", 2, key="k")
        with transaction():
            jobs.later("tests.note", 3, key="k")
            jobs.later("tests.note", 4)
        assert jobs.run_due() == 2
        with transaction():
            jobs.later("tests.note", 5, key="k")
        assert jobs.run_due() == 1
        assert RAN == [1, 4, 5]


def test_the_sweep_finds_what_a_killed_worker_left(app):
    with app.app_context():
        with transaction():
            jobs.later("tests.note", 5)
        (number,) = jobs.due()
        with transaction():
            db.session.get(Job, number).state = "running"
            db.session.get(Job, number).started_at = now() - timedelta(hours=1)
        assert number in jobs.sweep()
        assert jobs.run(number)


def test_periodic_work_is_claimed_once_a_period(app):
    with app.app_context(), time_machine.travel("2026-11-20T10:00:00Z", tick=False):
        jobs.PERIODIC["tests.note"] = timedelta(hours=1)
        try:
            first = len([1 for i in jobs.sweep() if db.session.get(Job, i).name == "tests.note"])
            db.session.rollback()
            jobs.sweep()
            count = len(db.session.scalars(select(Job).where(Job.name == "tests.note")).all())
        finally:
            del jobs.PERIODIC["tests.note"]
        assert (first, count) == (1, 1)


def test_the_same_letter_is_put_once_and_a_rolled_back_one_never(app):
    with app.app_context():
        with transaction():
            assert outbox.put(letter())
            assert outbox.put(letter()) is None
        with pytest.raises(RuntimeError), transaction():
            outbox.put(letter(2))
            raise RuntimeError
        assert len(db.session.scalars(select(Message)).all()) == 1


def test_letters_leave_by_smtp_with_text_and_html(make_app):
    received = []

    class Handler(MessageHandler):
        def handle_message(self, message):
            received.append(message)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Handler(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        app = make_app(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="award@example.org")
        with app.app_context(), transaction():
            outbox.put(letter())
        run_jobs(app)
        run_jobs(app)
        with app.app_context():
            assert db.session.scalar(select(Message.state)) == "sent"
    finally:
        server.stop()
    assert [m["To"] for m in received] == ["sam1@example.org"]
    kinds = [part.get_content_type() for part in received[0].walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert "123456" in received[0]["Subject"]


def test_a_failure_is_kept_with_its_reason_and_given_up_after_five(make_app):
    app = make_app(smtp_host="127.0.0.1", smtp_port=1, smtp_security="none")
    with app.app_context(), transaction():
        outbox.put(letter())
    with time_machine.travel(now(), tick=False) as moment:
        for _ in range(7):
            run_jobs(app)
            moment.shift(timedelta(hours=1))
    with app.app_context():
        message = db.session.scalar(select(Message))
        assert (message.state, message.tries) == ("failed", 5)
        assert "refused" in message.problem.lower()


def test_a_server_that_is_away_for_some_minutes_costs_no_letter(app, monkeypatch):
    """Each letter has a wait of its own: the next try of one, or a new letter, is no try of the others."""
    away, left = [True], []

    def hand_over(email):
        if away:
            raise ConnectionRefusedError
        left.append(email["To"])

    monkeypatch.setattr(delivery, "hand_over", hand_over)
    with app.app_context(), transaction():
        for n in range(5):
            outbox.put(letter(n))
    with time_machine.travel(now(), tick=False) as moment, app.app_context():
        five = list(db.session.scalars(select(Message.id)))
        outbox.send_due()
        for minute, tries in enumerate((1, 1, 2, 2), 1):
            with transaction():
                outbox.put(letter(10 + minute))
            run_jobs(app)
            rows = db.session.execute(select(Message.state, Message.tries).where(Message.id.in_(five))).all()
            assert set(rows) == {("queued", tries)}, minute
            assert not db.session.scalars(select(Message.id).where(outbox.waits())).all()
            moment.shift(timedelta(minutes=1))
        assert len(jobs_waiting()) < 5
        away.clear()
        for _ in range(10):
            moment.shift(timedelta(minutes=1))
            run_jobs(app)
    assert len(left) == len(set(left)) == 9


def jobs_waiting():
    return db.session.scalars(select(Job.id).where(Job.name == "mail.send_due", Job.state == "queued")).all()


def test_a_letter_that_follows_its_reader_waits_for_no_next_try(app, monkeypatch):
    monkeypatch.setattr(delivery, "hand_over", broken_line)
    with time_machine.travel(now(), tick=False):
        with app.app_context(), transaction():
            outbox.put(replace(letter(), about="nomination:x"))
        run_jobs(app)
        with app.app_context(), transaction():
            outbox.follow("nomination:x", "sam1@example.org", "right@example.org")
            assert not db.session.scalars(select(Message.id).where(outbox.waits())).all()
        monkeypatch.setattr(delivery, "hand_over", lambda _email: None)
        run_jobs(app)
    with app.app_context():
        assert db.session.execute(select(Message.to, Message.state)).one() == ("right@example.org", "sent")


def broken_line(_email):
    raise ConnectionRefusedError


def test_a_held_letter_waits(app):
    with app.app_context(), transaction():
        outbox.put(letter(), hold=True)
    run_jobs(app)
    with app.app_context():
        assert db.session.scalar(select(Message.state)) == "held"


def test_one_broken_letter_does_not_hold_up_the_next(app):
    with app.app_context(), transaction():
        outbox.put(Letter("accounts/no_such_letter", "sam1@example.org", "broken"))
        outbox.put(letter(2))
    run_jobs(app)
    with app.app_context():
        states = dict(db.session.execute(select(Message.key, Message.state)).all())
        problem = db.session.scalar(select(Message.problem).where(Message.key == "broken"))
    assert states == {"broken": "queued", "k2": "sent"}
    assert "TemplateNotFound" in problem


@pytest.mark.parametrize("first", ["called back", "sent"])
def test_a_letter_is_called_back_or_leaves_and_never_both(app, monkeypatch, first):
    """Its time comes while the undo is not committed yet, or the undo comes while the mail server is slow to answer."""
    left, begun, done = [], Event(), Event()

    def hand_over(email):
        left.append(email["To"])
        begun.set()
        if first == "sent":
            done.wait(10)

    monkeypatch.setattr(delivery, "hand_over", hand_over)
    with app.app_context(), transaction():
        outbox.put(replace(letter(), about="file:x"), not_before=now() + timedelta(minutes=1))

    def call_back():
        with app.app_context(), transaction():
            called = outbox.call_back("system", ["file:x"], "accounts/sign_in")
            if first == "called back":
                begun.set()
                sleep(0.7)
        return called

    def send():
        with app.app_context():
            outbox.send_due()

    with time_machine.travel(now() + timedelta(minutes=2)), ThreadPoolExecutor(2) as pool:
        calls = [call_back, send] if first == "called back" else [send, call_back]
        one = pool.submit(calls[0])
        assert begun.wait(10)
        other = pool.submit(calls[1])
        called = (one if first == "called back" else other).result(20)
        done.set()
        (other if first == "called back" else one).result(20)
    with app.app_context():
        state = db.session.scalars(select(Message.state)).one()
    assert (called, left, state) in (({"file:x"}, [], "canceled"), (set(), ["sam1@example.org"], "sent"))


def test_what_left_while_somebody_held_it_is_sent(app, monkeypatch):
    with app.app_context():
        with transaction():
            number = outbox.put(letter())

        def hand_over(_email):
            with transaction() as s:
                s.execute(update(Message).values(state="held"))

        monkeypatch.setattr(delivery, "hand_over", hand_over)
        outbox.send_due()
        assert db.session.get_one(Message, number).state == "sent"
