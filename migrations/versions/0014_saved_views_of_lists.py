"""Saved views of lists."""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("list_key", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("words", portal.core.db.Document(), nullable=False),
        sa.Column("columns", portal.core.db.Document(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("created_at", portal.core.db.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("NOT shared OR name_key <> ''", name=op.f("ck_saved_views_shared_has_name")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_saved_views_owner_id_people")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_saved_views_program_id_programs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint(
            "owner_id",
            "program_id",
            "list_key",
            "name_key",
            name=op.f("uq_saved_views_owner_id_program_id_list_key_name_key"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_views_public_id")),
    )
    with op.batch_alter_table("saved_views") as batch:
        batch.create_index("ix_saved_views_program_id_list_key", ["program_id", "list_key"], unique=False)


def downgrade() -> None:
    op.drop_table("saved_views")
