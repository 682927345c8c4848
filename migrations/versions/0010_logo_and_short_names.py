"""A program's logo, and the short form of a district's name."""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("programs") as table:
        table.add_column(sa.Column("logo", portal.core.db.Document(), nullable=True))
    with op.batch_alter_table("districts") as table:
        table.add_column(sa.Column("short", sa.String(60), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("districts") as table:
        table.drop_column("short")
    with op.batch_alter_table("programs") as table:
        table.drop_column("logo")
