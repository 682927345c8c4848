"""Reminds nominators whose address is not proven yet, once."""

from datetime import timedelta
from functools import partial

from portal.core import jobs
from portal.core.clock import now
from portal.nominations.actions import nominate
from portal.nominations.queries import nomination as reads
from portal.nominations.rules.nominate import form_settings


@jobs.job("nominations.remind_unproven", every=timedelta(hours=6))
def remind_unproven() -> None:
    """One letter to each nominator whose program's days have passed; a letter at a time, safe to run twice."""
    moment = now()
    due = [(each.id, form_settings(each).remind_after_days) for each in reads.programs_with_unproven()]
    for program_id, days in due:
        jobs.one_by_one(partial(reads.unproven_since, program_id, moment - timedelta(days=days)), nominate.remind)
