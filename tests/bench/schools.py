"""The directory at size: python -m tests.bench.schools [--database both] [--schools 100000]

Imports invented schools in the columns of the Common Core of Data (first time, and again with some renamed and some
gone), then searches as one types. Prints seconds, and milliseconds a search at the server: the page's answer to htmx,
as the median of all that was typed and the slowest of it, by the clock and of CPU (the database's own processes
included). Nothing passes or fails here.
"""

import argparse
import csv
import io
import os
import random
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from portal.core import audit
from portal.core.db import db
from portal.programs.jobs import schools as work
from portal.programs.models import Program, SchoolImport
from tests.bench import cpu
from tests.bench.live import database_processes
from tests.bench.world import installation
from tests.cast import Cast
from tests.postgres import Cluster, start_cluster

FIRST = [
    "Lincoln",
    "Washington",
    "Jefferson",
    "Roosevelt",
    "Kennedy",
    "Oak",
    "Maple",
    "Cedar",
    "Pine",
    "River",
    "Lake",
    "Hill",
    "Valley",
    "Sunset",
    "Mountain",
    "Creek",
    "Franklin",
    "Madison",
    "Monroe",
    "Jackson",
    "Central",
    "North",
    "South",
    "East",
    "West",
    "Garfield",
    "Mary",
    "Martin",
    "Marshall",
    "Santa",
    "San",
    "Saint",
    "Pleasant",
    "Union",
    "Liberty",
    "Heritage",
    "Meadow",
    "Forest",
    "Spring",
    "Stone",
    "Harbor",
    "Eagle",
    "Falcon",
    "Prairie",
    "Canyon",
    "Desert",
    "Chávez",
    "Núñez",
]
SECOND = [
    "Park",
    "View",
    "Ridge",
    "Grove",
    "Heights",
    "Fields",
    "Crossing",
    "Point",
    "Springs",
    "Hollow",
    "Bend",
    "Woods",
    "Glen",
    "Landing",
    "Trail",
    "Brook",
]
KINDS = (
    ("Elementary School", "Elementary"),
    ("Elem", "Elementary"),
    ("Middle School", "Middle"),
    ("MS", "Middle"),
    ("High School", "High"),
    ("HS", "High"),
    ("Academy", "Other"),
    ("Charter School", "Other"),
)
HEADER = [
    "SCHOOL_YEAR",
    "ST",
    "SCH_NAME",
    "LEA_NAME",
    "LEAID",
    "NCESSCH",
    "LCITY",
    "SY_STATUS_TEXT",
    "CHARTER_TEXT",
    "LEVEL",
]
TYPED = [
    "l",
    "li",
    "lin",
    "lincoln",
    "lincoln e",
    "lincoln elem",
    "lincoln es",
    "oak ridge",
    "oak ridge hs",
    "san mar",
    "e",
    "high sc",
    "elementary school",
    "chavez",
    "st mary",
    "xylophone",
    "m",
    "ma",
    "mar",
    "north lake elementary springfield",
]


def sheet(count: int, rng: random.Random, *, changed: bool = False) -> bytes:
    """A file of so many schools; `changed`: one in a hundred has another name, one in a hundred is missing."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for number in range(count):
        lea = number // 60
        kind, level = KINDS[rng.randrange(len(KINDS))]
        name = f"{FIRST[rng.randrange(len(FIRST))]} {SECOND[rng.randrange(len(SECOND))]} {kind}"
        city = f"{FIRST[rng.randrange(len(FIRST))]} {SECOND[rng.randrange(len(SECOND))]}"
        if changed and number % 100 == 1:
            continue
        if changed and number % 100 == 2:
            name = f"New {name}"
        ids = f"{lea + 100000:07}", f"{lea + 100000:07}{number:05}"
        writer.writerow(["2024-2025", "GA", name, f"District {lea}", *ids, city, "Open", "No", level])
    return out.getvalue().encode()


class Effort:
    """What a piece of work takes: seconds by the clock, and of CPU in this process and the database's together."""

    def __init__(self, cluster: Cluster | None) -> None:
        self.cluster = cluster
        self.pids = [os.getpid(), *database_processes(cluster)]
        self.clock, self.cpu = time.perf_counter(), cpu.milliseconds(self.pids)

    def taken(self) -> tuple[float, float]:
        """(seconds by the clock, seconds of CPU) since it was made."""
        return time.perf_counter() - self.clock, (cpu.milliseconds(self.pids) - self.cpu) / 1000


def bring(program_id: int, content: bytes, cluster: Cluster | None = None) -> tuple[float, float]:
    """One import from its bytes to the last school; seconds by the clock and of CPU."""
    program = db.session.get_one(Program, program_id)
    effort = Effort(cluster)
    run_id = work.start(audit.OPERATOR, program, content, "schools.csv")
    work.ask_for(audit.OPERATOR, db.session.get_one(SchoolImport, run_id))
    taken = effort.taken()
    run = db.session.get_one(SchoolImport, run_id, populate_existing=True)
    assert run.state == "applied", run.state
    print(f"    {run.plan['counts']}")
    return taken


def searches(cast: Cast, rounds: int, cluster: Cluster | None) -> dict[str, tuple[float, float]]:
    """Milliseconds of the answer to each thing typed, by the clock and of CPU: the medians of some rounds."""
    browser = cast.browser()
    url = f"/awards/{cast.slug}/nominate/schools"
    took: dict[str, list[tuple[float, float]]] = {typed: [] for typed in TYPED}
    for _round in range(rounds):
        for typed in TYPED:
            effort = Effort(cluster)
            answer = browser.get(url, hx=True, query_string={"school": typed})
            took[typed].append(effort.taken())
            assert answer.status_code == 200
    return {typed: (median(c for c, _ in all_), median(w for _, w in all_)) for typed, all_ in took.items()}


def measure(label: str, cluster: Cluster | None, count: int) -> None:
    """Everything on one database. On a machine that has other work too, the seconds of CPU are the figure to read."""
    print(f"{label}, {count:,} schools")
    with tempfile.TemporaryDirectory(prefix="laurel-bench-") as folder:
        app = _app(Path(folder), cluster)
        cast = Cast(app)
        with app.app_context():
            first = bring(cast.program_id, sheet(count, random.Random(1)), cluster)
            again = bring(cast.program_id, sheet(count, random.Random(1), changed=True), cluster)
            if cluster is not None:
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("ANALYZE")
        print(f"  first import {first[0]:.1f} s, {first[1]:.1f} s of CPU (target 60)")
        print(f"  again with 2 % changed {again[0]:.1f} s, {again[1]:.1f} s of CPU")
        found = searches(cast, 5, cluster)
        for at, kind in ((0, "by the clock"), (1, "of CPU")):
            slowest = max(found, key=lambda typed: found[typed][at])
            middle = median(times[at] for times in found.values()) * 1000
            most = found[slowest][at] * 1000
            print(f"  a search, ms {kind}: median {middle:.1f}, slowest {most:.1f} (“{slowest}”; target 50)")
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _app(folder: Path, cluster: Cluster | None) -> Any:
    from portal.app import create_app
    from portal.core import migrating

    app = create_app(installation(folder, cluster.new_database() if cluster else "", 1))
    with app.app_context():
        migrating.upgrade()
    return app


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--schools", type=int, default=100_000)
    asked = parser.parse_args()
    if asked.database != "postgresql":
        measure("SQLite", None, asked.schools)
    if asked.database != "sqlite":
        cluster = start_cluster()
        if cluster is None:
            raise SystemExit("no PostgreSQL server was found on this machine")
        try:
            measure("PostgreSQL", cluster, asked.schools)
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
