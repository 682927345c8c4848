"""Bringing a file of schools into the directory: read, compared, applied some schools a transaction.

Applying compares afresh, so that what somebody else changed meanwhile is respected, and so that an import that was
stopped midway goes on where it stood: what is in already is "the same" then.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Integer, String, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from portal.core import audit, files
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import after_commit, db, sweep
from portal.core.errors import Overtaken
from portal.core.moves import move
from portal.core.tokens import new_public_id
from portal.programs.actions.cycles import touch
from portal.programs.directory.compare import Change, Changes, Held, Place
from portal.programs.directory.read import Entry
from portal.programs.directory.words import search_words
from portal.programs.models import District, Program, School, SchoolImport, SchoolWord, spaced
from portal.programs.rules import EDIT_SCHOOLS, SCHOOL_IMPORT

CHUNK = 2_000  # schools a transaction: others can write in between


def ask(by: Any, thing: Any) -> None:
    """The permission to change the directory; the operator's command line acts under a name of its own."""
    if not isinstance(by, str):
        demand(by, EDIT_SCHOOLS, thing)


def begin(by: Any, program: Program, *, name: str, place: str, known_districts_only: bool) -> SchoolImport:
    """Makes the import of a file whose bytes `files.write` put at `place`."""
    ask(by, program)
    stored = files.keep(place, name=name, media_type="text/csv", program_id=program.id)
    run = SchoolImport(
        program_id=program.id,
        stored_file_id=stored.id,
        name=name[-200:] or "schools.csv",
        by_id=None if isinstance(by, str) else by.id,
        known_districts_only=known_districts_only,
    )
    db.session.add(run)
    db.session.flush()
    audit.record(by, "school_import.read", run, sha256=stored.sha256)
    return run


def plan(by: Any, run: SchoolImport, changes: Changes) -> None:
    """Keeps what the file would change; nothing of it is done yet."""
    ask(by, run)
    facts: dict[str, Any] = changes.counts()
    move(SCHOOL_IMPORT, "plan", run, by, changes={"plan": changes.told()}, **facts)


WRITTEN = ("added", "changed", "reopened", "closed")


def is_as_planned(run: SchoolImport, changes: Changes) -> bool:
    """Whether the file would do to the schools what its reader was shown; somebody may have changed them since."""
    told, plan = changes.told(), run.plan
    return all(told[each] == plan[each] and told["counts"][each] == plan["counts"][each] for each in WRITTEN)


def plan_again(by: Any, run: SchoolImport, changes: Changes) -> None:
    """Goes back to the plan, as it is now: nothing is written that nobody has seen."""
    facts: dict[str, Any] = changes.counts()
    move(SCHOOL_IMPORT, "plan_again", run, by, changes={"plan": {**changes.told(), "again": True}}, **facts)


def fail(by: Any, run: SchoolImport, reason: str) -> None:
    """The file can't be read after all: the reason is kept."""
    move(SCHOOL_IMPORT, "fail", run, by, changes={"plan": {"problem": reason}, "done_at": now()})
    _drop_file(run)


def start(by: Any, run: SchoolImport) -> None:
    """Says that the plan shall be carried out; `programs.apply_schools` does it."""
    ask(by, run)
    move(SCHOOL_IMPORT, "apply", run, by)


def discard(by: Any, run: SchoolImport) -> None:
    """Puts the plan away: nothing was changed."""
    ask(by, run)
    move(SCHOOL_IMPORT, "discard", run, by, changes={"done_at": now()})
    _drop_file(run)


def _drop_file(run: SchoolImport) -> None:
    """The upload is not needed any more."""
    stored, run.stored_file_id = run.stored_file, None
    if stored is not None:
        bytes_of_it = stored.path
        db.session.flush()
        db.session.delete(stored)
        after_commit(lambda: bytes_of_it.unlink(missing_ok=True))


def go_on(run_id: int, done: int) -> SchoolImport:
    """The import, locked, if it is where this worker left it. Raises Overtaken when another one has gone on."""
    query = select(SchoolImport).where(SchoolImport.id == run_id).with_for_update()
    run = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if run.state != "applying" or run.done_rows != done:
        raise Overtaken(_("This import is being carried out already."))
    return run


def write_districts(program_id: int, changes: Changes) -> dict[str, int]:
    """Makes the new districts, and writes ids into those known by name; the number of each district by its key."""
    for district_id, nces_id in changes.named:
        db.session.execute(update(District).where(District.id == district_id).values(nces_id=nces_id))
    for place in changes.made:
        db.session.add(
            District(program_id=program_id, key=place.key, name=place.name, aliases=[], nces_id=place.nces_id)
        )
    db.session.flush()
    rows = db.session.execute(select(District.key, District.id).where(District.program_id == program_id))
    return dict(iter(rows))


def add_schools(program_id: int, rows: Sequence[tuple[Place, Entry]], districts: dict[str, int]) -> None:
    """Adds some schools with the words they are found by: four statements."""
    moment = now()
    made, words = [], []
    for place, entry in rows:
        found = search_words(entry.name, entry.level, entry.city)
        words.append(found)
        made.append(
            {
                "program_id": program_id,
                "district_id": districts[place.key],
                "public_id": new_public_id(),
                "created_at": moment,
                "name": entry.name,
                "key": entry.key,
                "level": entry.level,
                "city": entry.city,
                "charter": entry.charter,
                "nces_id": entry.school_id,
                "search": spaced(found),
            }
        )
    # Without RETURNING the rows go as one batch of a short statement, on both databases the fastest way.
    last = db.session.scalar(select(func.max(School.id))) or 0
    db.session.connection().execute(insert(School.__table__), made)  # type: ignore[arg-type]
    new = select(School.public_id, School.id).where(School.id > last, School.program_id == program_id)
    ids: dict[Any, int] = dict(iter(db.session.execute(new)))
    _write_words(program_id, [(ids[row["public_id"]], each) for row, each in zip(made, words, strict=True)])


def _write_words(program_id: int, schools: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Some ten thousand short rows: on PostgreSQL as two arrays in one statement, which takes a tenth of the time."""
    rows = [(word, number) for number, words in schools for word in words]
    table: Any = SchoolWord.__table__
    connection = db.session.connection()
    if rows and connection.dialect.name == "postgresql":
        words = literal([word for word, _number in rows], ARRAY(String))
        numbers = literal([number for _word, number in rows], ARRAY(Integer))
        columns = select(literal(program_id), func.unnest(words), func.unnest(numbers))
        connection.execute(table.insert().from_select(["program_id", "word", "school_id"], columns))
    elif rows:
        connection.execute(
            table.insert(), [{"program_id": program_id, "word": word, "school_id": number} for word, number in rows]
        )


def change_schools(program_id: int, rows: Sequence[Change], districts: dict[str, int]) -> None:
    """Writes what is new of some schools, and the words they are found by from now on."""
    table: Any = School.__table__
    values, gone, new = [], [], []
    for held, _entry, place, changed in rows:
        now_is = {"name": held.name, "level": held.level, "city": held.city, **changed}
        found = search_words(now_is["name"], now_is["level"], now_is["city"])
        before = held.search.split()
        columns = {name: getattr(held, name) for name in ("key", "nces_id", "charter", "district_id")}
        merged = {**columns, **now_is, "search": spaced(found), "number": held.id}
        merged["district_id"] = districts[place.key] if "district_id" in changed else held.district_id
        values.append(merged)
        gone += [{"w": word, "s": held.id} for word in set(before) - set(found)]
        new.append((held.id, sorted(set(found) - set(before))))
    names = [name for name in values[0] if name != "number"]
    statement = update(table).where(table.c.id == bindparam("number"))
    connection = db.session.connection()
    connection.execute(statement.values({name: bindparam(name) for name in names}), values)
    if gone:
        words: Any = SchoolWord.__table__
        here = (words.c.program_id == program_id, words.c.word == bindparam("w"), words.c.school_id == bindparam("s"))
        connection.execute(delete(words).where(*here), gone)
    _write_words(program_id, new)


def set_open(rows: Sequence[Held], *, is_open: bool) -> None:
    """Closes some schools, or opens them again."""
    closed_at = None if is_open else now()
    statement = update(School).where(School.id.in_([held.id for held in rows])).values(closed_at=closed_at)
    sweep(statement)


def finish(by: Any, run: SchoolImport) -> None:
    """Closes the import with what came of it. The public page may show other districts now."""
    move(SCHOOL_IMPORT, "finish", run, by, changes={"done_at": now()}, **run.plan["counts"])
    _drop_file(run)
    touch(run.program_id)
