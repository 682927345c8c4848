"""What accounts do by themselves: close invitations that ran out."""

from datetime import timedelta

from portal.accounts import actions
from portal.core.db import transaction
from portal.core.jobs import job


@job("accounts.expire_invitations", every=timedelta(hours=1))
def expire_invitations() -> None:
    """Marks the invitations to roles whose time to answer is over."""
    with transaction():
        actions.expire_invitations()
