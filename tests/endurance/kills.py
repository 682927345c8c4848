"""kill -9 of the whole server at random moments while nominations and scores arrive, and what is left afterward.

    python -m tests.endurance.kills --rounds 200 [--database postgresql]

The database stays from round to round; only the processes are killed and started again. Exits 1 when anything that was
acknowledged is lost, anything is there twice, the record does not fit, or the database is damaged. On a busy machine a
disk may stand still for so long that requests give up ("database is locked"): TMPDIR=/dev/shm leaves it out.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.endurance.check import Report, check
from tests.endurance.ledger import Ledger
from tests.endurance.load import Clients
from tests.endurance.nursery import ForkedServer, Nursery
from tests.endurance.scene import Scene, installation, prepare
from tests.endurance.server import Server, free_port, portal

MOST_ANSWERS = 60  # a kill comes after at most so many answers, by chance
ERROR = re.compile(r"^[\w.]*Error: .*", re.M)
JITTER = 0.15  # and so many seconds more, so that it falls anywhere within a request
LONGEST = 20.0  # seconds that a round's load may take on a busy machine


@dataclass
class Outcome:
    """The figures of a run."""

    rounds: int
    ledger: Ledger
    lost: int = 0
    doubled: int = 0
    chain: int = 0
    damaged: int = 0
    verified: str = ""  # what the command said at the end
    problems: list[str] = field(default_factory=list)
    logged: Counter[str] = field(default_factory=Counter)  # errors that the server wrote down: why it answered 500

    @property
    def is_well(self) -> bool:
        return not (self.problems or self.ledger.surprises)

    def add(self, report: Report, where: str) -> None:
        self.lost += len(report.lost)
        self.doubled += len(report.doubled)
        self.chain += len(report.chain)
        self.damaged += len(report.damaged)
        self.problems += [f"{where}: {sentence}" for sentence in report.sentences()]

    def lines(self) -> list[str]:
        counts = self.ledger.counts
        return [
            f"kills (rounds)             {self.rounds:>8}",
            f"acknowledged nominations   {len(self.ledger.acknowledged):>8}",
            f"acknowledged steps typed   {counts['steps']:>8}",
            f"acknowledged scores        {counts['scores']:>8}",
            f"acknowledged reviews       {counts['reviews handed in']:>8}",
            f"requests sent again        {counts['tries again']:>8}",
            f"lost                       {self.lost:>8}",
            f"doubled                    {self.doubled:>8}",
            f"damaged                    {self.damaged:>8}",
            f"chain                      {'fits' if not self.chain else f'{self.chain} findings'}: {self.verified}",
            *(f"surprise: {each}" for each in self.ledger.surprises[:20]),
            *(f"the server logged {n} times: {what}" for what, n in self.logged.most_common(10)),
            *self.problems[:50],
        ]


class Run:
    """A prepared installation, its server, its clients and their ledger."""

    def __init__(self, folder: Path, database_url: str = "", *, nursery: Nursery | None = None, seed: int = 0) -> None:
        self.scene: Scene = prepare(installation(folder, database_url))
        self.ledger = Ledger()
        config, port = self.scene.config, free_port()
        self.server = ForkedServer(config, port, nursery) if nursery else Server(config, port)
        self.clients = Clients(self.scene, self.server.port, self.ledger, seed=seed)
        self.rng = random.Random(seed)

    def rounds(self, count: int, tell: bool = False) -> Outcome:
        """Kills the server so many times, checks after each, then lets everybody finish and checks once more."""
        outcome = Outcome(count, self.ledger)
        self.clients.start()
        self.server.start()
        try:
            for number in range(1, count + 1):
                self.server.wait()
                self.clients.up.set()
                self.load(self.rng.randint(1, MOST_ANSWERS))
                self.clients.up.clear()
                self.server.kill()
                self.server.start()  # while it starts, nobody writes: the check sees what the kill has left
                outcome.add(check(self.scene.app, self.ledger), f"round {number}")
                if tell and number % 10 == 0:
                    print(f"{number} kills, {len(self.ledger.acknowledged)} nominations", file=sys.stderr)
            self._settle(outcome)
        finally:
            self.clients.going.clear()
            self.clients.up.set()
            self.server.stop()
        return outcome

    def load(self, answers: int) -> None:
        """Lets the clients work until so many answers have come, and a moment longer."""
        end, enough = time.monotonic() + LONGEST, self.ledger.counts["answers"] + answers
        while self.ledger.counts["answers"] < enough and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(self.rng.uniform(0, JITTER))

    def _settle(self, outcome: Outcome) -> None:
        """Everybody finishes; then every count is exact, and the command verifies the record."""
        self.server.wait()
        self.clients.up.set()
        self.clients.finish()
        self.server.stop()
        outcome.add(check(self.scene.app, self.ledger, settled=True), "at the end")
        log = self.scene.config.data / "server.log"
        outcome.logged.update(ERROR.findall(log.read_text(errors="replace")) if log.exists() else [])
        verified = portal(self.scene.config, "audit", "verify")
        outcome.verified = (verified.stdout or verified.stderr).strip()
        if verified.returncode:
            outcome.chain += 1
            outcome.problems.append(f"portal audit verify: {outcome.verified}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--cold", action="store_true", help="start `portal serve` anew each time: true, and slower")
    parser.add_argument("--seed", type=int, default=None, help="of the moments of the kills; by default by chance")
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.randrange(1_000_000)
    cluster = None
    if given.database == "postgresql":
        from tests.postgres import start_cluster

        cluster = start_cluster()
        if cluster is None:
            print("No PostgreSQL server was found (Debian's package postgresql).", file=sys.stderr)
            return 2
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="laurel-kills-") as folder, Nursery() as nursery:
            address = cluster.new_database() if cluster else ""
            run = Run(Path(folder), address, nursery=None if given.cold else nursery, seed=seed)
            outcome = run.rounds(given.rounds, tell=True)
    finally:
        if cluster:
            cluster.stop()
    print(f"{given.database}, seed {seed}, {time.monotonic() - began:.0f} seconds", *outcome.lines(), sep="\n")
    return 0 if outcome.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
