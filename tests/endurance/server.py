"""The real server as processes of our own: started on a free port, killed without a warning, or stopped."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from portal.core import serving
from portal.core.settings import Settings

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds until the server must answer: other work may keep the machine busy


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def bytecode() -> dict[str, str]:
    """Where Python may write no compiled files beside the sources: another place for them, so that starts are quick."""
    return {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "laurel-pycache") if sys.dont_write_bytecode else "",
    }


def environment(config: Settings) -> dict[str, str]:
    """The settings as the children get them."""
    return {**serving.environment(config), **bytecode()}


def portal(config: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a `portal` command on this installation."""
    command = [sys.executable, "-m", "portal.cli", *words]
    return subprocess.run(command, env=environment(config), cwd=ROOT, capture_output=True, text=True, check=False)


class Server:
    """One server: the processes of a group of their own, which is killed or stopped as a whole."""

    def __init__(self, config: Settings, port: int) -> None:
        self.config, self.port = config, port
        self.group = 0  # the number of the group, which is that of the process that began it
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str] | None = None) -> None:
        """Starts `portal serve` (web server and worker), or another command."""
        command = command or [sys.executable, "-m", "portal.cli", "serve", "--host", HOST, "--port", str(self.port)]
        with (self.config.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment(self.config), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        self.group = self.process.pid

    def start_web(self, app: str | None = None) -> None:
        """Starts the web server without the worker; `app` takes the place of the application's own factory."""
        command = serving.web_command(self.config, HOST, self.port)
        Server.start(self, [app if app and word == "portal.app:create_app()" else word for word in command])

    def is_running(self) -> bool:
        """Whether the first process lives."""
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Whether a page comes now."""
        connection = HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def wait(self) -> None:
        """Waits until the server answers."""
        end = time.monotonic() + PATIENCE
        while not self.answers():
            if not self.is_running() or time.monotonic() > end:
                log = (self.config.data / "server.log").read_text()
                raise RuntimeError(f"the server did not start:\n{log[-4000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """Kills every process of the group at once (kill -9), and waits until nobody holds the port any more."""
        self._end(signal.SIGKILL)
        self._wait_for_silence(10)

    def stop(self) -> None:
        """Ends the server as an operator does (TERM); whoever does not go is killed."""
        self._end(signal.SIGTERM, leave=False)
        try:
            self._wait_for_silence(20)
        finally:
            self._end(signal.SIGKILL)

    def _wait_for_silence(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self.port)):
                    return
            time.sleep(0.01)
        raise RuntimeError("an ended server still listens")

    def _end(self, how: int, *, leave: bool = True) -> None:
        if not self.group:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.group, how)
        if leave:
            if self.process is not None:
                self.process.wait()
            self.process, self.group = None, 0
