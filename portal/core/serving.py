"""Supervises the web server and exactly one worker: starts both, restarts what dies, stops both together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from types import FrameType

from portal.core.settings import Settings

GRACE = 15  # seconds that a process has to finish what it is doing


def environment(config: Settings) -> dict[str, str]:
    """The settings as the environment of the children, so that both see the same."""
    given = {f"PORTAL_{name.upper()}": str(value) for name, value in config.model_dump().items()}
    # glibc gives each thread a heap of its own and keeps what a long page needed in each: two are enough.
    return {"MALLOC_ARENA_MAX": "2", **os.environ, **given}


def web_command(config: Settings, host: str, port: int) -> list[str]:
    """gunicorn with threads: one worker a core unless the settings say otherwise."""
    workers = config.web_workers or os.cpu_count() or 1
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "portal.app:create_app()",
        "--config",
        "python:portal.core.preload",
        "--bind",
        f"{host}:{port}",
        "--workers",
        str(workers),
        "--threads",
        str(config.web_threads),
        "--worker-class",
        "gthread",
        "--no-control-socket",
        "--graceful-timeout",
        str(GRACE),
        "--log-level",
        "warning",
    ]


class Supervisor:
    """Keeps named child processes running until it is told to stop."""

    def __init__(self, commands: Mapping[str, list[str]], env: dict[str, str]) -> None:
        self.commands, self.env = commands, env
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def start(self, name: str) -> None:
        self.running[name] = subprocess.Popen(self.commands[name], env=self.env)

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.stopping = True

    def start_all(self) -> None:
        """Starts what does not run yet; from now on INT and TERM stop everything."""
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)
        for name in self.commands:
            if name not in self.running:
                self.start(name)

    def run(self) -> int:
        """Runs until stopped; a child that dies is started again after a second. Exit code 0."""
        self.start_all()
        while not self.stopping:
            time.sleep(0.2)
            for name, child in list(self.running.items()):
                if child.poll() is not None and not self.stopping:
                    print(f"The {name} process ended with {child.returncode}; it is started again.", file=sys.stderr)
                    time.sleep(1)
                    self.start(name)
        self.end()
        return 0

    def end(self) -> None:
        """Asks every child to stop, and makes those stop that take too long."""
        for child in self.running.values():
            child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child in self.running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def commands(config: Settings, *, host: str, port: int) -> dict[str, list[str]]:
    """What is kept running: the web server and the one worker."""
    return {"web": web_command(config, host, port), "worker": [sys.executable, "-m", "portal.cli", "worker"]}


def serve(config: Settings, *, host: str, port: int) -> int:
    """Serves until INT or TERM; the exit code."""
    return Supervisor(commands(config, host=host, port=port), environment(config)).run()
