"""Each file's voices, counted by triggers (made, and the columns filled, at the end of every migration)."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBERS = (
    "proven",
    "unproven",
    "from_student",
    "from_family",
    "from_colleague",
    "from_leader",
    "from_community",
    "from_self",
)


def upgrade() -> None:
    with op.batch_alter_table("nominee_files") as batch:
        for name in NUMBERS:
            batch.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("relations", sa.Text(), server_default="", nullable=False))
    op.drop_index("ix_nominations_voices", table_name="nominations")
    op.drop_index("ix_nominations_file_id", table_name="nominations")
    op.create_index(
        "ix_nominations_voices", "nominations", ["file_id", "state", "relation_group", "relation"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_nominations_voices", table_name="nominations")
    op.create_index("ix_nominations_file_id", "nominations", ["file_id"], unique=False)
    op.create_index(
        "ix_nominations_voices",
        "nominations",
        ["cycle_id", "file_id", "state", "relation_group", "relation"],
        unique=False,
    )
    with op.batch_alter_table("nominee_files") as batch:
        batch.drop_column("relations")
        for name in reversed(NUMBERS):
            batch.drop_column(name)
