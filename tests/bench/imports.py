"""How long an import takes: python -m tests.bench.imports [--database both] [--rows 10000] [--runs 3] [--xlsx]

Makes a file in the shape of the real export (its titles, its mess, its stories) with other people, imports it by the
same steps as the worker, and prints wall and CPU seconds (the process and the database's own) as medians, for the dry
run, the import, and the same import again (which adds nothing). Another writer asks for a small change every 20 ms
meanwhile: how long it waited at most is printed too. Nothing passes or fails here.
"""

import argparse
import cProfile
import csv
import io
import logging
import os
import pstats
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import func, select

from portal.app import create_app
from portal.core import audit
from portal.core.db import Base, db, transaction
from portal.core.sheets import write_xlsx
from portal.nominations import uploads
from portal.nominations.actions import matching
from portal.nominations.jobs import imports as work
from portal.nominations.models import ImportRun, Nomination
from portal.programs.models import Cycle
from tests.bench import cpu
from tests.bench.__main__ import yardstick
from tests.bench.live import database_processes
from tests.bench.world import installation
from tests.cast import Cast
from tests.postgres import Cluster, start_cluster

EXPORT = Path(__file__).parent.parent / "cases" / "nominations-form-export.csv"
EMAIL, EDUCATOR, STORY, NOMINATOR = 1, 2, 7, 8  # columns of the export
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fe",
    "fi",
    "ka",
    "ke",
    "ki",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "ra",
    "re",
    "ri",
    "sa",
    "se",
    "ta",
    "te",
    "ti",
    "va",
]


def made(rows: int) -> tuple[list[str], list[list[str]]]:
    """(titles, rows): the export over and over, each time with other educators, writers and addresses."""
    with EXPORT.open(encoding="utf-8-sig", newline="") as opened:
        titles, *real = list(csv.reader(opened))
    chance = random.Random(7)
    found: list[list[str]] = []
    while len(found) < rows:
        families: dict[str, str] = {}
        for line in real[: rows - len(found)]:
            row = list(line)
            last = (row[EDUCATOR].split() or [""])[-1].casefold()
            other = families.setdefault(last, "".join(chance.choices(SYLLABLES, k=3)).capitalize())
            row[EDUCATOR] = f"{row[EDUCATOR]} {other}" if row[EDUCATOR] else ""
            row[EMAIL] = row[EMAIL].replace("@", f".{len(found) // len(real)}@")
            found.append(row)
    return titles, found


def file_of(rows: int, kind: str) -> bytes:
    """The made file as bytes of this kind."""
    titles, lines = made(rows)
    if kind == "xlsx":
        out = io.BytesIO()
        write_xlsx(out, titles, lines)
        return out.getvalue()
    text = io.StringIO(newline="")
    csv.writer(text).writerows([titles, *lines])
    return text.getvalue().encode()


class OtherWriter(threading.Thread):
    """Every 20 ms does what sending a nomination locks, and records it; `waited` are the seconds it took each time."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        super().__init__(daemon=True)
        self.app, self.cast, self.waited, self.over = app, cast, [0.0], threading.Event()

    def run(self) -> None:
        with self.app.app_context():
            while not self.over.wait(0.02):
                before = time.perf_counter()
                with transaction() as s:
                    matching.lock(s.get_one(Cycle, self.cast.cycle_id))
                    audit.record(audit.OPERATOR, "bench.waited", "bench", self.cast.program_id)
                self.waited.append(time.perf_counter() - before)

    def stop(self) -> float:
        self.over.set()
        self.join()
        return max(self.waited)


def measured(other: OtherWriter, cluster: Cluster | None, act: Callable[[], None]) -> tuple[float, float, float]:
    """(wall seconds, CPU seconds of everything, longest wait of another writer)."""
    other.start()
    theirs = cpu.milliseconds(database_processes(cluster))
    wall, own = time.perf_counter(), sum(os.times()[:4])
    act()
    spent = sum(os.times()[:4]) - own + (cpu.milliseconds(database_processes(cluster)) - theirs) / 1000
    return time.perf_counter() - wall, spent, other.stop()


def one_round(app: Flask, cluster: Cluster | None, content: bytes, name: str) -> dict[str, tuple[float, float, float]]:
    """Upload, dry run, import, and the same import again, in an empty program."""
    found: dict[str, tuple[float, float, float]] = {}
    cast = Cast(app, slug=f"p{random.randrange(10**9)}")
    with app.app_context():
        runs: list[ImportRun] = []

        def take() -> None:
            runs.append(uploads.take(audit.OPERATOR, db.session.get_one(Cycle, cast.cycle_id), content, name))

        def through(verb: str) -> None:
            run_id = runs[-1].id
            work.begin(audit.OPERATOR, run_id, verb)
            work.WORK[verb](run_id)

        acts: dict[str, Callable[[], None]] = {
            "upload": take,
            "dry run": lambda: through("tried"),
            "import": lambda: through("started"),
            "(upload again)": take,
            "import again": lambda: through("started"),
        }
        for what, act in acts.items():
            found[what] = measured(OtherWriter(app, cast), cluster, act)
        db.session.rollback()
        count = select(func.count()).select_from(Nomination).where(Nomination.cycle_id == cast.cycle_id)
        print(f"  {db.session.scalar(count)} nominations of {runs[0].row_count} rows", file=sys.stderr)
    return found


def empty(folder: Path, cluster: Cluster | None) -> Flask:
    """An installation with tables and nothing in them."""
    app = create_app(installation(folder, cluster.new_database() if cluster else ""))
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


def bench(database: str, given: argparse.Namespace, folder: Path) -> None:
    """All rounds on one database; prints the table."""
    cluster = start_cluster() if database == "postgresql" else None
    if database == "postgresql" and cluster is None:
        print("No PostgreSQL server was found (Debian's package postgresql).", file=sys.stderr)
        return
    try:
        with redirect_stdout(sys.stderr):
            app = empty(folder / database, cluster)
        kind = "xlsx" if given.xlsx else "csv"
        content = file_of(given.rows, kind)
        marks = [yardstick()]
        rounds = [one_round(app, cluster, content, f"export.{kind}") for _run in range(given.runs)]
        marks.append(yardstick())
    finally:
        if cluster:
            cluster.stop()
    print(f"| {given.rows:,} rows of {kind}, {database} | wall s | CPU s | another writer waited at most, s |")
    print("| --- | --- | --- | --- |")
    for what in rounds[0]:
        cells = [median(each[what][at] for each in rounds) for at in range(3)]
        print(f"| {what} | {cells[0]:.1f} | {cells[1]:.1f} | {cells[2]:.2f} |")
    print(
        f"\nMust: the import under 60 s. Medians of {given.runs} runs; yardstick {marks[0]:.0f}, {marks[1]:.0f} ms.\n"
    )


def show_profile(given: argparse.Namespace, folder: Path) -> None:
    """Where the time of one import goes, on the first of the databases asked for."""
    cluster = start_cluster() if given.database == "postgresql" else None
    try:
        with redirect_stdout(sys.stderr):
            app = empty(folder, cluster)
        cast = Cast(app, slug="profiled")
        with app.app_context():
            content = file_of(given.rows, "csv")
            run = uploads.take(audit.OPERATOR, db.session.get_one(Cycle, cast.cycle_id), content, "export.csv")
            work.begin(audit.OPERATOR, run.id, "started")
            profile = cProfile.Profile()
            profile.runcall(work.work_through, run.id)
        pstats.Stats(profile).sort_stats("cumulative").print_stats(60)
    finally:
        if cluster:
            cluster.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--xlsx", action="store_true", help="a workbook instead of CSV")
    parser.add_argument("--profile", action="store_true", help="show instead where the time of one import goes")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="laurel-bench-") as folder:
        if given.profile:
            show_profile(given, Path(folder))
            return
        for database in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
            bench(database, given, Path(folder))


if __name__ == "__main__":
    main()
