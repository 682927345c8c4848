"""gunicorn's hooks: the code is loaded once, before the web processes are forked, so that they share its memory.

Only code: each process makes its own application, and with it its own database engine, after the fork.
"""

import ctypes
import gc
from importlib import import_module
from typing import Any

HUGE = 200_000  # bytes of an answer; making one needs many times its size
_give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's


def on_starting(_server: Any) -> None:
    """Runs in gunicorn's parent process, which serves nothing itself."""
    import_module("portal.app")
    import_module("portal.features").load()
    gc.collect()
    gc.freeze()  # what is loaded stays: looking through it again would copy it into every process


def post_request(_worker: Any, _req: Any, _environ: Any, resp: Any) -> None:
    """Gives the system back what a huge answer needed, which glibc would keep."""
    if _give_back is not None and (resp.sent or 0) > HUGE:
        _give_back(0)
