"""An import is uploaded, read as chosen, tried and then entered; refused rows keep their cells for a while."""

import sqlalchemy as sa
from alembic import op

import portal.core.db


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

STATES = "state IN ('draft', 'checked', 'checking', 'done', 'running')"


def upgrade() -> None:
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=32), nullable=False, server_default='done'))
        batch_op.add_column(sa.Column('reading', portal.core.db.Document(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('titles_key', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('sha256', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('asked_at', portal.core.db.Moment(timezone=True), nullable=True))
    # What was under way goes on: it was begun by people, and its rows are in the report up to where it came.
    op.execute("UPDATE import_runs SET state = 'running' WHERE done_at IS NULL")
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f('ck_import_runs_state_known'), STATES)
        batch_op.create_index(batch_op.f('ix_import_runs_state'), ['state'], unique=False)
        batch_op.create_index('ix_import_runs_titles', ['program_id', 'titles_key', 'id'], unique=False)
        for name in ('state', 'reading', 'titles_key', 'sha256'):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table('import_rows', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cells', portal.core.db.Document(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('import_rows', schema=None) as batch_op:
        batch_op.drop_column('cells')
    op.execute("DELETE FROM import_rows WHERE run_id IN (SELECT id FROM import_runs WHERE state IN "
               "('draft', 'checked', 'checking'))")
    op.execute("DELETE FROM import_runs WHERE state IN ('draft', 'checked', 'checking')")
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.drop_index('ix_import_runs_titles')
        batch_op.drop_index(batch_op.f('ix_import_runs_state'))
        batch_op.drop_constraint(batch_op.f('ck_import_runs_state_known'), type_='check')
        for name in ('asked_at', 'sha256', 'titles_key', 'reading', 'state'):
            batch_op.drop_column(name)
