"""Deleted views of lists, thrown away when their time is over."""

from datetime import timedelta

from portal.core.db import transaction
from portal.core.jobs import job
from portal.nominations.actions import views as actions


@job("nominations.forget_views", every=timedelta(hours=24))
def forget() -> None:
    """Throws away what was deleted and can't be put back any more."""
    with transaction():
        actions.forget_deleted()
