"""Migrations: bring the database to the newest revision, and say whether it is there."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.core import janitor, settings
from portal.core.db import Base, db


def config() -> Config:
    """Alembic's configuration: the scripts beside the package, no file of its own."""
    made = Config(attributes={"configure_logger": False})
    made.set_main_option("script_location", str(settings.root() / "migrations"))
    return made


def current() -> str | None:
    """The revision the database is at; None for an empty one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision that this version knows."""
    return ScriptDirectory.from_config(config()).get_current_head()


def upgrade() -> str:
    """Applies what is missing; a sentence on what was done."""
    before = current()
    command.upgrade(config(), "head")
    after = current()
    if db.engine.dialect.name == "sqlite":
        janitor.look_at_tables(db.engine.url.database or "")
    return f"The database is at {after} already." if before == after else f"The database is at {after} now."


def differences() -> list[object]:
    """What the models say and the database does not (empty when they are equal)."""
    from alembic.autogenerate import compare_metadata

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": Base.metadata})
        return list(compare_metadata(context, Base.metadata))
