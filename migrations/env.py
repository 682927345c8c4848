"""How migrations reach the database: the application's own engine, the models' own metadata."""

from alembic import context

from portal import features  # noqa: F401  (loads nothing by itself; the application has loaded every model)
from portal.core import triggers
from portal.core.db import Base, db


def run() -> None:
    """Runs the migrations in one transaction a database; SQLite changes tables by copying them (batch)."""
    with db.engine.connect().execution_options(immediate=True) as connection:
        copies = connection.dialect.name == "sqlite"
        if copies:  # a table that others refer to is dropped and made anew: they are checked at the end instead
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=copies,
            compare_type=True,
            user_module_prefix="portal.core.db.",
        )
        with context.begin_transaction():
            with triggers.set_aside(connection):
                context.run_migrations()
            if copies and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration would leave rows that refer to nothing: {lost[:5]}")
        connection.commit()
        if copies:
            connection.connection.execute("PRAGMA foreign_keys=ON")


run()
