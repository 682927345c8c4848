"""What the staff keep to themselves: a unique word in each such field, looked for on every page of everybody, in every
letter, and in every table. For who may not know, a program with these secrets answers as one without them.
"""

from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import Base, db, transaction
from portal.nominations.models import Nomination, NomineeFile
from tests.cast import letters, run_jobs
from tests.guards.crawl import differing, everything, urls
from tests.guards.estate import Estate

STAFF = {"sam", "sofia"}
RECORD = {*STAFF, "ada"}  # auditors too
STRANGERS = ("chen", "priya", "wanda", "olga", None)
EVERYBODY = ("sam", "sofia", "ada", *STRANGERS)


class Secret(NamedTuple):
    """Who reads it, and the tables it lies in: nowhere else, least of all in the record."""

    readers: set[str]
    tables: set[str]


SECRETS = {
    "canarynote": Secret(STAFF, {"file_notes"}),
    "canaryprivate": Secret({"sam"}, {"saved_views"}),
    "canarysearch": Secret({"sam"}, {"saved_views"}),
    "canaryshared": Secret(RECORD, {"saved_views"}),
    "canaryreason": Secret(RECORD, {"bulk_acts", "nominee_files"}),
    "canaryaddress": Secret(RECORD, {"nominations", "messages", "links"}),
}


def plant(estate: Estate) -> list[str]:
    """Writes each secret as an organizer does, about a file that no panel has; where else they can be read."""
    sam, cycle = estate.cast.browser("sam"), f"/cycles/{estate.cast.cycle}"
    with estate.app.app_context(), transaction() as s:
        hidden = s.scalars(select(NomineeFile).where(NomineeFile.name == "Opal Open")).one()
        wrote = s.scalars(select(Nomination).where(Nomination.file_id == hidden.id)).first()
        assert wrote is not None
        file, nomination, wrote.state = hidden.public_id, wrote.public_id, "submitted"
    notes = {thing: f"/files/{thing}/notes" for thing in (estate.thing(NomineeFile), file)}
    posts: list[tuple[str, dict[str, Any]]] = [
        *((url, {"text": "canarynote @Sofia"}) for url in notes.values()),
        (f"{cycle}/files/views/new?q=canarysearch", {"name": "canaryprivate"}),
        (f"{cycle}/files/views/new?step=ask", {"name": "canaryshared", "shared": "y"}),
        (f"/nominations/{nomination}/address", {"email": "canaryaddress@example.org"}),
        (f"{cycle}/files/bulk", {"act": "ineligible", "which": "ticked", "file": file}),
    ]
    for url, data in posts:
        answer = sam.post(url, data)
        assert answer.status_code == 303, url
    assert sam.post(f"{answer.location}/do", {"reason": "canaryreason"}).status_code == 303
    return [answer.location, f"/files/{file}", f"{cycle}/notes?show=all"]


@pytest.fixture(params=["scoring", "announced"])
def estate(request: pytest.FixtureRequest, make_app: Any) -> Estate:
    return Estate(make_app(), request.param)


def tables_with(app: Flask, word: str) -> set[str]:
    with app.app_context():
        rows = {t.name: repr(db.session.execute(t.select()).all()) for t in Base.metadata.sorted_tables}
    return {name for name, told in rows.items() if word in told}


def test_each_secret_is_read_by_its_readers_alone_and_nobody_else_can_tell(estate: Estate) -> None:
    addresses = urls(estate)
    browsers = {who: estate.cast.browser(who) for who in EVERYBODY}
    before = {who: everything(estate, browsers[who], addresses) for who in STRANGERS}
    noted = [f"/files/{estate.thing(NomineeFile)}"]
    known = everything(estate, browsers["sam"], noted)
    assert differing(known, everything(estate, browsers["sam"], noted)) == []
    planted = plant(estate)
    after = {who: everything(estate, browsers[who], [*addresses, *planted]) for who in EVERYBODY}
    for who in STRANGERS:
        assert differing(before[who], after[who]) == [], who
    assert differing(known, after["sam"]) == noted  # who may know can tell, and so would this test
    for word, secret in SECRETS.items():
        readers = {who for who in EVERYBODY if any(word in body for body in after[who].values())}
        assert readers == secret.readers, word
    run_jobs(estate.app)
    for word, secret in SECRETS.items():
        assert tables_with(estate.app, word) == secret.tables, word
        told = [each.to for each in letters(estate.app) if word in each.text + (each.html or "") + each.subject]
        assert told == [], word
