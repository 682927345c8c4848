"""Whether a role comes with files to read: a reviewer's does, a chair's when the seat says so."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FROM_SEATS = """
UPDATE roles SET reads = coalesce(
  (SELECT seats.reads FROM seats WHERE seats.panel_id = roles.panel_id AND seats.person_id = roles.person_id
   ORDER BY seats.id DESC LIMIT 1),
  name = 'reviewer')
"""


def upgrade() -> None:
    with op.batch_alter_table("roles") as batch:
        batch.add_column(sa.Column("reads", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(sa.text(FROM_SEATS))


def downgrade() -> None:
    with op.batch_alter_table("roles") as batch:
        batch.drop_column("reads")
