"""Why a letter did not leave: a server's refusals read into kinds, what is tried again, and what stops an address."""

import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from portal.core import delivery, outbox
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.delivery import KINDS, OF_THE_ADDRESS, StoppedAddress, classify, kind_of_status
from portal.core.outbox import Letter, Message
from tests.cast import run_jobs


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        ("5.1.1", "", "unknown"),
        ("5.1.10", "", "unknown"),
        ("5.1.2", "", "unknown"),
        ("5.2.1", "", "unknown"),
        ("5.4.4", "", "unknown"),
        ("5.2.2", "", "full"),
        ("5.7.1", "", "refused"),
        ("5.7.509", "", "refused"),
        ("4.4.7", "", "connect"),
        ("5.0.0", "550 No such user here", "unknown"),
        ("", "552 user is over quota", "full"),
        ("", "550 5.1.1 The email account that you tried to reach does not exist", "unknown"),
        ("", "554 Message blocked by policy", "refused"),
        ("5.5.0", "the moon is in the wrong place", "other"),
        ("", "", "other"),
    ],
)
def test_a_status_in_kinds(status: str, text: str, kind: str) -> None:
    assert kind_of_status(status, text) == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    ("error", "kind", "lasting"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.org": (550, b"5.1.1 unknown")}), "unknown", True),
        (smtplib.SMTPRecipientsRefused({"a@b.org": (550, b"go away")}), "refused", True),
        (smtplib.SMTPRecipientsRefused({"a@b.org": (553, b"hm")}), "unknown", True),
        (smtplib.SMTPRecipientsRefused({"a@b.org": (452, b"4.2.2 full")}), "full", False),
        (smtplib.SMTPRecipientsRefused({"a@b.org": (450, b"greylisted, come back")}), "other", False),
        (smtplib.SMTPRecipientsRefused({"a@b.org": (421, b"too many connections")}), "connect", False),
        (smtplib.SMTPDataError(554, b"5.7.1 spam"), "refused", True),
        (smtplib.SMTPSenderRefused(553, b"not yours", "x@y.org"), "account", True),
        (smtplib.SMTPSenderRefused(530, b"sign in first", "x@y.org"), "account", False),
        (smtplib.SMTPAuthenticationError(535, b"wrong"), "account", False),
        (smtplib.SMTPServerDisconnected("gone"), "connect", False),
        (ConnectionRefusedError(111, "refused"), "connect", False),
        (TimeoutError("timed out"), "connect", False),
        (ValueError("a template is broken"), "broken", False),
    ],
)
def test_an_error_in_kinds(error: Exception, kind: str, lasting: bool) -> None:
    found = classify(error)
    assert (found.kind, found.lasting) == (kind, lasting)
    assert found.detail


def test_every_kind_has_its_sentences_and_stops_no_address_for_our_own_faults() -> None:
    assert all(str(words.what).endswith(".") and str(words.todo).endswith(".") for words in KINDS.values())
    assert not set(OF_THE_ADDRESS) & {"connect", "account", "broken"}


@contextmanager
def _server(answers: dict[str, str], got: list[str]) -> Iterator[int]:
    """A mail server that answers each address as told; the port."""

    class Handler:
        async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
            if address in answers:
                return answers[address]
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
            got.extend(envelope.rcpt_tos)
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def _letter(name: str, n: int = 1, *, asked: bool = False) -> Letter:
    context = {"name": "Sam", "code": "123456", "minutes": 10, "url": "http://localhost/x", "program_name": "The Award"}
    return Letter("accounts/sign_in", f"{name}@example.org", f"{name}{n}", context=context, asked=asked)


def _states(app: Flask) -> dict[str, tuple[str, str, int]]:
    with app.app_context():
        return {m.key: (m.state, m.kind, m.tries) for m in db.session.scalars(select(Message))}


def test_what_lasts_fails_at_once_and_stops_the_address_what_passes_is_tried_again(
    make_app: Callable[..., Flask],
) -> None:
    answers = {"nobody@example.org": "550 5.1.1 no such user", "full@example.org": "452 4.2.2 mailbox full"}
    got: list[str] = []
    with _server(answers, got) as port, time_machine.travel(now(), tick=False) as moment:
        app = make_app(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="award@example.org")
        with app.app_context(), transaction():
            for name in ("nobody", "full", "ana"):
                outbox.put(_letter(name))
        run_jobs(app)
        assert _states(app) == {
            "nobody1": ("failed", "unknown", 1), "full1": ("queued", "full", 1), "ana1": ("sent", "", 1),
        }  # fmt: skip
        with app.app_context():
            assert list(db.session.scalars(select(StoppedAddress.email))) == ["nobody@example.org"]
            with transaction():
                outbox.put(_letter("nobody", 2))
                outbox.put(_letter("nobody", 3, asked=True))  # its reader asked for it: sent all the same
        answers.clear()
        moment.shift(120)
        run_jobs(app)
        states = _states(app)
        assert states["nobody2"] == ("failed", "stopped", 0)
        assert states["nobody3"][0] == states["full1"][0] == "sent"
        assert sorted(got) == ["ana@example.org", "full@example.org", "nobody@example.org"]
        with app.app_context(), transaction():
            assert outbox.let_through("nobody@example.org")
            assert not outbox.let_through("nobody@example.org")
            assert not delivery.is_stopped("NOBODY@example.org")
        run_jobs(app)
    assert _states(app)["nobody2"][0] == "sent"
    assert _states(app)["nobody1"] == ("failed", "unknown", 1)  # that one waits for a person
