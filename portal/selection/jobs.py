"""The ranking of a round, computed in the worker."""

from portal.core.jobs import job
from portal.selection import actions


@job("selection.rank")
def rank(run_id: int) -> None:
    """Computes one asked-for ranking; running it again changes nothing."""
    actions.compute(run_id)
