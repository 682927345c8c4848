"""Compares files that are new or changed with the others of their cycle, some at a time."""

from datetime import timedelta

from portal.core.db import transaction
from portal.core.jobs import job
from portal.nominations.actions import likely
from portal.nominations.queries import likely as queries


@job("nominations.compare")
def compare(cycle_id: int) -> None:
    """Suggests likely duplicates until every file of the cycle is compared; safe to run twice, also at once."""
    more = True
    while more:
        with transaction():
            more = likely.compare_some(cycle_id)


@job("nominations.compare_rest", every=timedelta(hours=1))
def compare_rest() -> None:
    """Picks up what nobody asked for: files whose job was lost, or that were written in bulk."""
    for cycle_id in queries.cycles_to_compare():
        compare(cycle_id)
