"""Notes of the staff about nominee files, and whom they tell."""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("created_at", portal.core.db.Moment(timezone=True), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_at", portal.core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_file_notes_by_id_people")),
        sa.ForeignKeyConstraint(["file_id"], ["nominee_files.id"], name=op.f("fk_file_notes_file_id_nominee_files")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_file_notes_program_id_programs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_notes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_file_notes_public_id")),
    )
    op.create_index("ix_file_notes_file_id", "file_notes", ["file_id"])
    op.create_table(
        "note_mentions",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", portal.core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["file_notes.id"], name=op.f("fk_note_mentions_note_id_file_notes")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_note_mentions_person_id_people")),
        sa.PrimaryKeyConstraint("note_id", "person_id", name=op.f("pk_note_mentions")),
    )
    op.create_index("ix_note_mentions_person", "note_mentions", ["person_id", "seen_at"])
    with op.batch_alter_table("file_joins") as batch:
        batch.add_column(sa.Column("note_ids", portal.core.db.Document(), server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("file_joins") as batch:
        batch.drop_column("note_ids")
    op.drop_table("note_mentions")
    op.drop_table("file_notes")
