"""Indexes of nominee files that no query goes along are gone; two hold only the rows that are asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TO_COMPARE, JOINED = "ix_nominee_files_to_compare", "ix_nominee_files_joined_into_id"


def upgrade() -> None:
    with op.batch_alter_table("nominee_files") as batch:
        for name in ("ix_nominee_files_program_id", "ix_nominee_files_district_id", JOINED, TO_COMPARE):
            batch.drop_index(name)
    where = sa.text("joined_into_id IS NOT NULL")
    op.create_index(JOINED, "nominee_files", ["joined_into_id"], sqlite_where=where, postgresql_where=where)
    _to_compare(sqlite="compared = 0")


def downgrade() -> None:
    with op.batch_alter_table("nominee_files") as batch:
        for name in (JOINED, TO_COMPARE):
            batch.drop_index(name)
    for column in ("program_id", "district_id", "joined_into_id"):
        op.create_index(f"ix_nominee_files_{column}", "nominee_files", [column])
    _to_compare(sqlite="NOT compared")


def _to_compare(sqlite: str) -> None:
    """What waits to be compared; SQLite looks into such an index only for the very words of the query."""
    where = {"sqlite_where": sa.text(sqlite), "postgresql_where": sa.text("NOT compared")}
    op.create_index(TO_COMPARE, "nominee_files", ["cycle_id", "id"], **where)
