"""A throw-away PostgreSQL server for tests: found on the machine, run as an unprivileged user, socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path


def _binaries() -> Path | None:
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if candidates:
        return candidates[0].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then the `postgres` user runs it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


@dataclass
class Cluster:
    """A running server."""

    folder: Path
    binaries: Path
    user: str | None
    _names: count = field(default_factory=lambda: count(1))

    def run(self, *command: str) -> None:
        """Runs one of the server's commands as its user."""
        subprocess.run(
            [str(self.binaries / command[0]), *command[1:]],
            user=self.user,
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(self.folder)},
        )

    def new_database(self) -> str:
        """Makes an empty database; its address."""
        name = f"portal{next(self._names)}"
        self.run("createdb", "-h", str(self.folder), "-U", "laurel", name)
        return f"postgresql://laurel@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stops the server and deletes its folder."""
        self.run("pg_ctl", "-D", str(self.folder / "db"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def start_cluster() -> Cluster | None:
    """Starts a server, or None where the machine has none."""
    binaries = _binaries()
    if binaries is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="laurel-pg-"))
    user = _user()
    if user:
        shutil.chown(folder, user)
    cluster = Cluster(folder, binaries, user)
    cluster.run(
        "initdb", "-D", str(folder / "db"), "-U", "laurel", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
    )
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c max_connections=60"
    cluster.run("pg_ctl", "-D", str(folder / "db"), "-o", options, "-l", str(folder / "log"), "-w", "start")
    return cluster
