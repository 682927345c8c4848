"""Looks at what has come in, some at a time, and forgets in time what was kept for that."""

from datetime import timedelta

from portal.core import jobs
from portal.core.db import db, transaction
from portal.nominations.actions import fairplay
from portal.nominations.queries import fairplay as queries

CHUNK = 40  # nominations at once


@jobs.job("nominations.fair_play", every=timedelta(minutes=2))
def look_at_new() -> None:
    """Looks at every nomination that was sent or changed since the last time."""
    while ids := queries.unlooked(CHUNK):
        with transaction():
            fairplay.sketch_anew(ids)
        weighed = fairplay.weigh(ids)  # outside of any transaction that writes: others write meanwhile
        with transaction():
            fairplay.keep(ids, weighed)
        db.session.expunge_all()


@jobs.job("nominations.forget_traces", every=timedelta(hours=24))
def forget_traces() -> None:
    """What fair play kept of nominations that are three months old is forgotten."""
    with transaction():
        fairplay.forget_traces()
