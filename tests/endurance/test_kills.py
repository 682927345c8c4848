"""Fifteen kills in the middle of the work lose nothing and double nothing; and the check would see if they did."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from portal.core.db import db, transaction
from tests.endurance.check import Report, check
from tests.endurance.kills import Outcome, Run
from tests.endurance.ledger import Sent
from tests.endurance.nursery import Nursery

ROUNDS = 15
NewRun = Callable[[], Run]


@pytest.fixture(scope="module")
def new_run(
    request: pytest.FixtureRequest, database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewRun]:
    """Makes an installation with a server of its own on the database that the suite runs on."""
    with Nursery() as nursery:

        def make() -> Run:
            address = request.getfixturevalue("cluster").new_database() if database == "postgresql" else ""
            return Run(Path(tmp_path_factory.mktemp("kills")), address, nursery=nursery, seed=7)

        yield make


@pytest.fixture(scope="module")
def killed(new_run: NewRun) -> tuple[Run, Outcome]:
    """An installation after its kills."""
    run = new_run()
    return run, run.rounds(ROUNDS)


def test_nothing_is_lost_and_nothing_doubled(killed: tuple[Run, Outcome]) -> None:
    _run, outcome = killed
    assert outcome.problems == []
    assert outcome.ledger.surprises == []
    assert (outcome.lost, outcome.doubled, outcome.damaged, outcome.chain) == (0, 0, 0, 0)
    assert outcome.verified.endswith(" 0 do not fit.")


def test_the_server_was_busy_when_it_was_killed(killed: tuple[Run, Outcome]) -> None:
    _run, outcome = killed
    assert len(outcome.ledger.acknowledged) >= 5
    assert outcome.ledger.counts["scores"] >= 20
    assert outcome.ledger.counts["tries again"] >= ROUNDS, "no request was under way at the kills"


def forged_receipt(run: Run) -> None:
    run.ledger.nominations.append(Sent("Nobody", "nobody@example.org", public_id="x" * 22, receipt="AAAA-AAAA"))


def overwritten_step(run: Run) -> None:
    run.ledger.acknowledged[0].kept["known_for"] = "20 years"


def unsaved_score(run: Run) -> None:
    serial = next(s for s in run.ledger.scores.values() if s.answered)
    serial.asked = serial.answered = serial.answered + 1


def second_row(run: Run) -> None:
    columns = "program_id, cycle_id, source, answers, step, locale, educator_name, school_name, position, subject"
    columns += ", educator_email, relation, relation_group, known_for, story, with_others, tie, nominator_name"
    columns += ", sharing, for_child, child_name, receipt, submitted_at, shown, created_at, nominator_email"
    first, last = "MIN(id)", "MAX(file_id)"  # beside the index that knows one nominator and file
    tamper(run, f"INSERT INTO nominations (public_id, state, file_id, {columns}) SELECT 'second', state, "
                f"(SELECT {last} FROM nominations), {columns} FROM nominations "
                f"WHERE id = (SELECT {first} FROM nominations WHERE state = 'submitted')")  # fmt: skip


def second_file(run: Run) -> None:
    tamper(run, "UPDATE nominee_files SET name_key = 'twice', school_key = 'twice' WHERE id < 3")


def changed_record(run: Run) -> None:
    tamper(run, "UPDATE audit_entries SET actor = 'nobody' WHERE seq = 2")


def tamper(run: Run, statement: str) -> None:
    with run.scene.app.app_context(), transaction() as s:
        done: Any = s.execute(text(statement))
        assert done.rowcount > 0
    with run.scene.app.app_context():
        db.session.remove()


TAMPERINGS: list[tuple[Callable[[Run], None], str]] = [
    (forged_receipt, "lost"),
    (overwritten_step, "lost"),
    (unsaved_score, "lost"),
    (second_row, "doubled"),
    (second_file, "doubled"),
    (changed_record, "chain"),
]


def test_the_check_sees_each_kind_of_harm(killed: tuple[Run, Outcome]) -> None:
    """One harm after another; each adds to what was found before, and where it belongs."""
    run, _outcome = killed
    before = check(run.scene.app, run.ledger, settled=True)
    for harm, where in TAMPERINGS:
        harm(run)
        after = check(run.scene.app, run.ledger, settled=True)
        assert len(getattr(after, where)) > len(getattr(before, where)), harm.__name__
        before = after


def test_a_server_that_answers_before_it_keeps_is_found_out(new_run: NewRun) -> None:
    run = new_run()
    report = lied_to(run)
    assert report.lost, "one commit in six kept nothing, and nobody noticed"
    assert not report.chain
    assert not report.damaged


def lied_to(run: Run) -> Report:
    """What the check finds after a hundred answers of a lying server, without any kill."""
    run.server.start_web("tests.endurance.broken:create_app()")
    try:
        run.server.wait()
        run.clients.start()
        run.clients.up.set()
        run.load(100)
        run.clients.finish()
    finally:
        run.server.stop()
    return check(run.scene.app, run.ledger, settled=True)
