"""Pairs of files that are likely about one educator, the keys they are found by, and what a joining changed."""

import sqlalchemy as sa
from alembic import op

import portal.core.db


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('file_keys',
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cycle_id'], ['cycles.id'], name=op.f('fk_file_keys_cycle_id_cycles')),
    sa.ForeignKeyConstraint(['file_id'], ['nominee_files.id'], name=op.f('fk_file_keys_file_id_nominee_files')),
    sa.PrimaryKeyConstraint('file_id', 'key', name=op.f('pk_file_keys'))
    )
    with op.batch_alter_table('file_keys', schema=None) as batch_op:
        batch_op.create_index('ix_file_keys_key', ['cycle_id', 'key'], unique=False)

    op.create_table('file_pairs',
    sa.Column('program_id', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('reasons', portal.core.db.Document(), nullable=False),
    sa.Column('shape', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('decided_at', portal.core.db.Moment(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=22), nullable=False),
    sa.Column('created_at', portal.core.db.Moment(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('open', 'apart')", name=op.f('ck_file_pairs_state_known')),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_file_pairs_in_order')),
    sa.ForeignKeyConstraint(['cycle_id'], ['cycles.id'], name=op.f('fk_file_pairs_cycle_id_cycles')),
    sa.ForeignKeyConstraint(['first_id'], ['nominee_files.id'], name=op.f('fk_file_pairs_first_id_nominee_files')),
    sa.ForeignKeyConstraint(['program_id'], ['programs.id'], name=op.f('fk_file_pairs_program_id_programs')),
    sa.ForeignKeyConstraint(['second_id'], ['nominee_files.id'], name=op.f('fk_file_pairs_second_id_nominee_files')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_pairs')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_file_pairs_first_id_second_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_file_pairs_public_id'))
    )
    with op.batch_alter_table('file_pairs', schema=None) as batch_op:
        batch_op.create_index('ix_file_pairs_ranked', ['cycle_id', 'state', 'score', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_file_pairs_second_id'), ['second_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_file_pairs_state'), ['state'], unique=False)

    with op.batch_alter_table('file_joins', schema=None) as batch_op:
        batch_op.add_column(sa.Column('hidden_ids', portal.core.db.Document(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('changes', portal.core.db.Document(), nullable=False, server_default='{}'))

    with op.batch_alter_table('nominee_files', schema=None) as batch_op:
        batch_op.add_column(sa.Column('compared', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index('ix_nominee_files_to_compare', ['cycle_id', 'id'], unique=False,
                              sqlite_where=sa.text('NOT compared'), postgresql_where=sa.text('NOT compared'))


def downgrade() -> None:
    with op.batch_alter_table('nominee_files', schema=None) as batch_op:
        batch_op.drop_index('ix_nominee_files_to_compare')
        batch_op.drop_column('compared')

    with op.batch_alter_table('file_joins', schema=None) as batch_op:
        batch_op.drop_column('changes')
        batch_op.drop_column('hidden_ids')

    op.drop_table('file_pairs')
    op.drop_table('file_keys')
