"""Each file's voices stand at it: however a nomination comes, moves or goes, and whoever writes at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from typing import Any

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import String, delete, insert, inspect, select, text, update
from sqlalchemy.orm import undefer_group

from portal.accounts.models import Person
from portal.app import create_app
from portal.cli import verify
from portal.core import migrating, settings, triggers
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.moves import move
from portal.nominations.actions.nominate import confirm_by_staff
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.models.tally import COLUMNS
from portal.nominations.queries.tally import miscounted
from portal.nominations.rules import NOMINATION
from tests.cast import Cast
from tests.conftest import SECRET
from tests.nominations.consenting import add_file

NOTHING = (0, 0, 0, 0, 0, 0, 0, 0, "")
COLLEAGUE = {"relation": "colleague", "relation_group": "colleague"}
STUDENT = {"relation": "student", "relation_group": "student"}
UNPROVEN = {"state": "submitted", "confirmed_at": None}


def tally(cast: Cast, public_id: str) -> tuple[Any, ...]:
    """What stands at the file: proven, unproven, from each group in the order of GROUPS, the relations."""
    with cast.app.app_context():
        query = select(NomineeFile).where(NomineeFile.public_id == public_id).options(undefer_group("tally"))
        file = db.session.scalars(query).one()
        return tuple(getattr(file, name) for name in COLUMNS)


def test_what_is_written_is_counted(cast: Cast) -> None:
    itself = {"relation": "self", "relation_group": "self"}
    aside = {**STUDENT, **UNPROVEN}, {"state": "spam"}
    file = add_file(cast, nominations=(COLLEAGUE, COLLEAGUE, STUDENT, itself, *aside))
    assert tally(cast, file) == (4, 1, 1, 0, 2, 0, 0, 1, "|colleague||student|")
    assert tally(cast, add_file(cast, "Nobody Yet", nominations=())) == NOTHING


def _first(s: Any) -> Any:
    return s.scalars(select(Nomination).order_by(Nomination.id)).first()


WAYS = {
    "through the door of states": (
        lambda s, other: move(NOMINATION, "withdraw", _first(s), "nominator"),
        (1, 0, 0, 0, 1, 0, 0, 0, "|colleague|"),
    ),
    "as an object": (
        lambda s, other: setattr(_first(s), "relation_group", "leader"),
        (2, 0, 0, 0, 1, 1, 0, 0, "|colleague||student|"),
    ),
    "to another file": (
        lambda s, other: setattr(_first(s), "file_id", other),
        (1, 0, 0, 0, 1, 0, 0, 0, "|colleague|"),
    ),
    "in bulk": (
        lambda s, other: s.execute(update(Nomination).values(state="submitted")),
        (0, 2, 0, 0, 0, 0, 0, 0, ""),
    ),
    "in bulk, to another file": (
        lambda s, other: s.execute(update(Nomination).values(file_id=other)),
        NOTHING,
    ),
    "as plain SQL": (
        lambda s, other: s.execute(text("UPDATE nominations SET relation = 'friend' WHERE relation = 'student'")),
        (2, 0, 1, 0, 1, 0, 0, 0, "|colleague||friend|"),
    ),
    "deleted": (lambda s, other: s.execute(delete(Nomination)), NOTHING),
}


@pytest.mark.parametrize("way", WAYS)
def test_whichever_way_a_nomination_changes_its_file_is_counted(cast: Cast, way: str) -> None:
    file = add_file(cast, nominations=(STUDENT, COLLEAGUE))
    other = add_file(cast, "Ann Lee", email="ann@example.org", nominations=())
    change, expected = WAYS[way]
    with cast.app.app_context(), transaction() as s:
        change(s, s.scalar(select(NomineeFile.id).where(NomineeFile.public_id == other)))
    assert tally(cast, file) == expected
    assert sum(tally(cast, other)[:2]) == (2 - sum(expected[:2]) if "to another" in way else 0)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({}, "open/unscreened/mp1//teacher//|student|"),
        ({"email": ""}, "open/unscreened/p1//teacher//|student|"),
        ({"erased_before": True}, "open/unscreened/mp1/e/teacher//|student|"),
        ({"consent": "asked", "asked_at": now()}, "asked/unscreened/qmp1//teacher//|student|"),
        ({"consent": "accepted", "asked_at": now()}, "accepted/unscreened/qmp1"),
        ({"screening": "eligible", "screened_at": now()}, "open/eligible/mp1"),
        ({"withdrawn_at": now()}, "open/unscreened/wmp1"),
    ],
)
def test_where_a_file_stands_is_one_word(cast: Cast, values: dict[str, Any], word: str) -> None:
    """Of a file made so, and of one that becomes so, as an object and in bulk."""
    made = add_file(cast, nominations=(STUDENT,), **values)
    object_, bulk = (add_file(cast, name, nominations=(STUDENT,)) for name in ("Ann Lee", "Bea Lee"))
    with cast.app.app_context(), transaction() as s:
        file = s.scalars(select(NomineeFile).where(NomineeFile.public_id == object_)).one()
        for name, value in values.items():
            setattr(file, name, value)
        if values:
            s.execute(update(NomineeFile).where(NomineeFile.public_id == bulk).values(**values))
    with cast.app.app_context():
        words = db.session.execute(select(NomineeFile.public_id, NomineeFile.standing)).all()
    assert {public_id: found for public_id, found in words} == dict.fromkeys((made, object_, bulk), word)  # noqa: C416


def test_rows_inserted_at_once_are_counted(cast: Cast) -> None:
    file = add_file(cast, nominations=())
    with cast.app.app_context(), transaction() as s:
        number = s.scalar(select(NomineeFile.id))
        row = {"program_id": cast.program_id, "cycle_id": cast.cycle_id, "file_id": number, "confirmed_at": now()}
        rows = [{**row, **STUDENT, "state": "confirmed", "nominator_email": f"n{at}@x.org"} for at in range(30)]
        s.execute(insert(Nomination), rows)
    assert tally(cast, file)[:3] == (30, 0, 30)


def test_a_change_that_is_rolled_back_counts_for_nothing(cast: Cast) -> None:
    file = add_file(cast, nominations=(STUDENT,))
    with cast.app.app_context(), pytest.raises(ZeroDivisionError), transaction() as s:
        s.execute(update(Nomination).values(state="spam"))
        raise ZeroDivisionError
    assert tally(cast, file)[0] == 1


def test_two_confirmed_at_the_same_time_are_two(cast: Cast) -> None:
    """The second one has counted, or waits to, while the first is not committed yet."""
    file = add_file(cast, nominations=({**STUDENT, **UNPROVEN}, {**COLLEAGUE, **UNPROVEN}))
    organizer, counted = cast.person("sam"), Event()
    with cast.app.app_context():
        numbers = list(db.session.scalars(select(Nomination.id).order_by(Nomination.id)))

    def confirm(number: int, *, first: bool) -> None:
        with cast.app.app_context():
            by = db.session.get_one(Person, organizer)
            with transaction() as s:
                confirm_by_staff(s.get_one(Nomination, number), by)
                s.flush()
                if first:
                    counted.set()
                    sleep(0.5)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(confirm, numbers[0], first=True)
        assert counted.wait(10)
        other = pool.submit(confirm, numbers[1], first=False)
        one.result(20)
        other.result(20)
    assert tally(cast, file) == (2, 0, 1, 0, 1, 0, 0, 0, "|colleague||student|")


def test_the_guard_and_the_command_see_what_was_miscounted(cast: Cast, app: Flask) -> None:
    file = add_file(cast, nominations=(STUDENT,))
    with app.app_context():
        assert miscounted() == []
        db.session.rollback()
        with db.engine.connect().execution_options(immediate=True) as connection:
            with triggers.set_aside(connection):
                connection.execute(text("UPDATE nominations SET state = 'submitted'"))
                wrong = connection.scalar(text("SELECT proven FROM nominee_files"))
            healed = connection.scalar(text("SELECT proven FROM nominee_files"))
            connection.execute(text("UPDATE nominee_files SET proven = 5"))
            connection.commit()
        assert (wrong, healed) == (1, 0)
        assert miscounted() == [file]
        with pytest.raises(SystemExit) as ended:
            verify.callback.__wrapped__()  # type: ignore[union-attr]
        assert ended.value.code == 1
        with transaction() as s:
            s.execute(update(Nomination).values(state="confirmed"))
        assert miscounted() == []


def test_a_migration_counts_what_was_there_and_leaves_the_database_counting(
    tmp_path: Any, request: pytest.FixtureRequest, database: str
) -> None:
    url = request.getfixturevalue("cluster").new_database() if database == "postgresql" else ""
    app = create_app(settings.load(data=tmp_path, secret_key=SECRET, testing=True, database_url=url))
    with app.app_context():
        migrating.upgrade()
    cast = Cast(app)
    file = add_file(cast, nominations=(STUDENT, COLLEAGUE))
    with app.app_context():
        command.downgrade(migrating.config(), "0012")
        assert {"relations", "standing"}.isdisjoint(c["name"] for c in inspect(db.engine).get_columns("nominee_files"))
        migrating.upgrade()
        assert miscounted() == []
        db.session.remove()
        _copy_tables()
    assert tally(cast, file) == (2, 0, 1, 0, 1, 0, 0, 0, "|colleague||student|")
    with app.app_context(), transaction() as s:
        s.execute(update(Nomination).where(Nomination.relation == "student").values(state="spam"))
    assert tally(cast, file) == (1, 0, 0, 0, 1, 0, 0, 0, "|colleague|")
    with app.app_context():
        assert miscounted() == []
        assert migrating.differences() == []
        db.session.remove()
        db.engine.dispose()


def _copy_tables() -> None:
    """As a later migration may: SQLite makes both tables anew and drops the old ones, with their triggers."""
    with db.engine.connect().execution_options(immediate=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        with triggers.set_aside(connection):
            op = Operations(MigrationContext.configure(connection))
            for table in ("nominee_files", "nominations"):
                with op.batch_alter_table(table) as batch:
                    batch.alter_column("locale", existing_type=String(5), nullable=True)
                with op.batch_alter_table(table) as batch:
                    batch.alter_column("locale", existing_type=String(5), nullable=False)
        connection.commit()
