"""Asks whoever sends faster than people do to wait a little, says for how long, and keeps what they wrote."""

from datetime import datetime, timedelta
from math import ceil

from flask import current_app, request

from portal.core import tokens
from portal.core.clock import now
from portal.core.db import transaction
from portal.core.forms import read_address
from portal.core.i18n import ngettext
from portal.nominations import brakes
from portal.nominations.actions import drafts
from portal.nominations.models import Nomination
from portal.nominations.queries import fairplay as queries
from portal.nominations.rules.nominate import form_settings, was_sent

HOUR = timedelta(hours=1)


def network() -> str:
    """The network that this request comes from, as a keyed hash: tells the same one again, and nothing else."""
    return tokens.network(current_app.config["PORTAL"].secret_key, request.remote_addr or "")


def challenge(nomination: Nomination) -> str:
    """What the browser calculates on, where the program asks for proof of work: another text for each nomination."""
    return tokens.keyed(current_app.config["PORTAL"].secret_key, "proof", nomination.public_id).hex()


def asked_to_wait(nomination: Nomination) -> str | None:
    """The sentence for whoever has to wait before sending; None when they may send. Kept once, so that it ends."""
    if not current_app.config["RATELIMIT_ENABLED"] or was_sent(nomination):
        return None
    at, kept = now(), nomination.answers.get("wait_until")
    if kept:
        left = (datetime.fromisoformat(kept) - at).total_seconds()
        return _sentence(ceil(left)) if left > 0 else None
    wait = _wait(nomination, at)
    if wait is None:
        return None
    with transaction():
        drafts.hold(nomination, brakes.until(at, wait))
    return _sentence(wait.seconds)


def _wait(nomination: Nomination, at: datetime) -> brakes.Wait | None:
    settings = form_settings(nomination.cycle.program)
    address = read_address(str(nomination.answers.get("email", "")))  # as the nominations that were sent hold it
    by_network, by_address = queries.lately_from(nomination.cycle_id, network(), address, at - HOUR)
    bits = settings.proof_of_work
    return brakes.wait(
        nomination.created_at,
        at,
        by_network,
        by_address,
        least_seconds=settings.least_seconds,
        network_an_hour=settings.network_an_hour,
        address_an_hour=settings.address_an_hour,
        proof_is_missing=bool(bits) and not brakes.proves(challenge(nomination), request.form.get("proof", ""), bits),
    )


def _sentence(seconds: int) -> str:
    return ngettext(
        "Nominations come in very fast right now. Yours is kept: please send it again in one second.",
        "Nominations come in very fast right now. Yours is kept: please send it again in %(num)s seconds.",
        seconds,
    )
