"""The same requests against real servers: CPU time of every process that works for them, and their memory."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench import cpu
from tests.bench.actions import ACTIONS, Action, Ask
from tests.bench.world import World, build, installation
from tests.endurance.server import Server, free_port
from tests.endurance.visitor import Interrupted, Visitor
from tests.postgres import Cluster


@dataclass
class Site:
    """One world with its server, warm; what was measured on it: milliseconds a request, run by run."""

    world: World
    server: Server
    asks: dict[str, Ask] = field(default_factory=dict)
    runs: dict[str, list[float]] = field(default_factory=dict)
    _pids: list[int] = field(default_factory=list)

    def open(self) -> None:
        """Starts the web server and asks every page a few times."""
        self.server.start_web()
        self.server.wait()
        self._pids = cpu.in_group(self.server.group)
        for action in ACTIONS:
            self.asks[action.name] = self._checked(action, action.make(self.world, self._visitor))
            for _warm in range(3):
                self.asks[action.name]()

    def _visitor(self, cookies: dict[str, str]) -> Visitor:
        return Visitor(self.server.port, cookies)

    def _checked(self, action: Action, ask: Ask) -> Ask:
        def asked() -> Any:
            answer = ask()
            if answer.status != action.status:
                raise RuntimeError(f"{action.name} was answered with {answer.status} {answer.location}")
            return answer

        return asked

    def measure(self, action: Action, requests: int, database: Callable[[], list[int]]) -> None:
        """One run: so many requests, one after another."""
        ask = self.asks[action.name]
        with suppress(Interrupted):  # the server has closed the connection that was idle meanwhile
            ask()
        ask()
        pids = self._pids + database()
        before = cpu.milliseconds(pids)
        for _request in range(requests):
            ask()
        self.runs.setdefault(action.name, []).append((cpu.milliseconds(pids) - before) / requests)

    def median(self, action: Action) -> float:
        return median(self.runs[action.name])

    def workers(self) -> list[tuple[float, float]]:
        """Memory of each web process: (resident, proportional) megabytes."""
        master = self.server.group
        return [cpu.memory(pid) for pid in cpu.in_group(master) if pid != master]


def build_site(folder: Path, files: int, drafts: int, cluster: Cluster | None, workers: int) -> Site:
    """A world and the server that will serve it."""
    config = installation(folder, cluster.new_database() if cluster else "", workers)
    return Site(build(config, files, drafts), Server(config, free_port()))


def database_processes(cluster: Cluster | None) -> list[int]:
    """The processes of the PostgreSQL server (SQLite works inside the web processes)."""
    if cluster is None:
        return []
    return cpu.below(int((cluster.folder / "db" / "postmaster.pid").read_text().split()[0]))


def measure(sites: list[Site], runs: int, requests: int, cluster: Cluster | None) -> None:
    """Interleaved: in each run every action on every site, so that what disturbs the machine disturbs all alike."""
    for _run in range(runs):
        for action in ACTIONS:
            for site in sites:
                count = max(2, round(requests * action.share))
                site.measure(action, count, lambda: database_processes(cluster))
