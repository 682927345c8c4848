"""Acts on many files, and what became of each file."""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_acts",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("given", portal.core.db.Document(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("counts", portal.core.db.Document(), nullable=False),
        sa.Column("started_at", portal.core.db.Moment(timezone=True), nullable=True),
        sa.Column("done_at", portal.core.db.Moment(timezone=True), nullable=True),
        sa.Column("undo_until", portal.core.db.Moment(timezone=True), nullable=True),
        sa.Column("undone_at", portal.core.db.Moment(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("created_at", portal.core.db.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('previewed', 'done', 'running', 'undoing', 'undone')", name=op.f("ck_bulk_acts_state_known")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_bulk_acts_by_id_people")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_bulk_acts_cycle_id_cycles")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_bulk_acts_program_id_programs")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["people.id"], name=op.f("fk_bulk_acts_undone_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_acts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bulk_acts_public_id")),
    )
    op.create_index("ix_bulk_acts_newest", "bulk_acts", ["cycle_id", "started_at"], unique=False)
    op.create_index(op.f("ix_bulk_acts_state"), "bulk_acts", ["state"], unique=False)

    op.create_table(
        "bulk_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("before", portal.core.db.Document(), nullable=False),
        sa.CheckConstraint(
            "state IN ('will', 'left', 'done', 'skipped', 'undone', 'kept')", name=op.f("ck_bulk_items_state_known")
        ),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_acts.id"], name=op.f("fk_bulk_items_bulk_id_bulk_acts")),
        sa.ForeignKeyConstraint(["file_id"], ["nominee_files.id"], name=op.f("fk_bulk_items_file_id_nominee_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_items")),
        sa.UniqueConstraint("bulk_id", "file_id", name=op.f("uq_bulk_items_bulk_id_file_id")),
    )
    op.create_index(op.f("ix_bulk_items_file_id"), "bulk_items", ["file_id"], unique=False)
    op.create_index("ix_bulk_items_state", "bulk_items", ["bulk_id", "state", "why", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("bulk_items")
    op.drop_table("bulk_acts")
