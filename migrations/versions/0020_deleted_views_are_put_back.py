"""When a saved view was deleted: for a while it can be put back."""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("saved_views") as batch:
        batch.add_column(sa.Column("deleted_at", portal.core.db.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM saved_views WHERE deleted_at IS NOT NULL"))
    with op.batch_alter_table("saved_views") as batch:
        batch.drop_column("deleted_at")
