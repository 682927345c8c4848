"""A server of the demo that is started while its data are still being made: it loads what it needs, then waits.

`python -m portal.demo.held GO MODULE ARGUMENTS...` runs MODULE as `python -m` would, once the file GO is there. On two
cores the loading costs no time this way; nothing answers before the demo is complete.
"""

import os
import runpy
import signal
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

PAUSE = 0.05  # seconds between two looks


def load() -> None:
    """Imports what the application is made of; it is made later, by the module itself."""
    from portal import features

    import_module("portal.app")
    for package in features.ORDER[1:]:
        for room in ("models", "jobs", "views"):
            name = f"portal.{package}.{room}"
            if find_spec(f"portal.{package}") is not None and find_spec(name) is not None:
                import_module(name)


def wait_for(go: Path, parent: int) -> None:
    """Waits for the file; ends when the command that started us is gone."""
    while not go.exists():
        if os.getppid() != parent:
            sys.exit(0)
        time.sleep(PAUSE)


def main() -> None:
    """Loads, waits, becomes the module."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor stops us
    parent, go = os.getppid(), Path(sys.argv[1])
    load()
    wait_for(go, parent)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
