"""Checkpoints of SQLite's write-ahead log, on one connection in the worker.

Before SQLite 3.51.3 two connections that checkpoint at the same time can, rarely, corrupt the database; web processes
therefore leave it alone (`core.db`), and this one does it while another connection holds the write lock.
"""

import logging
import sqlite3
import threading
import time

from portal.core.db import needs_janitor

log = logging.getLogger("portal.janitor")
INTERVAL = 5.0  # seconds


def checkpoint(path: str) -> bool:
    """One passive checkpoint under the write lock; False when the lock could not be had."""
    guard = sqlite3.connect(path, timeout=2, isolation_level=None)
    hand = sqlite3.connect(path, timeout=2, isolation_level=None)
    try:
        guard.execute("BEGIN IMMEDIATE")
        hand.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        guard.execute("ROLLBACK")
        return True
    except sqlite3.OperationalError:
        return False
    finally:
        hand.close()
        guard.close()


def start(path: str) -> None:
    """Starts the janitor's thread when this SQLite needs one, and says so."""
    if not needs_janitor() or not path:
        return
    log.warning(
        "SQLite %s: the worker's janitor does the checkpoints (3.51.3 and later need none)", sqlite3.sqlite_version
    )

    def rounds() -> None:
        while True:
            time.sleep(INTERVAL)
            checkpoint(path)

    threading.Thread(target=rounds, name="janitor", daemon=True).start()
