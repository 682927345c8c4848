"""Questions that organizers edit."""

import sqlalchemy as sa
from alembic import op

import portal.core.db


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('question_forms',
    sa.Column('program_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=60), nullable=False),
    sa.Column('questions', portal.core.db.Document(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=22), nullable=False),
    sa.Column('created_at', portal.core.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['program_id'], ['programs.id'], name=op.f('fk_question_forms_program_id_programs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_forms')),
    sa.UniqueConstraint('program_id', 'purpose', name=op.f('uq_question_forms_program_id_purpose')),
    sa.UniqueConstraint('public_id', name=op.f('uq_question_forms_public_id'))
    )
    op.create_table('question_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', portal.core.db.Document(), nullable=False),
    sa.Column('until', portal.core.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['form_id'], ['question_forms.id'], name=op.f('fk_question_versions_form_id_question_forms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_versions')),
    sa.UniqueConstraint('form_id', 'key', 'number', name=op.f('uq_question_versions_form_id_key_number'))
    )
    op.create_table('uploads',
    sa.Column('program_id', sa.Integer(), nullable=False),
    sa.Column('thing', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('stored_file_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=22), nullable=False),
    sa.Column('created_at', portal.core.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['program_id'], ['programs.id'], name=op.f('fk_uploads_program_id_programs')),
    sa.ForeignKeyConstraint(['stored_file_id'], ['stored_files.id'], name=op.f('fk_uploads_stored_file_id_stored_files')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_uploads')),
    sa.UniqueConstraint('public_id', name=op.f('uq_uploads_public_id'))
    )
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_uploads_thing'), ['thing'], unique=False)
    with op.batch_alter_table('nominations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('asked', portal.core.db.Document(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('said', portal.core.db.Document(), server_default='{}', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('nominations', schema=None) as batch_op:
        batch_op.drop_column('said')
        batch_op.drop_column('asked')
    op.drop_table('uploads')
    op.drop_table('question_versions')
    op.drop_table('question_forms')
