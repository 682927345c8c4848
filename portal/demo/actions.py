"""Signing in as somebody of the demo: links that last, and the button of the demo's page."""

from datetime import timedelta

from portal.accounts import actions as accounts
from portal.accounts.models import Person, SignInRequest
from portal.core import audit, links, settings
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import NotThere

LASTS = timedelta(days=30)


def only_in_a_demo() -> None:
    """Outside a demo there is no such thing as signing in as somebody else."""
    if not settings.current().demo:
        raise NotThere()


def sign_in_as(person: Person, device: str) -> str:
    """Signs this browser in as a person of the demo; the secret for its cookie."""
    only_in_a_demo()
    return accounts.begin_sign_in(person, device)


def lasting_link(person: Person) -> links.Link:
    """A sign-in link to print: used once like every other, but good for a month."""
    only_in_a_demo()
    request = SignInRequest(person_id=person.id, email=person.email, next="/", expires_at=now() + LASTS)
    db.session.add(request)
    db.session.flush()
    audit.record(audit.OPERATOR, "person.sign_in_link_made", person)
    return links.issue("sign-in", request.id, email=person.email, lasts=LASTS)
