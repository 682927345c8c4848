"""How much work the pages are: python -m tests.bench [--database both] [--files 2000] [--runs 5] [--quick]

Prints CPU milliseconds a request over the whole server (web processes and database), as the median of interleaved
runs, beside the targets; the same with a tenth of the files; queries, sizes, memory; and the ranking's own work.
Nothing passes or fails here. `--profile NAME` shows instead where the time of one action goes.
"""

import argparse
import hashlib
import logging
import random
import sys
import tempfile
import time
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from statistics import median

from portal.core.db import db, transaction
from tests.bench import inside, live
from tests.bench.actions import ACTIONS
from tests.bench.world import World, build, installation
from tests.postgres import Cluster, start_cluster

WARM = 5  # drafts that warming up and counting take


def yardstick() -> float:
    """CPU milliseconds of a fixed piece of work: tells how fast and how quiet this machine is."""
    before = time.process_time()
    text = "".join(str(n) for n in range(100_000))
    for _round in range(20):
        hashlib.sha256(text.encode()).hexdigest()
        sorted(text[:20_000])
    return (time.process_time() - before) * 1000


def rank(world: World) -> float:
    """Asks for the ranking and computes it, as the worker would; the CPU milliseconds of the computing alone."""
    from sqlalchemy import select

    from portal.accounts.models import Person
    from portal.programs.queries import rubric_in_force
    from portal.selection import actions, queries, snapshot
    from portal.selection.actions import computing
    from portal.selection.models import RankingRun

    with world.app.app_context():
        by = db.session.scalars(select(Person).where(Person.email == "sam@x.org")).one()
        room = queries.room(by, world.round)
        assert room is not None
        with transaction():
            actions.ask_for_ranking(by, room)
        run = db.session.scalars(select(RankingRun)).one()
        actions.compute(run.id)
        readings, files = computing.readings_of(run.round_id), queries.files_in_running(run.cycle_id)
        weighing = computing.weighing_of(rubric_in_force(run.round))  # type: ignore[arg-type]
        took = []
        for _run in range(3):
            before = time.process_time()
            snapshot.compute(readings, files, weighing, run.places, run.seed)
            took.append((time.process_time() - before) * 1000)
        return median(took)


def table(database: str, small: live.Site, large: live.Site, facts: dict[str, tuple[int, int]]) -> list[str]:
    """The figures as a Markdown table."""
    few, many = small.world.files, large.world.files
    factor = 2 if database == "postgresql" else 1
    lines = [
        f"| action ({database}) | must | {many} files | of that | {few} files | change | queries | bytes |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for action in ACTIONS:
        now, before = large.median(action), small.median(action)
        must = action.target * factor if action.target else None
        queries, size = facts[action.name]
        change = "list of all" if action.lists_all else f"{(now / before - 1) * 100:+.0f} %"
        cells = (action.name, must and f"{must:g}", f"{now:.1f}", must and f"{now / must * 100:.0f} %", f"{before:.1f}",
                 change, queries, f"{size:,}")  # fmt: skip
        lines.append("| " + " | ".join("" if cell is None else str(cell) for cell in cells) + " |")
    return lines


def bench(database: str, given: argparse.Namespace, folder: Path) -> None:
    """Builds both worlds on one database, measures, prints."""
    requests, runs = (10, 2) if given.quick else (given.requests, given.runs)
    drafts = (requests + 3) * runs + WARM * 4
    with ExitStack() as stack:
        cluster: Cluster | None = start_cluster() if database == "postgresql" else None
        if database == "postgresql" and cluster is None:
            print("No PostgreSQL server was found (Debian's package postgresql).", file=sys.stderr)
            return
        if cluster:
            stack.callback(cluster.stop)
        sites = []
        for files in (max(20, given.files // 10), given.files):
            with redirect_stdout(sys.stderr):
                site = live.build_site(folder / f"{database}-{files}", files, drafts, cluster, given.workers)
            sites.append(site)
        ranked = [rank(site.world) for site in sites]
        facts = {action.name: inside.counted(sites[-1].world, action) for action in ACTIONS}
        for site in sites:
            stack.callback(site.server.stop)
            site.open()
        marks = [yardstick()]
        live.measure(sites, runs, requests, cluster)
        marks.append(yardstick())
        small, large = sites
        print(*table(database, small, large, facts), sep="\n")
        memory = ", ".join(f"{rss:.0f} MB resident, {pss:.0f} MB proportional" for rss, pss in large.workers())
        print(f"\nRanking computed in the worker: {ranked[-1]:.0f} ms of {large.world.files * 3} reviews, "
              f"{ranked[0]:.0f} ms of {small.world.files * 3}.")  # fmt: skip
        print(f"A web process after all this: {memory} (must: 120).")
        print(f"{runs} runs of {requests} requests; yardstick {marks[0]:.0f} and {marks[1]:.0f} ms.\n")


def show_profile(given: argparse.Namespace, folder: Path) -> None:
    action = next((a for a in ACTIONS if given.profile in a.name), None)
    if action is None:
        print("The actions are: " + "; ".join(a.name for a in ACTIONS), file=sys.stderr)
        return
    with redirect_stdout(sys.stderr):
        world = build(installation(folder), given.files, given.requests + WARM)
        rank(world)
    print(inside.profile(world, action, max(2, round(given.requests * action.share))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="sqlite")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--requests", type=int, default=40, help="requests a run")
    parser.add_argument("--workers", type=int, default=1, help="web processes of each server")
    parser.add_argument("--quick", action="store_true", help="two short runs")
    parser.add_argument("--profile", metavar="NAME", help="show where the time of one action goes")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    random.seed(1)
    with tempfile.TemporaryDirectory(prefix="laurel-bench-") as folder:
        if given.profile:
            show_profile(given, Path(folder))
            return
        for database in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
            bench(database, given, Path(folder))


if __name__ == "__main__":
    main()
