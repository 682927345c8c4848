"""How many have handed in a file is found by one index."""

from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_assignments_file_id', table_name='assignments')
    op.create_index('ix_assignments_file_panel_state', 'assignments', ['file_id', 'panel_id', 'state'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_assignments_file_panel_state', table_name='assignments')
    op.create_index('ix_assignments_file_id', 'assignments', ['file_id'], unique=False)
