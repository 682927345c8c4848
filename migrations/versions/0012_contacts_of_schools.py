"""A contact for each school, and the addresses that asked not to be written to."""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiet_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("since", portal.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_quiet_addresses_program_id_programs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_addresses")),
        sa.UniqueConstraint("program_id", "email", name=op.f("uq_quiet_addresses_program_id_email")),
    )
    with op.batch_alter_table("schools") as batch:
        batch.add_column(sa.Column("contact_name", sa.String(length=200), server_default="", nullable=False))
        batch.add_column(sa.Column("contact_email", sa.String(length=254), server_default="", nullable=False))
        batch.add_column(sa.Column("contact_locale", sa.String(length=5), server_default="en", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("schools") as batch:
        batch.drop_column("contact_locale")
        batch.drop_column("contact_email")
        batch.drop_column("contact_name")
    op.drop_table("quiet_addresses")
