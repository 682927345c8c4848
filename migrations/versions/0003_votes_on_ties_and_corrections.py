"""Votes on ties with their ballots and count; corrections by two people.

Ballots of the kind before go with their table: the first of them settled a tie alone, which no vote may. The record
keeps who cast them.
"""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.drop_table("tie_ballots")
    op.create_table(
        "tie_votes",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=64), nullable=False),
        sa.Column("file_ids", portal.core.db.Document(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", portal.core.db.Moment(timezone=True), nullable=False),
        sa.Column("closed_at", portal.core.db.Moment(timezone=True), nullable=True),
        sa.Column("points", portal.core.db.Document(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("chosen_ids", portal.core.db.Document(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", portal.core.db.Moment(timezone=True), nullable=True),
        *_identity(),
        sa.CheckConstraint("state IN ('canceled', 'closed', 'decided', 'open')", name=op.f("ck_tie_votes_state_known")),
        sa.CheckConstraint(
            "state IN ('open', 'canceled') OR closed_at IS NOT NULL", name=op.f("ck_tie_votes_closed_has_date")
        ),
        sa.CheckConstraint(
            "state != 'decided' OR (reason != '' AND decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_tie_votes_decided_has_reason"),
        ),
        *(_reference("tie_votes", column, table) for column, table in (
            ("program_id", "programs"), ("cycle_id", "cycles"), ("round_id", "rounds"),
            ("opened_by_id", "people"), ("decided_by_id", "people"),
        )),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie_votes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tie_votes_public_id")),
        sa.UniqueConstraint("round_id", "band", name=op.f("uq_tie_votes_round_id_band")),
    )  # fmt: skip
    op.create_table(
        "tie_ballots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file_ids", portal.core.db.Document(), nullable=False),
        sa.Column("cast_at", portal.core.db.Moment(timezone=True), nullable=True),
        _reference("tie_ballots", "vote_id", "tie_votes"),
        _reference("tie_ballots", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie_ballots")),
        sa.UniqueConstraint("vote_id", "person_id", name=op.f("uq_tie_ballots_vote_id_person_id")),
    )
    op.create_index(op.f("ix_tie_votes_state"), "tie_votes", ["state"])
    op.create_index(op.f("ix_tie_ballots_person_id"), "tie_ballots", ["person_id"])
    op.create_table(
        "corrections",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", portal.core.db.Moment(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", portal.core.db.Moment(timezone=True), nullable=True),
        *_identity(),
        sa.CheckConstraint(
            "state IN ('confirmed', 'proposed', 'withdrawn')", name=op.f("ck_corrections_state_known")
        ),
        sa.CheckConstraint(
            "outcome IN ('winner', 'finalist', 'honorable_mention', 'not_selected')",
            name=op.f("ck_corrections_outcome_known"),
        ),
        sa.CheckConstraint("note != ''", name=op.f("ck_corrections_has_note")),
        sa.CheckConstraint(
            "state != 'confirmed' OR (confirmed_by_id IS NOT NULL AND confirmed_at IS NOT NULL)",
            name=op.f("ck_corrections_confirmed_by_one"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id != proposed_by_id", name=op.f("ck_corrections_two_people")
        ),
        *(_reference("corrections", column, table) for column, table in (
            ("program_id", "programs"), ("cycle_id", "cycles"), ("decision_id", "decisions"),
            ("proposed_by_id", "people"), ("confirmed_by_id", "people"),
        )),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("public_id", name=op.f("uq_corrections_public_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_corrections_state"), "corrections", ["state"])
    op.create_index(op.f("ix_corrections_cycle_id"), "corrections", ["cycle_id"])
    op.create_index(
        "uq_corrections_proposed",
        "corrections",
        ["decision_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )


def downgrade() -> None:
    """Brings the ballots of before back, empty."""
    op.drop_table("corrections")
    op.drop_table("tie_ballots")
    op.drop_table("tie_votes")
    op.create_table(
        "tie_ballots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("file_ids", portal.core.db.Document(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", portal.core.db.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("kind != 'chair' OR reason != ''", name=op.f("ck_tie_ballots_chair_has_reason")),
        sa.CheckConstraint("kind IN ('vote', 'chair')", name=op.f("ck_tie_ballots_kind_known")),
        _reference("tie_ballots", "person_id", "people"),
        _reference("tie_ballots", "round_id", "rounds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie_ballots")),
        sa.UniqueConstraint(
            "round_id", "band", "person_id", "kind", name=op.f("uq_tie_ballots_round_id_band_person_id_kind")
        ),
    )


def _identity() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("created_at", portal.core.db.Moment(timezone=True), nullable=False),
    )


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
