"""Every address there is to visit, for crawls: each GET route filled in from the estate, and every mailed link."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.core.db import db, transaction
from portal.programs.models import School
from portal.review.models import Panel
from tests.cast import letters, links_in, run_jobs
from tests.convenings.world import TYPED, add_convening, add_member
from tests.guards.estate import PEOPLE, Estate
from tests.guards.test_matrix import ask
from tests.nominations.consenting import add_file
from tests.nominations.consenting import ask as ask_nominee
from tests.nominations.walking import Walker, nominate

SIGNED_IN = [name for name in PEOPLE if name]
VERBS = ("accept", "decline", "erase")  # who has not said yes cannot withdraw


@dataclass(frozen=True)
class Road:
    """One address as one person goes there (None: somebody without an account)."""

    rule: str
    url: str
    name: str | None


def routes(app: Flask) -> list[Any]:
    """Every route that answers GET and stands for itself (links need their letter, kept forms their browser)."""
    skipped = {"core.kept_form"}
    return [
        rule
        for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule)
        if "GET" in (rule.methods or ())
        and rule.endpoint not in skipped
        and "token" not in rule.arguments
        # A nomination is its nominator's browser's own: `walkers` goes there.
        and not rule.rule.startswith("/awards/<slug>/nominate/<public_id>")
    ]


def roads(estate: Estate) -> Iterator[Road]:
    """Each route for everybody who gets in: public ones for a visitor and an organizer, the rest by their door."""
    urls = estate.app.url_map.bind("localhost")
    for rule in routes(estate.app):
        view = estate.app.view_functions[rule.endpoint]
        url = urls.build(rule.endpoint, estate.arguments(rule))
        public = getattr(view, "access", ("", ""))[0] == "public"
        for name in (None, "sam") if public else SIGNED_IN:
            if public or (name and ask(estate, rule, view, name) == "in"):
                yield Road(rule.rule, url, name)


def mailed(estate: Estate) -> list[Road]:
    """Sends every kind of letter with a link there is; the links, for anybody who holds them."""
    cast = estate.cast
    asked = add_file(cast, "Nell Asked", email="nell@example.org")
    ask_nominee(cast, asked)
    with estate.app.app_context():
        panel = db.session.scalar(select(Panel.public_id).where(Panel.cycle_id == cast.cycle_id))
    sam = cast.browser("sam")
    sam.post(f"/panels/{panel}/seats", {"name": "Pia Reader", "email": "pia@example.org", "place": 1})
    cast.browser().post("/sign-in", {"email": "sam@example.org"})
    convening = add_convening(cast)
    add_member(cast, "wanda")
    wanda = cast.browser("wanda")
    edit = wanda.post(f"/convenings/{convening}/propose").location
    wanda.post(edit, {**TYPED, "co_name": "Odessa Greene", "co_email": "odessa@example.org", "do": "add"})
    wanda.post(edit, {**TYPED, "do": "send"})
    alone = wanda.post(f"/convenings/{convening}/propose").location
    wanda.post(alone, {**TYPED, "title": "Alone", "do": "send"})
    sam.post(f"/proposals/{alone.split('/')[2]}/decide", {"verb": "accept", "note": ""})
    with estate.app.app_context(), transaction() as s:
        s.get_one(School, cast.school_ids["Powder Mill Middle School"]).contact_email = "mill@example.org"
    sam.post(f"/cycles/{cast.cycle}/silent-schools/letter")
    nominate(cast)
    run_jobs(estate.app)
    return list(_links(estate.app))


def _links(app: Flask) -> Iterator[Road]:
    """One link of each kind in the outbox that still opens."""
    urls, client, seen = app.url_map.bind("localhost"), app.test_client(), set()
    for letter in letters(app):
        for link in links_in(letter.text):
            path, _mark, _query = link.rstrip(".,").partition("?")
            rule, values = urls.match(path, return_rule=True)
            if "token" not in values or rule.rule in seen or client.get(link.rstrip(".,")).status_code != 200:
                continue
            seen.add(rule.rule)
            yield Road(rule.rule, link.rstrip(".,"), None)
            if rule.endpoint == "nominations_consent.page":
                for verb in VERBS:
                    yield Road(f"{rule.rule}/{verb}", f"{path}/{verb}", None)


def walkers(estate: Estate) -> list[tuple[Walker, list[str]]]:
    """A nominator on the way and one who is done, with the addresses that are theirs alone."""
    on, young = Walker(estate.cast).begin().fill(), Walker(estate.cast).begin(age="under")
    done = nominate(estate.cast)
    steps = [f"{on.url}/{step}" for step in ("educator", "you", "story", "name", "check")]
    return [(on, steps), (young, [f"{young.url}/helper"]), (done, [done.url, f"{done.url}/sent"])]


def headings(page: str) -> list[str]:
    """The words of each h1 of a page."""
    return [" ".join(re.sub(r"<[^>]+>", " ", h).split()) for h in re.findall(r"<h1\b.*?</h1>", page, re.S)]


def twice(page: str) -> list[str]:
    """The ids that stand more than once on a page."""
    found = Counter(re.findall(r"""<[^>]*\sid=["']([^"']*)["']""", page))
    return sorted(each for each, n in found.items() if n > 1)
