"""What fair play looks at and finds."""

import sqlalchemy as sa
from alembic import op

import portal.core.db


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fair_play_flags',
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('evidence', portal.core.db.Document(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('found_at', portal.core.db.Moment(timezone=True), nullable=False),
    sa.Column('judged_at', portal.core.db.Moment(timezone=True), nullable=True),
    sa.Column('judged_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state = 'open' OR judged_at IS NOT NULL", name=op.f('ck_fair_play_flags_judged_has_date')),
    sa.CheckConstraint("state IN ('open', 'honest', 'aside')", name=op.f('ck_fair_play_flags_state_known')),
    sa.ForeignKeyConstraint(['cycle_id'], ['cycles.id'], name=op.f('fk_fair_play_flags_cycle_id_cycles')),
    sa.ForeignKeyConstraint(['judged_by_id'], ['people.id'], name=op.f('fk_fair_play_flags_judged_by_id_people')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_fair_play_flags_nomination_id_nominations')),
    sa.PrimaryKeyConstraint('nomination_id', name=op.f('pk_fair_play_flags'))
    )
    with op.batch_alter_table('fair_play_flags', schema=None) as batch_op:
        batch_op.create_index('ix_fair_play_flags_cycle', ['cycle_id', 'state', 'nomination_id'], unique=False)

    op.create_table('nomination_prints',
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cycle_id'], ['cycles.id'], name=op.f('fk_nomination_prints_cycle_id_cycles')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_nomination_prints_nomination_id_nominations')),
    sa.PrimaryKeyConstraint('nomination_id', 'value', name=op.f('pk_nomination_prints'))
    )
    with op.batch_alter_table('nomination_prints', schema=None) as batch_op:
        batch_op.create_index('ix_nomination_prints_value', ['cycle_id', 'value'], unique=False)

    with op.batch_alter_table('nominations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('network', sa.String(length=24), server_default='', nullable=False))
        batch_op.add_column(sa.Column('looked_at', portal.core.db.Moment(timezone=True), nullable=True))
        batch_op.create_index('ix_nominations_network', ['cycle_id', 'network', 'submitted_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('nominations', schema=None) as batch_op:
        batch_op.drop_index('ix_nominations_network')
        batch_op.drop_column('looked_at')
        batch_op.drop_column('network')

    with op.batch_alter_table('nomination_prints', schema=None) as batch_op:
        batch_op.drop_index('ix_nomination_prints_value')

    op.drop_table('nomination_prints')
    with op.batch_alter_table('fair_play_flags', schema=None) as batch_op:
        batch_op.drop_index('ix_fair_play_flags_cycle')

    op.drop_table('fair_play_flags')
