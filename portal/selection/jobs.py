"""Later: computing a ranking, telling a panel that a vote is open, erasing the reasons of decisions about somebody."""

from portal.core.db import db, transaction
from portal.core.jobs import job
from portal.nominations.models import NomineeFile
from portal.selection import actions
from portal.selection.actions import erasing


@job("selection.rank")
def rank(run_id: int) -> None:
    """Computes one asked-for ranking; running it again changes nothing."""
    actions.compute(run_id)


@job("selection.tell_voters")
def tell_voters(vote_id: int) -> None:
    """Writes to whoever may vote on a tie; the letters' keys keep it to one a person."""
    with transaction():
        actions.tell_voters(vote_id)


@job("selection.erase_file")
def erase_file(file_id: int) -> None:
    """A nominee was erased: the reasons of decisions about them go too."""
    with transaction():
        file = db.session.get(NomineeFile, file_id)
        if file is not None:
            erasing.erase_file(file)
