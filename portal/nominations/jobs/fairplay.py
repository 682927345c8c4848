"""Looks at what has come in, some at a time, and forgets in time what was kept for that."""

from datetime import timedelta

from portal.core import jobs
from portal.core.db import transaction
from portal.nominations.actions import fairplay
from portal.nominations.queries import fairplay as queries

CHUNK = 40  # nominations a transaction: others write in between


@jobs.job("nominations.fair_play", every=timedelta(minutes=2))
def look_at_new() -> None:
    """Looks at every nomination that was sent or changed since the last time."""
    while ids := queries.unlooked(CHUNK):
        with transaction():
            fairplay.look(ids)


@jobs.job("nominations.forget_traces", every=timedelta(hours=24))
def forget_traces() -> None:
    """What fair play kept of nominations that are three months old is forgotten."""
    with transaction():
        fairplay.forget_traces()
