"""Fingerprints of people who asked to be erased, and the files of whom they may be."""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", portal.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_erased_marks_program_id_programs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_marks")),
        sa.UniqueConstraint("digest", name=op.f("uq_erased_marks_digest")),
    )
    with op.batch_alter_table("nominee_files") as batch:
        batch.add_column(sa.Column("erased_before", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE messages SET template = 'core/blank' WHERE template = 'nominations/consent_blank'")


def downgrade() -> None:
    op.execute("UPDATE messages SET template = 'nominations/consent_blank' WHERE template = 'core/blank'")
    with op.batch_alter_table("nominee_files") as batch:
        batch.drop_column("erased_before")
    op.drop_table("erased_marks")
