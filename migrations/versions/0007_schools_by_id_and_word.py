"""Schools keep the ids of the Common Core of Data, are closed, found by their words, and imported from a file.

The way back is refused while schools of one district share a name: before, a name was there once.
"""

import sqlalchemy as sa
from alembic import op

import portal.core.db
from portal.programs.directory.words import search_words

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WITH_ID, BY_HAND = sa.text("nces_id != ''"), sa.text("nces_id = ''")


def _once(table: str) -> None:
    columns = ["program_id", "nces_id"]
    op.create_index(f"uq_{table}_nces_id", table, columns, unique=True, sqlite_where=WITH_ID, postgresql_where=WITH_ID)


def upgrade() -> None:
    with op.batch_alter_table("districts") as batch_op:
        batch_op.add_column(sa.Column("nces_id", sa.String(length=7), nullable=False, server_default=""))
    _once("districts")
    with op.batch_alter_table("schools") as batch_op:
        batch_op.add_column(sa.Column("nces_id", sa.String(length=12), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("closed_at", portal.core.db.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("search", sa.Text(), nullable=False, server_default=""))
        batch_op.drop_constraint("uq_schools_district_id_key", type_="unique")
        batch_op.drop_index("ix_schools_district_id")
        batch_op.create_index("ix_schools_of_district", ["district_id", "key"])
    _once("schools")
    by_hand = {"sqlite_where": BY_HAND, "postgresql_where": BY_HAND}
    op.create_index("uq_schools_made_by_hand", "schools", ["district_id", "key"], unique=True, **by_hand)
    word = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
    op.create_table(
        "school_words",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("word", word, nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("program_id", "word", "school_id", name="pk_school_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "school_imports",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("known_districts_only", sa.Boolean(), nullable=False),
        sa.Column("plan", portal.core.db.Document(), nullable=False),
        sa.Column("done_rows", sa.Integer(), nullable=False),
        sa.Column("done_at", portal.core.db.Moment(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("created_at", portal.core.db.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('reading', 'applied', 'applying', 'discarded', 'failed', 'planned')",
            name="ck_school_imports_state_known",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_school_imports_by_id_people"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_school_imports_program_id_programs"),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_files.id"], name="fk_school_imports_stored_file_id_stored_files"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_school_imports"),
        sa.UniqueConstraint("public_id", name="uq_school_imports_public_id"),
    )
    op.create_index("ix_school_imports_program_id", "school_imports", ["program_id"])
    op.create_index("ix_school_imports_state", "school_imports", ["state"])
    with op.batch_alter_table("nominee_files") as batch_op:
        batch_op.add_column(sa.Column("outside", sa.Boolean(), nullable=False, server_default=sa.false()))
    _spell()


def _spell() -> None:
    """The words of the schools that are there."""
    here = op.get_bind()
    schools = sa.table("schools", *map(sa.column, ("id", "program_id", "name", "level", "city", "search")))
    words = sa.table("school_words", *map(sa.column, ("program_id", "word", "school_id")))
    for row in here.execute(sa.select(schools)).all():
        found = search_words(row.name, row.level, row.city)
        here.execute(schools.update().where(schools.c.id == row.id).values(search=f" {' '.join(found)} "))
        here.execute(
            words.insert(), [{"program_id": row.program_id, "word": word, "school_id": row.id} for word in found]
        )


def _each_name_once() -> None:
    """Raises RuntimeError when schools share a name, which imported ones may."""
    schools = sa.table("schools", sa.column("district_id"), sa.column("key"))
    shared = sa.select(schools.c.key).group_by(schools.c.district_id, schools.c.key).having(sa.func.count() > 1)
    if names := op.get_bind().scalars(shared.order_by(schools.c.key)).all():
        told = ", ".join(f"“{name}”" for name in names[:5])
        raise RuntimeError(
            f"{len(names)} names in the directory belong to several schools of one district ({told}). Before 0007 a name "
            "was there once: rename or remove the others first. Nothing was changed."
        )


def downgrade() -> None:
    _each_name_once()
    with op.batch_alter_table("nominee_files") as batch_op:
        batch_op.drop_column("outside")
    op.drop_table("school_imports")
    op.drop_table("school_words")
    for name in ("uq_schools_nces_id", "uq_schools_made_by_hand"):
        op.drop_index(name, "schools")
    with op.batch_alter_table("schools") as batch_op:
        batch_op.drop_index("ix_schools_of_district")
        batch_op.create_index("ix_schools_district_id", ["district_id"])
        batch_op.create_unique_constraint("uq_schools_district_id_key", ["district_id", "key"])
        for name in ("search", "closed_at", "nces_id"):
            batch_op.drop_column(name)
    op.drop_index("uq_districts_nces_id", "districts")
    with op.batch_alter_table("districts") as batch_op:
        batch_op.drop_column("nces_id")
