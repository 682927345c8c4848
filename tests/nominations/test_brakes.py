"""Sending too fast: everybody waits a little and then sends, and nothing is dropped."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import time_machine

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations import brakes
from portal.nominations.brakes import Wait, proves, wait
from portal.programs.models import Program
from tests.cast import text_of
from tests.nominations.walking import Walker

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
LIMITS = {"least_seconds": 20, "network_an_hour": 150, "address_an_hour": 10}


@pytest.mark.parametrize(
    ("seconds", "by_network", "by_address", "missing", "expected"),
    [
        (240, 0, 0, False, None),
        (240, 149, 9, False, None),
        (5, 0, 0, False, Wait(15, "soon")),
        (240, 150, 0, False, Wait(5, "network")),
        (240, 170, 0, False, Wait(105, "network")),
        (240, 9000, 0, False, Wait(300, "network")),
        (240, 0, 10, False, Wait(20, "address")),
        (240, 150, 12, False, Wait(60, "address")),
        (240, 0, 0, True, Wait(60, "proof")),
    ],
)
def test_who_waits_how_long(seconds, by_network, by_address, missing, expected):
    begun = NOON - timedelta(seconds=seconds)
    assert wait(begun, NOON, by_network, by_address, proof_is_missing=missing, **LIMITS) == expected


def solved(challenge, bits):
    for number in range(1_000_000):
        if int.from_bytes(sha256(f"{challenge}:{number}".encode()).digest()) >> (256 - bits) == 0:
            return str(number)
    raise AssertionError("no number was found")


def test_a_proof_is_for_its_challenge_and_bits():
    answer = solved("one", 10)
    assert proves("one", answer, 10)
    assert not proves("two", answer, 10)
    assert not proves("one", "", 10)
    assert not proves("one", "1" * 21, 1)


@pytest.fixture
def braked(cast, monkeypatch):
    """The program as in earnest: the test suite itself asks faster than people do."""
    monkeypatch.setitem(cast.app.config, "RATELIMIT_ENABLED", True)
    return cast


def setting(cast, **values):
    with cast.app.app_context(), transaction():
        program = db.session.get(Program, cast.program_id)
        program.settings = {**program.settings, "nomination": {**program.settings["nomination"], **values}}


def test_whoever_is_faster_than_people_waits_once_and_sends(braked):
    walker = Walker(braked).begin().fill()
    assert walker.post("send").location.endswith("/check")
    page = text_of(walker.get("check"))
    assert "Yours is kept: please send it again in" in page
    assert walker.row().state == "draft"
    assert walker.post("send").location.endswith("/check")  # still too soon
    with time_machine.travel(now() + timedelta(seconds=25)):
        assert walker.post("send").location.endswith("/sent")
    assert walker.row().state == "submitted"


def test_a_crowded_network_is_slowed_and_sends_all_the_same(braked):
    setting(braked, network_an_hour=2, least_seconds=0)
    for number in range(2):
        walker = Walker(braked).begin().fill(name={"name": "N", "email": f"n{number}@example.org", "sharing": "no"})
        assert walker.send().location.endswith("/sent")
    third = Walker(braked).begin().fill(name={"name": "N", "email": "third@example.org", "sharing": "no"})
    assert third.send().location.endswith("/check")
    with time_machine.travel(now() + timedelta(seconds=brakes.LONGEST)):
        assert third.send().location.endswith("/sent")


@pytest.mark.parametrize("typed", ["rosa@example.org", "Rosa@Example.org", "rosa at example.org"])
def test_one_address_is_slowed_however_it_is_typed(braked, typed):
    setting(braked, address_an_hour=1, least_seconds=0)
    first = Walker(braked).begin().fill(name={"name": "Rosa", "email": "rosa@example.org", "sharing": "no"})
    assert first.send().location.endswith("/sent")
    who = {"name": "Rosa", "email": typed, "sharing": "no"}
    second = Walker(braked).begin().fill(educator={"educator": "Ben Other"}, name=who)
    assert second.send().location.endswith("/check")
    with time_machine.travel(now() + timedelta(seconds=brakes.LONGEST)):
        assert second.send().location.endswith("/sent")


def test_proof_of_work_is_off_by_default_and_asked_where_it_is_on(braked):
    setting(braked, least_seconds=0)
    assert "data-proof" not in Walker(braked).begin().fill().get("check").get_data(as_text=True)
    setting(braked, proof_of_work=8)
    walker = Walker(braked).begin().fill()
    page = walker.get("check").get_data(as_text=True)
    challenge = page.partition('data-proof="')[2].partition('"')[0]
    assert walker.post("send", {"proof": solved(challenge, 8)}).location.endswith("/sent")
    plain = Walker(braked).begin().fill(name={"name": "P", "email": "plain@example.org", "sharing": "no"})
    assert plain.post("send").location.endswith("/check")
    with time_machine.travel(now() + timedelta(seconds=brakes.UNPROVEN)):
        assert plain.post("send").location.endswith("/sent")
