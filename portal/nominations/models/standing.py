"""Where a file stands by itself, as one word: all of its row that decides its next step and counts on the desk.

The database writes it with every change of the row. Files that stand alike have the same word, so a cycle is counted by
going once along one index; `queries.files.standing` reads the words. They depend on no setting of the program; whom a
rule shuts out and which addresses are stopped is told elsewhere, file by file.
"""

from portal.core import triggers
from portal.core.triggers import Kept
from portal.nominations.models import tally
from portal.nominations.rules import GROUPS

_GROUPS = " + ".join(f"CASE WHEN from_{group} > 0 THEN 1 ELSE 0 END" for group in GROUPS)
# A letter or nothing: withdrawn, asked, has an address (mail), proven and unproven voices, one group alone.
_FLAGS = {
    "w": "withdrawn_at IS NOT NULL",
    "q": "asked_at IS NOT NULL",
    "m": "email != ''",
    "p": "proven > 0",
    "u": "unproven > 0",
    "1": f"{_GROUPS} = 1",
}
# What matters only before anybody has screened the file or the nominee has answered.
_DOUBTS = (
    "CASE WHEN erased_before THEN 'e' ELSE '' END",
    "position_key",
    "CASE WHEN from_self > 0 THEN CAST(proven - from_self AS VARCHAR(9)) ELSE '' END",  # others beside the educator
    "relations",
)
_IN_DOUBT = "screening = 'unscreened' AND consent IN ('open', 'asked') AND withdrawn_at IS NULL"

# "open/unscreened/mp1/e/teacher/0/|parent|": consent, screening, flags, and the doubts while there are any.
STANDING = " || ".join(
    [
        "consent || '/' || screening || '/'",
        *(f"CASE WHEN {condition} THEN '{letter}' ELSE '' END" for letter, condition in _FLAGS.items()),
        "CASE WHEN {} THEN '/' || {} ELSE '' END".format(_IN_DOUBT, " || '/' || ".join(_DOUBTS)),
    ]
)

_MATTERS = ", ".join((
    "consent", "screening", "withdrawn_at", "asked_at", "email", "erased_before", "position_key", *tally.COLUMNS,
))  # fmt: skip
_WRITE = f"UPDATE nominee_files SET standing = ({STANDING}) WHERE"
_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION tell_standing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        SELECT {STANDING} INTO NEW.standing FROM (SELECT NEW.*) AS nominee_files;
        RETURN NEW;
    END $$"""

triggers.keep(
    Kept(
        "nominee_files",
        column="nominee_files.standing",
        make={
            "sqlite": tuple(
                f"CREATE TRIGGER tell_standing_{name} AFTER {event} ON nominee_files BEGIN {_WRITE} id = NEW.id; END"
                for name, event in (("new", "INSERT"), ("changed", f"UPDATE OF {_MATTERS}"))
            ),
            "postgresql": (
                _FUNCTION,
                f"CREATE TRIGGER tell_standing BEFORE INSERT OR UPDATE OF {_MATTERS} ON nominee_files "
                "FOR EACH ROW EXECUTE FUNCTION tell_standing()",
            ),
        },
        drop={
            "sqlite": tuple(f"DROP TRIGGER IF EXISTS tell_standing_{name}" for name in ("new", "changed")),
            "postgresql": ("DROP FUNCTION IF EXISTS tell_standing() CASCADE",),
        },
        fill=dict.fromkeys(("sqlite", "postgresql"), (f"{_WRITE} standing <> ({STANDING})",)),
    )
)
