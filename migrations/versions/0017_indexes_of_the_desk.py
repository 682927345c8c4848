"""The desk's numbers come from indexes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

GROUPS = ("student", "family", "colleague", "leader", "community", "self")
MADE = {
    "ix_nominee_files_district": ("nominee_files", ["cycle_id", "district_id", *(f"from_{group}" for group in GROUPS)]),
    "ix_nominee_files_school": ("nominee_files", ["school_id", "cycle_id", "proven", "unproven"]),
    "ix_nominee_files_to_remind": ("nominee_files", ["cycle_id", "asked_at"]),
    "ix_nominee_files_unlisted": ("nominee_files", ["cycle_id", "school_key", "district_id"]),
    "ix_nominations_cycle_state": ("nominations", ["cycle_id", "state", "submitted_at"]),
    "ix_nominations_people": ("nominations", ["cycle_id", "nominator_email", "state"]),
}
ONLY = {
    "ix_nominee_files_to_remind": "consent = 'asked' AND reminded_at IS NULL",
    "ix_nominee_files_unlisted": "school_id IS NULL",
}


def upgrade() -> None:
    op.drop_index("ix_nominations_cycle_state", table_name="nominations")
    op.drop_index("ix_nominee_files_school_id", table_name="nominee_files")
    for name, (table, columns) in MADE.items():
        only = sa.text(ONLY[name]) if name in ONLY else None
        op.create_index(name, table, columns, unique=False, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, (table, _columns) in MADE.items():
        op.drop_index(name, table_name=table)
    op.create_index("ix_nominee_files_school_id", "nominee_files", ["school_id"], unique=False)
    op.create_index("ix_nominations_cycle_state", "nominations", ["cycle_id", "state"], unique=False)
