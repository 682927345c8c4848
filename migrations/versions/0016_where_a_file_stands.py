"""Where a file stands, as one word that triggers write; the list and the desk's counts go along its index."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ASKED = ("search", "district_id", "consent", "screening")
ALONE = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("joined_into_id IS NULL"))


def upgrade() -> None:
    with op.batch_alter_table("nominee_files") as batch:
        batch.add_column(sa.Column("standing", sa.Text(), server_default="", nullable=False))
    op.drop_index("ix_nominee_files_name", table_name="nominee_files")
    for name, first in (("name", ["name_key"]), ("standing", ["standing", "name_key"])):
        columns = ["cycle_id", *first, "id", *ASKED]
        op.create_index(f"ix_nominee_files_{name}", "nominee_files", columns, unique=False, **ALONE)
    op.create_index("ix_nominee_files_email", "nominee_files", ["cycle_id", "email"], unique=False)


def downgrade() -> None:
    for name in ("email", "standing", "name"):
        op.drop_index(f"ix_nominee_files_{name}", table_name="nominee_files")
    op.create_index("ix_nominee_files_name", "nominee_files", ["cycle_id", "name_key", "id"], unique=False)
    with op.batch_alter_table("nominee_files") as batch:
        batch.drop_column("standing")
