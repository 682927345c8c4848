"""Reminds nominators whose address is not proven yet, once."""

from datetime import timedelta

from portal.core import jobs
from portal.core.clock import now
from portal.core.db import transaction
from portal.nominations.actions import nominate
from portal.nominations.queries import nomination as reads
from portal.nominations.rules.nominate import form_settings


@jobs.job("nominations.remind_unproven", every=timedelta(hours=6))
def remind_unproven() -> None:
    """One letter to each nominator whose program's days have passed; a letter at a time, safe to run twice."""
    moment = now()
    for nomination in reads.unproven_since(moment - timedelta(days=1)):
        wait = timedelta(days=form_settings(nomination.program).remind_after_days)
        if nomination.submitted_at is not None and nomination.submitted_at <= moment - wait:
            with transaction():
                nominate.remind(nomination)
