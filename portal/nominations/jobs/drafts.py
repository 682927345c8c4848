"""Drafts that nobody sent: ended when nominations have closed, erased when their time is over."""

from datetime import timedelta

from portal.core import jobs
from portal.core.db import transaction
from portal.nominations.actions import expiring
from portal.nominations.queries import nomination as reads


@jobs.job("nominations.expire_drafts", every=timedelta(hours=6))
def expire_drafts() -> None:
    """Some drafts a transaction; safe to run twice. Nobody is written to: the pages and links say what happened."""
    for cycle in reads.closed_cycles():
        while drafts := reads.unsent(cycle, "draft"):
            with transaction():
                if not expiring.expire(drafts):
                    break
        if reads.drafts_are_over(cycle):
            while expired := reads.unsent(cycle, "expired"):
                with transaction():
                    expiring.erase(expired)
