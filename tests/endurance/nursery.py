"""Quick restarts: a process that has imported everything once and forks the real server, web and worker, each time.

Importing takes most of a start. The server's own way is the same: gunicorn with its worker processes, each of which
makes its own application, and the job worker. Spoken to by lines of JSON: settings in, the group's number out.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from portal.core.settings import Settings
from tests.endurance.server import HOST, ROOT, Server, bytecode, environment


class Nursery:
    """The process that forks servers; a context manager."""

    def __enter__(self) -> "Nursery":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.endurance.nursery"], cwd=ROOT, env={**os.environ, **bytecode()}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(self, *_error: object) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def bear(self, config: Settings, port: int) -> int:
        """A new web server with its worker; the number of their process group."""
        assert self.process.stdin
        assert self.process.stdout
        order = {"env": environment(config), "port": port, "log": str(config.data / "server.log")}
        print(json.dumps(order), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


class ForkedServer(Server):
    """A server out of a nursery."""

    def __init__(self, config: Settings, port: int, nursery: Nursery) -> None:
        super().__init__(config, port)
        self.nursery = nursery

    def start(self, command: list[str] | None = None) -> None:
        self.group = self.nursery.bear(self.config, self.port)

    def is_running(self) -> bool:
        return bool(self.group)


def _import_everything() -> None:
    from sqlalchemy.orm import configure_mappers

    from portal import features

    for package in features.ORDER[1:]:
        for room in ("models", "jobs", "views"):
            name = f"portal.{package}.{room}"
            if find_spec(f"portal.{package}") and find_spec(name):
                import_module(name)
    for name in ("portal.app", "huey", "psycopg", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread"):
        import_module(name)
    configure_mappers()


def _fork(order: dict[str, Any], group: int, run: Any) -> int:
    """A child in this group (0: a new one) with the order's environment and log."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    os.setpgid(0, group)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(order["env"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, target in ((0, os.open(os.devnull, os.O_RDONLY)), (1, log), (2, log)):
        os.dup2(target, number)
    try:
        run(order)
    finally:
        os._exit(1)


def _web(order: dict[str, Any]) -> None:
    from gunicorn.app.wsgiapp import run

    from portal.core import serving, settings

    command = serving.web_command(settings.load(), HOST, order["port"])
    sys.argv = command[command.index("gunicorn") :]
    run()


def _worker(_order: dict[str, Any]) -> None:
    from portal.cli import main

    main(["worker"])


def main() -> None:
    """Reads orders until nobody gives any."""
    _import_everything()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever dies leaves nothing behind
    for line in sys.stdin:
        order = json.loads(line)
        group = _fork(order, 0, _web)
        with suppress(OSError):  # the child may have done it itself
            os.setpgid(group, group)
        _fork(order, group, _worker)
        print(group, flush=True)


if __name__ == "__main__":
    main()
