"""What nominees who did not say yes were promised: that we forget them in time."""

from datetime import timedelta

from portal.core.db import transaction
from portal.core.jobs import job
from portal.nominations.actions import erasing
from portal.nominations.queries import consent as queries


@job("nominations.erase_in_time", every=timedelta(hours=24))
def erase_in_time() -> None:
    """Erases, one by one, files of people who said no or nothing, once the promised time is over."""
    for file in queries.overdue_to_erase():
        with transaction():
            erasing.erase("system", file)
