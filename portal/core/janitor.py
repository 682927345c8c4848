"""What SQLite needs done outside of requests: checkpoints of its write-ahead log, a look at how full its tables are.

Before SQLite 3.51.3 two connections that checkpoint at the same time can, rarely, corrupt the database; web processes
therefore leave it alone (`core.db`), and one connection in the worker does it while another holds the write lock.
"""

import logging
import sqlite3
import threading
import time

from portal.core.db import needs_janitor

log = logging.getLogger("portal.janitor")
INTERVAL = 5.0  # seconds between checkpoints
PATIENCE = 2.0  # seconds to wait for who writes
LOOKS = 3600.0  # seconds between looks at the tables
LOOKED_AT = 4000  # rows of an index that are looked at: enough to choose by, done in a twentieth of a second


def checkpoint(path: str) -> bool:
    """One passive checkpoint under the write lock; False when the lock could not be had."""
    guard = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    hand = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
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


def look_at_tables(path: str) -> bool:
    """Lets SQLite choose its indexes by how full they are (PostgreSQL does it by itself); False when somebody wrote.

    `PRAGMA optimize` would look only at the tables that its own connection has asked for.
    """
    hand = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        if needs_janitor():
            hand.execute("PRAGMA wal_autocheckpoint=0")
        hand.execute(f"PRAGMA analysis_limit={LOOKED_AT}")
        hand.execute("ANALYZE")
        return True
    except sqlite3.OperationalError:
        return False
    finally:
        hand.close()


def start(path: str) -> None:
    """Starts the janitor's thread; says so when this SQLite leaves checkpoints to it."""
    if not path:
        return
    if needs_janitor():
        log.warning(
            "SQLite %s: the worker's janitor does the checkpoints (3.51.3 and later need none)", sqlite3.sqlite_version
        )
    threading.Thread(target=_rounds, args=(path,), name="janitor", daemon=True).start()


def _rounds(path: str) -> None:
    looks_at = 0.0
    while True:
        if time.monotonic() >= looks_at and look_at_tables(path):
            looks_at = time.monotonic() + LOOKS
        time.sleep(INTERVAL)
        if needs_janitor():
            checkpoint(path)
