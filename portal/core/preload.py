"""gunicorn's hooks: the code is loaded once, before the web processes are forked, so that they share its memory.

Only code: each process makes its own application, and with it its own database engine, after the fork.
"""

import gc
from importlib import import_module
from typing import Any


def on_starting(_server: Any) -> None:
    """Runs in gunicorn's parent process, which serves nothing itself."""
    import_module("portal.app")
    import_module("portal.features").load()
    gc.collect()
    gc.freeze()  # what is loaded stays: looking through it again would copy it into every process
