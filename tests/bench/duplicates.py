"""Likely duplicates: how many are found, how many suggestions are right: python -m tests.bench.duplicates [--files N]

The shared export of a web form (`tests/cases/nominations-form-export.csv`) is imported as anybody would, and compared
by the job. `row_person` of its truth file says which person each row means. Two measures, with recall and precision:

- files: over pairs of nominee files that the import did not make one file already. True: both hold nominations of one
  person. Suggested: the job wrote the pair down. This is what an organizer is asked.
- rows: over pairs of rows that entered. True: the rows mean one person. Found: both are in one file, or their two files
  are suggested. This is what people who wrote about one educator get, whoever joined them.

`--files N` also makes N invented files (some names more common than others, schools abbreviated, every tenth a second
file of the same person) and prints how long the comparing takes; it passes or fails nothing.
"""

import argparse
import json
import random
import tempfile
import time
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from itertools import combinations
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select

from portal.app import create_app
from portal.core import audit
from portal.core.clock import now
from portal.core.db import Base, db, transaction
from portal.core.names import fold, person_key, school_key
from portal.core.tokens import new_public_id
from portal.nominations import uploads
from portal.nominations.jobs import imports, likely
from portal.nominations.models import FilePair, ImportRow, Nomination, NomineeFile
from portal.programs.command import load
from portal.programs.models import Cycle
from tests.bench.world import installation

CASES = Path(__file__).parent.parent / "cases"
EXPORT, TRUTH = CASES / "nominations-form-export.csv", CASES / "nominations-form-export.truth.json"
LEAST_FOUND, LEAST_TRUE = 0.99, 0.98
Pairs = set[tuple[int, int]]


@dataclass(frozen=True)
class Measured:
    """Pairs that are true, that were found, and that were both."""

    true: int
    found: int
    both: int

    @property
    def recall(self) -> float:
        """Of the true pairs, how many were found."""
        return self.both / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """Of the found pairs, how many are true."""
        return self.both / self.found if self.found else 1.0


def compared(true: Pairs, found: Pairs) -> Measured:
    """The counts of two sets of pairs."""
    return Measured(len(true), len(found), len(true & found))


def measure(cycle_id: int) -> dict[str, Measured]:
    """Both measures of a cycle into which the export was imported, after the comparing; see above."""
    people = json.loads(TRUTH.read_text())["row_person"]
    file_of = dict(iter(db.session.execute(select(Nomination.id, Nomination.file_id))))
    lines = db.session.execute(select(ImportRow.nomination_id).order_by(ImportRow.line)).scalars()
    rows = {i: file_of[number] for i, number in enumerate(lines) if number is not None}
    holds: dict[int, set[int]] = {}
    for row, file_id in rows.items():
        holds.setdefault(file_id, set()).add(people[row])
    pairs = select(FilePair.first_id, FilePair.second_id).where(FilePair.cycle_id == cycle_id)
    suggested: Pairs = {(one, other) for one, other in db.session.execute(pairs)}
    files = {(a, b) for a, b in combinations(sorted(holds), 2) if holds[a] & holds[b]}
    row_pairs = list(combinations(sorted(rows), 2))
    found = {(i, j) for i, j in row_pairs if rows[i] == rows[j] or tuple(sorted((rows[i], rows[j]))) in suggested}
    true = {(i, j) for i, j in row_pairs if people[i] == people[j]}
    return {"files": compared(files, suggested), "rows": compared(true, found)}


def enter_export(cycle: Cycle) -> None:
    """Imports the export and has everything compared, as the worker would."""
    run = uploads.take(audit.OPERATOR, cycle, EXPORT.read_bytes(), EXPORT.name)
    imports.begin(audit.OPERATOR, run.id, "started")
    imports.work_through(run.id)
    likely.compare_rest()


def said(measured: dict[str, Measured]) -> str:
    """The figures as a table."""
    lines = [f"{'pairs of':<10}{'true':>7}{'found':>7}{'both':>7}{'found of the true':>20}{'true of the found':>20}"]
    for name, m in measured.items():
        lines.append(f"{name:<10}{m.true:>7}{m.found:>7}{m.both:>7}{m.recall:>20.2%}{m.precision:>20.2%}")
    return "\n".join(lines)


GIVEN = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan"
    " Joseph Jessica Thomas Sarah Christopher Karen Charles Lisa Daniel Nancy Matthew Betty Anthony Sandra Mark"
    " Margaret Donald Ashley Steven Kimberly Andrew Emily Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda"
    " Brian Melissa José María Juan Guadalupe Luis Rosa Jorge Ana Carlos Elena Jesús Carmen Miguel Leticia"
    " Keisha Jamal Aaliyah Darnell Nkechi Uchenna"
)
FAMILY = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodríguez Martínez Hernández López González Wilson"
    " Anderson Thomas Taylor Moore Jackson Martin Lee Pérez Thompson White Harris Sánchez Clark Ramírez Lewis"
    " Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall"
    " Rivera Campbell Mitchell Carter Roberts Gómez Phillips Evans Turner Díaz Parker Cruz Edwards Collins"
    " Reyes Stewart Morris Morales Murphy Cook Rogers"
)
PLACES = (
    "Cedar Pine Oak Maple Magnolia Dogwood Peachtree Willow Birch Laurel Stone Mill River Lake Spring Summit Valley"
)
KINDS = ("Elementary School", "Middle School", "High School", "Academy", "Charter School")
SHORT = {
    "Elementary School": "ES",
    "Middle School": "MS",
    "High School": "HS",
    "Academy": "Acad.",
    "Charter School": "Charter",
}


def invent(cycle: Cycle, count: int, seed: int = 1) -> None:
    """Makes `count` files: common names at 500 schools; every tenth describes the one before it again, less exactly."""
    rng, rows = random.Random(seed), []
    given, family, places = GIVEN.split(), FAMILY.split(), PLACES.split()
    schools = sorted({f"{a} {b} {k}" for a in places for b in places for k in KINDS})
    schools = rng.sample(schools, 500)
    name, school = "", ""
    for i in range(count):
        if i % 10 == 9:
            first, last = name.split(" ", 1)
            name = rng.choice((f"{last}, {first}", f"{first[0]}. {last}", fold(name).title()))
            school = next((school.replace(kind, short) for kind, short in SHORT.items() if kind in school), school)
        else:
            # Some names are ten times as common as others, as in any town.
            name = f"{given[int(rng.random() ** 2 * len(given))]} {family[int(rng.random() ** 2 * len(family))]}"
            school = rng.choice(schools)
        rows.append(
            {
                "public_id": new_public_id(), "created_at": now(), "program_id": cycle.program_id, "cycle_id": cycle.id,
                "name": name, "name_key": person_key(name), "school_name": school, "school_key": school_key(school),
                "search": f"{fold(name)} {fold(school)}",
            }
        )  # fmt: skip
    with transaction():
        db.session.execute(insert(NomineeFile), rows)


def _time(cycle: Cycle, count: int) -> str:
    invent(cycle, count)
    before, wall = time.process_time(), time.monotonic()
    likely.compare(cycle.id)
    took, waited = time.process_time() - before, time.monotonic() - wall
    pairs = db.session.scalar(select(func.count(FilePair.id)).where(FilePair.cycle_id == cycle.id))
    before = time.process_time()
    invent(cycle, 1, seed=2)
    likely.compare(cycle.id)
    one = (time.process_time() - before) * 1000
    return (
        f"{count} invented files compared in {waited:.1f} s ({took:.1f} s of CPU), {pairs} pairs suggested;"
        f" one more file in {one:.0f} ms of CPU."
    )


def _program(app: Flask) -> Cycle:
    Base.metadata.create_all(db.engine)
    opens = (now() - timedelta(days=30)).date()
    with redirect_stdout(StringIO()):
        load.main(["teach-on", "--opens", str(opens), "--cycle", "2027"], standalone_mode=False)
    return db.session.scalars(select(Cycle)).one()


def main() -> int:
    """Prints the figures; 1 when one of the two for files is below what the product promises."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--files", type=int, default=0, help="also time the comparing of so many invented files")
    count = asked.parse_args().files
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(installation(Path(folder) / "export"))
        with app.app_context():
            cycle = _program(app)
            enter_export(cycle)
            measured = measure(cycle.id)
        print(said(measured))
        good = measured["files"].recall >= LEAST_FOUND and measured["files"].precision >= LEAST_TRUE
        print(f"Promised: {LEAST_FOUND:.0%} found, {LEAST_TRUE:.0%} true. {'Kept.' if good else 'Not kept.'}")
        if count:
            app = create_app(installation(Path(folder) / "many"))
            with app.app_context():
                print(_time(_program(app), count))
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
