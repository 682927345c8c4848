"""The database: base class, column types, and the one helper that opens a transaction around an action.

SQLite's driver is told to leave BEGIN to us: reads begin deferred, every write begins IMMEDIATE, because a deferred
transaction that turns into a write can be refused at once, whatever the busy timeout.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

import orjson
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, CheckConstraint, DateTime, Engine, MetaData, String, event, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from portal.core.clock import now
from portal.core.flow import Flow
from portal.core.tokens import new_public_id

Value = TypeVar("Value")
# Below this version two connections that checkpoint at once can, rarely, corrupt a WAL database (see core.janitor).
SAFE_CHECKPOINTS = (3, 51, 3)
BUSY_MS = 15_000
IN_ONE_QUERY = 500  # values of one IN
NEVER_CHANGE = ("id", "public_id")  # of a row
LOOKS_AGAIN = 0.105  # seconds: the longest that SQLite sleeps before it tries again to write


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. A naive one is refused: it could mean anything."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Document(TypeDecorator[Any]):
    """JSON: text on SQLite, JSONB on PostgreSQL; None is NULL. Replace the value to change it."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        kind = postgresql.JSONB if dialect.name == "postgresql" else JSON
        return dialect.type_descriptor(kind(none_as_null=True))


class Base(DeclarativeBase):
    """Every table; the naming convention lets migrations drop what they made, on both databases."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: Moment(),
            dict[str, Any]: Document(),
            dict[str, Any] | None: Document(),
            list[Any]: Document(),
            list[Any] | None: Document(),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class Identified:
    """Mixin: a private number for joins, a public id for addresses, the moment it was made."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    created_at: Mapped[datetime] = mapped_column(default=now)


def state_column(flow: Flow, *, index: bool = True) -> Mapped[str]:
    """A column for the states of this flow; pair it with `known_states(flow)` in `__table_args__`."""
    return mapped_column(String(32), default=flow.initial, index=index)


def known_states(flow: Flow, column: str = "state") -> CheckConstraint:
    """The database knows the states."""
    return CheckConstraint(flow.check(column), name=f"{column}_known")


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """The column holds one of these words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=f"{column}_known")


@contextmanager
def transaction(keeping: Iterable[object] = ()) -> Iterator[Session]:
    """Opens the write transaction around one action: commits when it returns, rolls back whole when it raises.

    Whatever was read before is read afresh (under the lock, on SQLite). The audit entries of the action are chained
    last, so that the chain's head is locked for the shortest time; functions given to `after_commit` run when the data
    are safe. Transactions do not nest: an action never opens one, its caller does.

    What it is `keeping` stays as it was read: only for an action that fails, by a version it saw, when any of it has
    changed since.
    """
    session, kept = db.session(), list(keeping)
    if session.info.get("writing"):
        raise RuntimeError("a transaction is already open: actions leave it to their caller")
    for thing in kept:
        session.expunge(thing)
    _let_go(session)
    session.info.update(writing=True, after_commit=[], before_commit=[], pending={})
    try:
        session.connection(execution_options={"immediate": True})
        session.add_all(kept)
        yield session
        session.flush()
        for step in session.info["before_commit"]:
            step(session)
        session.commit()
    except BaseException:
        session.rollback()
        session.info["after_commit"] = []
        raise
    finally:
        session.info["writing"] = False
    for call in session.info.pop("after_commit", []):
        call()


def _let_go(session: Session) -> None:
    """Forgets what was read, but not which row is which: that never changes, and a row asked for its own number would
    be read whole.
    """
    rows = [row.__dict__ for row in session.identity_map.values()]
    kept = [{name: row[name] for name in NEVER_CHANGE if name in row} for row in rows]
    session.rollback()
    for row, named in zip(rows, kept, strict=True):
        row.update(named)


def referred_to(key: Any, values: Collection[Any]) -> dict[str, set[Any]]:
    """Which of these values of a table's key are named by rows of other tables, by table: they can't be deleted."""
    pairs = [(name, each) for name, table in Base.metadata.tables.items() for each in table.foreign_keys]
    found = {name: each.parent for name, each in pairs if each.column is key}
    return {name: set(db.session.scalars(select(it).where(it.in_(values)).distinct())) for name, it in found.items()}


def batches(values: Iterable[Value]) -> Iterator[list[Value]]:
    """The values in lists that are short enough for one `IN`."""
    left = iter(values)
    while some := list(islice(left, IN_ONE_QUERY)):
        yield some


def breathe() -> None:
    """Between two transactions of one long work: lets those who wait to write come first.

    SQLite keeps no queue: who waits looks again after a tenth of a second at most, and would miss a shorter gap.
    """
    if db.engine.dialect.name == "sqlite":
        time.sleep(LOOKS_AGAIN)


def lost_a_deadlock(error: BaseException) -> bool:
    """Whether PostgreSQL ended this transaction so that another could go on: nothing of it was kept."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in ("40P01", "40001")


def in_transaction() -> bool:
    """Whether an action may write now."""
    return bool(db.session().info.get("writing"))


def pending(kind: str) -> list[Any]:
    """A list that lives as long as the open transaction, for what is written together at its end."""
    if not in_transaction():
        raise RuntimeError("no transaction is open: the caller of an action opens it")
    found: list[Any] = db.session().info["pending"].setdefault(kind, [])
    return found


def after_commit(call: Callable[[], None]) -> None:
    """Has the function called when (and only if) the open transaction has committed."""
    db.session().info["after_commit"].append(call)


def before_commit(step: Callable[[Session], None], *, first: bool = False) -> None:
    """Has the step run last in the open transaction, once (the same function is kept once); `first` of these."""
    steps = db.session().info["before_commit"]
    if step not in steps:
        steps.insert(0 if first else len(steps), step)


def sweep(statement: Any) -> Any:
    """Runs an update or a delete of many rows and gives its result; what the session has read of them stays as it was
    read.
    """
    return db.session.execute(statement, execution_options={"synchronize_session": False})


def _prepare_sqlite(engine: Engine, synchronous: str, own_checkpoints: bool) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "cache_size=-16000",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        if own_checkpoints:
            cursor.execute("PRAGMA wal_autocheckpoint=0")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _prepare_postgresql(engine: Engine) -> None:
    """Compiling a statement takes longer than running any of ours, and the server would do it for each anew."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.execute("SET jit = off")
        connection.commit()


def needs_janitor() -> bool:
    """Whether this SQLite leaves checkpoints to the worker's one janitor."""
    return sqlite3.sqlite_version_info < SAFE_CHECKPOINTS


def init_app(app: Flask) -> None:
    """Binds the database to the application; the engine is made here, after any fork."""
    settings = app.config["PORTAL"]
    engine_options: dict[str, Any] = {
        "json_serializer": lambda v: json.dumps(v, ensure_ascii=False),
        "json_deserializer": orjson.loads,  # a page reads dozens of small documents, a board one of a megabyte
    }
    if not settings.is_sqlite:
        engine_options.update(pool_size=8, max_overflow=8, pool_pre_ping=True)
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.url, SQLALCHEMY_ENGINE_OPTIONS=engine_options)
    db.init_app(app)
    settings.data.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        if settings.is_sqlite:
            _prepare_sqlite(db.engine, settings.sqlite_synchronous, needs_janitor() and not settings.testing)
        else:
            _prepare_postgresql(db.engine)
