"""What nominees who did not say yes were promised: that we forget them in time."""

from datetime import timedelta
from functools import partial

from portal.core import audit, jobs
from portal.nominations.actions import erasing
from portal.nominations.queries import consent as queries


@jobs.job("nominations.erase_in_time", every=timedelta(hours=24))
def erase_in_time() -> None:
    """Erases, one by one, all files of people who said no or nothing, once the promised time is over."""
    jobs.one_by_one(queries.overdue_to_erase, partial(erasing.erase, audit.SYSTEM))
