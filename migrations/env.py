"""How migrations reach the database: the application's own engine, the models' own metadata."""

from alembic import context
from sqlalchemy import Connection

from portal import features  # noqa: F401  (loads nothing by itself; the application has loaded every model)
from portal.core import triggers
from portal.core.db import Base, db


def run() -> None:
    """Runs the migrations in one transaction: a step that fails leaves nothing of those before it, nor of itself.

    SQLite changes tables by copying them (batch), with its foreign keys off until the end.
    """
    with db.engine.connect().execution_options(immediate=True) as connection:
        copies = connection.dialect.name == "sqlite"
        if copies:  # a table that others refer to is dropped and made anew: they are checked at the end instead
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        try:
            _migrate(connection, copies)
            connection.commit()
        finally:  # the pool gives this connection to others, and inside a transaction the switch does nothing
            connection.rollback()
            if copies:
                connection.connection.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection, copies: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=copies,
        compare_type=True,
        user_module_prefix="portal.core.db.",
        transactional_ddl=True,  # on SQLite too, where Alembic would commit each step: BEGIN is ours, see `core.db`
    )
    with context.begin_transaction():
        with triggers.set_aside(connection):
            context.run_migrations()
        if copies and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"the migration would leave rows that refer to nothing: {lost[:5]}")


run()
