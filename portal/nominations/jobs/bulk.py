"""Works an act on many files through, some files a transaction: the same steps for the page and the worker."""

from collections.abc import Callable
from datetime import timedelta

from portal.core.db import breathe, db, transaction
from portal.core.jobs import job
from portal.nominations.actions import bulk as actions


@job(actions.JOB)
def do(bulk_id: int) -> None:
    """Does the act to all files that are left; nothing when it is done. Safe to run twice, also at once."""
    _some_at_a_time(actions.do_some, bulk_id)


@job(actions.UNDO_JOB)
def undo(bulk_id: int) -> None:
    """Takes it back from all files that are left, in the same way."""
    _some_at_a_time(actions.undo_some, bulk_id)


def _some_at_a_time(step: Callable[[int], bool], bulk_id: int) -> None:
    more = True
    while more:
        with transaction():
            more = step(bulk_id)
        if more:
            db.session.expunge_all()  # what is done is not needed again
            breathe()


@job("nominations.forget_bulk", every=timedelta(hours=24))
def forget() -> None:
    """Throws away previews that nobody began, and what was kept only to take an act back."""
    with transaction():
        actions.forget()
