"""Letters that come back: why a letter did not arrive, and the addresses nothing more is sent to."""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHECK = "ck_messages_state_known"
BEFORE = "state IN ('queued', 'canceled', 'failed', 'held', 'sent')"
AFTER = "state IN ('queued', 'bounced', 'canceled', 'failed', 'held', 'sent')"


def upgrade() -> None:
    op.create_table(
        "stopped_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since", portal.core.db.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stopped_addresses")),
        sa.UniqueConstraint("email", name=op.f("uq_stopped_addresses_email")),
    )
    with op.batch_alter_table("messages") as batch:
        batch.add_column(sa.Column("asked", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("kind", sa.String(length=20), nullable=False, server_default=""))
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.create_check_constraint(op.f(CHECK), AFTER)


def downgrade() -> None:
    op.execute("UPDATE messages SET state = 'failed' WHERE state = 'bounced'")
    with op.batch_alter_table("messages") as batch:
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.create_check_constraint(op.f(CHECK), BEFORE)
        batch.drop_column("kind")
        batch.drop_column("asked")
    op.drop_table("stopped_addresses")
