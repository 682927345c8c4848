"""The desk's numbers come from indexes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

GROUPS = ("student", "family", "colleague", "leader", "community", "self")
MADE = {
    "ix_assignments_panel_state": ("assignments", ["panel_id", "state", "person_id", "file_id", "opened_at"]),
    "ix_nominee_files_running": (
        "nominee_files",
        ["cycle_id", "consent", "screening", "withdrawn_at", "joined_into_id", "name_key", "id"],
    ),
    "ix_nominee_files_district": ("nominee_files", ["cycle_id", "district_id", *(f"from_{group}" for group in GROUPS)]),
    "ix_nominee_files_school": ("nominee_files", ["school_id", "cycle_id", "proven", "unproven"]),
    "ix_nominee_files_to_remind": ("nominee_files", ["cycle_id", "consent", "reminded_at", "asked_at"]),
    "ix_nominee_files_unlisted": ("nominee_files", ["cycle_id", "school_key", "district_id"]),
    "ix_nominations_cycle_state": ("nominations", ["cycle_id", "state", "submitted_at"]),
    "ix_nominations_people": ("nominations", ["cycle_id", "nominator_email", "state"]),
}
BEFORE = {
    "ix_assignments_panel_state": ("assignments", ["panel_id", "state"]),
    "ix_nominee_files_consent": ("nominee_files", ["consent"]),
    "ix_nominee_files_cycle_id": ("nominee_files", ["cycle_id"]),
    "ix_nominee_files_screening": ("nominee_files", ["screening"]),
    "ix_nominee_files_school_id": ("nominee_files", ["school_id"]),
    "ix_nominations_cycle_state": ("nominations", ["cycle_id", "state"]),
}
ONLY = {"ix_nominee_files_unlisted": "school_id IS NULL"}


def upgrade() -> None:
    for name, (table, _columns) in BEFORE.items():
        op.drop_index(name, table_name=table)
    for name, (table, columns) in MADE.items():
        only = sa.text(ONLY[name]) if name in ONLY else None
        op.create_index(name, table, columns, unique=False, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, (table, _columns) in MADE.items():
        op.drop_index(name, table_name=table)
    for name, (table, columns) in BEFORE.items():
        op.create_index(name, table, columns, unique=False)
