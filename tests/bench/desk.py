"""The desk at scale: python -m tests.bench.desk [--database both] [--files 20000] [--runs 5]

Prints the median of CPU and wall milliseconds (CPU: this process and the database) of each view of the list of files,
of everybody's desk, the cycle in pictures and the panel's page, at 200, 2,000 and so many files. Nothing passes or
fails here. `--explain` shows what is asked of the database, and how long.
"""

import argparse
import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select, text, update

from portal.accounts.models import Person, Role
from portal.app import create_app
from portal.core import janitor
from portal.core.clock import now
from portal.core.db import Base, db, transaction
from portal.core.names import fold
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.command import load
from portal.review.queries.files import STANDS
from tests.bench import cpu
from tests.bench.inside import Insider
from tests.bench.world import FRESH, World, _Maker, installation
from tests.endurance.scene import cookie_of
from tests.postgres import Cluster, start_cluster
from tests.statements import statements

ACCENTED = (("Ines", "Inés"), ("Diaz", "Díaz"), ("Garcia", "García"), ("Lopez", "López"))
# What is asked, by whom: {title: (who, address)}. A name and a school, without the accents they are written with.
LIST = "/cycles/{cycle}/files?"
VIEWS = {
    "the list": ("organizer", LIST),
    "its last page": ("organizer", LIST + "order=name&page={last}"),
    "by name": ("organizer", LIST + "order=name"),
    "by school": ("organizer", LIST + "order=school"),
    "by district, the other way round": ("organizer", LIST + "order=-district"),
    "by nominations": ("organizer", LIST + "order=proven"),
    "a chip: to screen": ("organizer", LIST + "step=screen"),
    "a filter: said yes": ("organizer", LIST + "consent=accepted"),
    "search: ines garcia": ("organizer", LIST + "q=ines+garcia"),
    "search: garcía (written with accents)": ("organizer", LIST + "q=garc%C3%ADa"),
    "search: one letter": ("organizer", LIST + "q=a"),
    "search: no such name": ("organizer", LIST + "q=zzyzx"),
    "desk of an organizer": ("organizer", "/desk"),
    "desk of the chair": ("chair", "/desk"),
    "desk of a reviewer": ("reader", "/desk"),
    "the cycle in pictures": ("organizer", "/cycles/{cycle}/picture"),
    "the panel's page": ("chair", "/rounds/{round}/panel"),
}
PEOPLE = {"organizer": "sam@x.org", "chair": "r1@x.org", "reader": "r0@x.org"}


def build(folder: Path, files: int, database_url: str) -> World:
    """A cycle in which files stand everywhere: asked or not, screened or not, with one voice, two, or none proven."""
    config = installation(folder, database_url)
    app = create_app(config)
    world = World(config, app, files)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load.main(
            ["teach-on", "--cycle", "2027", "--opens", str((now() - timedelta(days=30)).date())], standalone_mode=False
        )
        with transaction():
            maker = _Maker(world, random.Random(1))
            world.cycle, world.round = maker.cycle.public_id, maker.round.public_id
            people = maker.people()
            made = maker.files(files)
            maker.voices(made)
            _scatter([number for number, _public, _name in made])
            _read(maker, people)
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        else:
            janitor.look_at_tables(db.engine.url.database or "")
        numbers: Any = db.session.execute(select(Person.email, Person.id)).all()
        db.session.remove()
    with app.app_context():
        cookies = {who: cookie_of(app, dict(numbers)[email]) for who, email in PEOPLE.items()}
    world.organizer, world.chair, world.reader = cookies["organizer"], cookies["chair"], cookies["reader"]
    return world


def _scatter(numbers: list[int]) -> None:
    """Puts the files into all the places they may stand in, and accents into their names."""
    rows = []
    for at, (number, name, school) in enumerate(
        db.session.execute(select(NomineeFile.id, NomineeFile.name, NomineeFile.school_name).order_by(NomineeFile.id))
    ):
        for plain, accented in ACCENTED:
            name = name.replace(plain, accented)
        consent = ("open", "asked", "accepted", "accepted", "declined")[at % 5]
        screened = consent == "accepted" and at % 3
        rows.append({
            "id": number, "name": name, "search": fold(f"{name} {school}"), "consent": consent,
            "screening": "eligible" if screened else "unscreened", "screened_at": now() if screened else None,
            "email": "" if consent == "open" and at % 2 else f"nominee{at}@x.org",
        })  # fmt: skip
    db.session.execute(update(NomineeFile), rows)
    few = [number for number in numbers if number % 7 == 0]
    for at in range(0, len(few), 500):
        some = Nomination.file_id.in_(few[at : at + 500])
        unproven = update(Nomination).where(some, Nomination.relation_group == "family")
        db.session.execute(unproven.values(state="submitted", confirmed_at=None))


def _read(maker: _Maker, people: list[int]) -> None:
    """A panel under way: who said yes and is eligible is judged by three; the last few files wait for theirs."""
    panel = maker.panel(people)
    chairs = {"person_id": people[1], "name": "chair", "program_id": maker.program.id, "panel_id": panel}
    maker.put(Role, [{**chairs, "starts_at": now()}])
    standing = list(db.session.scalars(select(NomineeFile.id).where(*STANDS).order_by(NomineeFile.id)))
    maker.reviews(panel, people, standing, len(standing) - FRESH)


def asker(world: World, who: str, address: str) -> Callable[[], Any]:
    """A function that asks for this view as its person."""
    visitor = Insider(world, {"laurel": getattr(world, who)})
    url = address.format(cycle=world.cycle, round=world.round, last=-(-world.files // 25))

    def ask() -> Any:
        answer = visitor.get(url)
        if answer.status != 200:
            raise RuntimeError(f"{url} was answered with {answer.status}")
        return answer

    return ask


def measure(worlds: list[World], runs: int, requests: int, cluster: Cluster | None) -> dict[str, list[str]]:
    """{view: ["CPU / wall" at each size]}: medians over interleaved runs."""
    asks = {(view, at): asker(world, *asked) for view, asked in VIEWS.items() for at, world in enumerate(worlds)}
    took: dict[tuple[str, int], list[tuple[float, float]]] = {key: [] for key in asks}
    for ask in asks.values():
        ask()
    for _run in range(runs):
        for key, ask in asks.items():
            ask()
            pids = cpu.below(int((cluster.folder / "db" / "postmaster.pid").read_text().split()[0])) if cluster else []
            started, before = time.perf_counter(), time.process_time() * 1000 + cpu.milliseconds(pids)
            for _request in range(requests):
                ask()
            worked = time.process_time() * 1000 + cpu.milliseconds(pids) - before
            took[key].append((worked / requests, (time.perf_counter() - started) * 1000 / requests))
    return {
        view: [
            f"{median(c for c, _w in took[view, at]):.1f} / {median(w for _c, w in took[view, at]):.1f}"
            for at in range(len(worlds))
        ]
        for view in VIEWS
    }


def explain(world: World) -> None:
    """What each view asks of the database."""
    for view, asked in VIEWS.items():
        ask = asker(world, *asked)
        ask()
        with statements(world.app) as seen:
            ask()
        print(f"{view}: {len(seen)} queries", *(f"  {' '.join(s.split())[:1500]}" for s in seen), sep="\n")


def bench(database: str, given: argparse.Namespace, folder: Path) -> None:
    cluster = start_cluster() if database == "postgresql" else None
    if database == "postgresql" and cluster is None:
        print("No PostgreSQL server was found (Debian's package postgresql).", file=sys.stderr)
        return
    try:
        sizes = sorted({200, 2000, given.files})
        with redirect_stdout(sys.stderr):
            worlds = [build(folder / f"{database}{n}", n, cluster.new_database() if cluster else "") for n in sizes]
        if given.explain:
            explain(worlds[-1])
            return
        found = measure(worlds, given.runs, given.requests, cluster)
        print(f"| the desk ({database}): CPU / wall ms | " + " | ".join(f"{n:,} files" for n in sizes) + " |")
        print("| --- |" + " --- |" * len(sizes))
        for view, cells in found.items():
            print(f"| {view} | " + " | ".join(cells) + " |")
        print()
    finally:
        if cluster:
            cluster.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="sqlite")
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--requests", type=int, default=4, help="requests a run")
    parser.add_argument("--explain", action="store_true", help="show what is asked of the database")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="laurel-bench-") as folder:
        for database in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
            bench(database, given, Path(folder))


if __name__ == "__main__":
    main()
