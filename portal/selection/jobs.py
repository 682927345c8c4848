"""Later: computing the ranking of a round, telling a panel that a vote is open."""

from portal.core.db import transaction
from portal.core.jobs import job
from portal.selection import actions


@job("selection.rank")
def rank(run_id: int) -> None:
    """Computes one asked-for ranking; running it again changes nothing."""
    actions.compute(run_id)


@job("selection.tell_voters")
def tell_voters(vote_id: int) -> None:
    """Writes to whoever may vote on a tie; the letters' keys keep it to one a person."""
    with transaction():
        actions.tell_voters(vote_id)
