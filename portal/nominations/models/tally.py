"""Each file's voices, counted by the database itself whenever a nomination comes, goes, moves or changes its state.

A file is counted anew from its rows, never added to, so nothing can drift. On PostgreSQL the file is locked first and
counted in the next statement, which sees what others have committed meanwhile.
"""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import triggers
from portal.core.triggers import Kept
from portal.nominations.rules import GROUPS


def _count() -> Mapped[int]:
    return mapped_column(default=0, server_default="0", deferred=True, deferred_group="tally")


def _text() -> Mapped[str]:
    return mapped_column(Text, default="", server_default="", deferred=True, deferred_group="tally")


class Tally:
    """Mixin: a file's voices, and the word for where it stands (`models.standing`). Only the database writes these
    columns; they depend on no setting of the program.
    """

    proven: Mapped[int] = _count()
    unproven: Mapped[int] = _count()
    # Of the proven ones, how many each group wrote; and the relations of all but the educator, each once: "|a||b|".
    from_student: Mapped[int] = _count()
    from_family: Mapped[int] = _count()
    from_colleague: Mapped[int] = _count()
    from_leader: Mapped[int] = _count()
    from_community: Mapped[int] = _count()
    from_self: Mapped[int] = _count()
    relations: Mapped[str] = _text()
    standing: Mapped[str] = _text()


COLUMNS = ("proven", "unproven", *(f"from_{group}" for group in GROUPS), "relations")
# Each relation once. Nothing but the file is looked for, so that no plan can begin anywhere else.
_TOGETHER = {
    "sqlite": "replace(group_concat(DISTINCT '|' || relation || '|') FILTER (WHERE {others}), ',', '')",
    "postgresql": "string_agg(DISTINCT '|' || relation || '|', '') FILTER (WHERE {others})",
}


def counted(dialect: str) -> str:
    """The select that counts the voices of the row of `nominee_files` around it: COLUMNS in order."""
    states = ("state = 'confirmed'", "state = 'submitted'")
    groups = (f"state = 'confirmed' AND relation_group = '{group}'" for group in GROUPS)
    numbers = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in (*states, *groups))
    relations = _TOGETHER[dialect].format(others="state = 'confirmed' AND relation_group <> 'self'")
    return f"SELECT {numbers}, coalesce({relations}, '') FROM nominations WHERE file_id = nominee_files.id"


def _recount(dialect: str, where: str) -> str:
    return f"UPDATE nominee_files SET ({', '.join(COLUMNS)}) = ({counted(dialect)}) WHERE {where}"


def _fill(dialect: str) -> str:
    return _recount(dialect, f"({', '.join(COLUMNS)}) <> ({counted(dialect)})")


_MATTERS = ("file_id", "state", "relation_group", "relation")
# When it fires: {suffix of the name: (event, condition, the files to count)}.
_EVENTS = {
    "comes": ("INSERT", "NEW.file_id IS NOT NULL", "NEW.file_id"),
    "goes": ("DELETE", "OLD.file_id IS NOT NULL", "OLD.file_id"),
    "changes": (f"UPDATE OF {', '.join(_MATTERS)}", "{changed}", "OLD.file_id, NEW.file_id"),
}
_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
# The server keeps the function's plans: made while a table is empty they would go through all of it ever after.
_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION tally_voices() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
    BEGIN
        PERFORM 1 FROM nominee_files WHERE id IN (OLD.file_id, NEW.file_id) ORDER BY id FOR NO KEY UPDATE;
        {_recount("postgresql", "id IN (OLD.file_id, NEW.file_id)")};
        RETURN NULL;
    END $$"""


def _triggers(dialect: str) -> tuple[str, ...]:
    changed = " OR ".join(f"OLD.{name} {_DIFFERS[dialect]} NEW.{name}" for name in _MATTERS)
    made = []
    for name, (happens, condition, files) in _EVENTS.items():
        fires = f"tally_voice_{name} AFTER {happens} ON nominations FOR EACH ROW WHEN"
        when = f"({condition.format(changed=changed)})"
        if dialect == "sqlite":
            body = f"BEGIN {_recount(dialect, f'id IN ({files})')}; END"
            made.append(f"CREATE TRIGGER {fires} {when} {body}")
        else:
            made.append(f"CREATE TRIGGER {fires} {when} EXECUTE FUNCTION tally_voices()")
    return tuple(made)


triggers.keep(
    Kept(
        "nominations",
        column="nominee_files.relations",
        make={"sqlite": _triggers("sqlite"), "postgresql": (_FUNCTION, *_triggers("postgresql"))},
        drop={
            "sqlite": tuple(f"DROP TRIGGER IF EXISTS tally_voice_{name}" for name in _EVENTS),
            "postgresql": ("DROP FUNCTION IF EXISTS tally_voices() CASCADE",),
        },
        fill={dialect: (_fill(dialect),) for dialect in _TOGETHER},
    )
)
