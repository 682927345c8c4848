"""How migrations reach the database: the application's own engine, the models' own metadata."""

from alembic import context

from portal import features  # noqa: F401  (loads nothing by itself; the application has loaded every model)
from portal.core.db import Base, db


def run() -> None:
    """Runs the migrations in one transaction a database; SQLite changes tables by copying them (batch)."""
    with db.engine.connect().execution_options(immediate=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            user_module_prefix="portal.core.db.",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
