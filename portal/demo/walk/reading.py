"""A panel from nothing: past winners join, readers are invited, the plan is released, everybody scores."""

import math
import re
from random import Random
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.demo.walk.browser import Page, Unexpected
from portal.demo.walk.nominees import cycle_of
from portal.demo.walk.way import Figures, Way
from portal.demo.words.evidence import EVIDENCE
from portal.demo.words.names import PARENTS
from portal.review import queries as review
from portal.review.models import Assignment, Panel, Review

SHARE_OF_WINNERS = 0.4  # of the readers have won before; the rules ask for one among three
BIASES = (-0.5, 0.0, 0.45, -0.2, 0.25, 0.0, 0.1)


def second_organizer(way: Way) -> Figures:
    """The first organizer invites a second one: two people decide."""
    sam = way.browser("organizer")
    address = "second.organizer@example.org"
    form = sam.open(f"/awards/{way.slug}/people").form("/people")
    sam.send(form, {"name": "Second Organizer", "email": address, "role": "organizer"})
    join(way, "second", way.letter("accounts/role_invitation", address).link("/invitation"))
    return {"organizers": 2}


def join(way: Way, who: str, link: str, **given: Any) -> Page:
    """Accepts an invitation by its link."""
    browser = way.browser(who)
    form = browser.open(link).form("")
    return browser.send(form, given, button="accept" if ("answer", "accept") in _names(form) else "")


def _names(form: Any) -> list[tuple[str, str]]:
    return [(name, value) for name, value, _text in form.buttons]


def past_winners(way: Way) -> Figures:
    """Winners of earlier years are invited to the Collective and join: each file needs one among its readers."""
    with way.app.app_context():
        files = review.count_to_read(cycle_of(way).id)
        round_ = cycle_of(way).rounds[0]
        way.known["round"] = round_.public_id
        readers, most = round_.readers, round_.max_load
    wanted = math.ceil(files * readers / most) + 2
    people = [(name, f"reader{at}@example.org") for at, name in enumerate(PARENTS[:wanted])]
    winners = people[: max(3, round(wanted * SHARE_OF_WINNERS), math.ceil(files / most) + 1)]
    way.readers = {address: name for name, address in people}
    sam = way.browser("organizer")
    for at, (name, address) in enumerate(winners):
        form = sam.open(f"/collective/{way.slug}/invitations").form(f"/collective/{way.slug}/invitations")
        form = next(f for f in sam.open(f"/collective/{way.slug}/invitations").forms if _asks_cohort(f)) or form
        sam.send(form, {"name": name, "email": address, "cohort": str(2015 + at % 6)})
        join(way, address, way.letter("collective/invitation", address).link("/collective/join/"))
    return {"winners": len(winners), "readers": len(people), "files": files}


def _asks_cohort(form: Any) -> bool:
    return any(name == "cohort" for name, _value in form.fields)


def invite_panel(way: Way) -> Figures:
    """The organizer makes the panel, invites a chair and a list of readers; each accepts by the mailed link."""
    sam, panel_url = way.browser("organizer"), f"/rounds/{way.known['round']}/panel"
    sam.press(panel_url, "/panel")
    with way.app.app_context():
        panel = db.session.scalars(select(Panel).where(Panel.cycle_id == cycle_of(way).id)).one()
        way.known["panel"] = panel.public_id
    sam.press(panel_url, "/seats", {"name": "Chair Person", "email": "chair@example.org", "place": "3", "school": ""})
    people = "\n".join(f"{name}, {address}" for address, name in way.readers.items())
    sam.send(sam.open(panel_url).form("/seats/list"), {"people": people})
    seats = ["chair@example.org", *way.readers]
    for address in seats:
        link = way.letter("review/invitation", address).link("/panel-invitation/")
        who = "chair" if address.startswith("chair@") else address
        page = join(way, who, link, confidential="y", school_name="")
        while "/conflicts" in page.path and any("/conflicts" in f.action for f in page.forms):
            page = way.browser(who).send(page.form("/conflicts"))
    return {"seats": len(seats), "readers": len(way.readers)}


def plan_and_release(way: Way) -> Figures:
    """The chair asks for a plan; the worker works it out; the chair releases it and everybody is told once."""
    chair, plan_url = way.browser("chair"), f"/panels/{way.known['panel']}/plan"
    chair.press(plan_url, "/plan")
    way.work()
    page = chair.open(plan_url)
    if not any("/release" in form.action for form in page.forms):
        raise Unexpected(f"no plan was proposed: {page.words[:800]}")
    chair.send(page.form("/release"))
    way.work()
    with way.app.app_context():
        loads: dict[int, int] = {}
        for person_id in db.session.scalars(select(Assignment.person_id).where(Assignment.state == "released")):
            loads[person_id] = loads.get(person_id, 0) + 1
    return {
        "assignments": sum(loads.values()),
        "least": min(loads.values()),
        "most": max(loads.values()),
        "told": len(way.letters("review/files_released")),
    }


def score(way: Way) -> Figures:
    """Every reader opens every file of theirs, chooses levels, writes a line of evidence, hands in; one steps back."""
    recused = _one_steps_back(way)
    handed_in = 0
    for at, address in enumerate(way.readers):
        reader, rng = way.browser(address), Random(at)
        seen: set[str] = set()
        while True:
            linked = [u for u in reader.open("/my-files").links if re.search(r"/assignments/[\w-]+$", u)]
            waiting = [link for link in dict.fromkeys(linked) if link not in seen]
            if not waiting:
                break
            for link in waiting:
                seen.add(link)
                handed_in += _hand_in(reader, link, BIASES[at % len(BIASES)], rng)
    with way.app.app_context():
        states = list(db.session.scalars(select(Review.state)))
    return {"reviews": states.count("submitted"), "versions": len(states), "handed_in": handed_in, "recused": recused}


def _hand_in(reader: Any, link: str, bias: float, rng: Random) -> int:
    page = reader.open(link)
    if "closed to you" in page.words or not page.forms:
        return 0
    sheet = next((f for f in page.forms if any(name.startswith("seen-") for name, _v in f.fields)), None)
    if sheet is None or ("act", "submit") not in _names(sheet):
        return 0
    keys = [name.removeprefix("seen-") for name, _value in sheet.fields if name.startswith("seen-")]
    name = page.html.partition("<h1")[2].partition("</h1>")[0]
    quality = 1.9 + (sum(map(ord, name)) % 17) / 10  # the same for every reader of the file
    given: dict[str, str] = {}
    for key in keys:
        level = max(1, min(4, round(quality + bias + rng.gauss(0, 0.5))))
        given[f"level-{key}"] = str(level)
        given[f"evidence-{key}"] = rng.choice(EVIDENCE[level])
    reader.send(sheet, given, button="submit")
    return 1


def _one_steps_back(way: Way) -> int:
    """A reader finds a friend among their files; another reader is found by one button."""
    address = next(iter(way.readers))
    reader = way.browser(address)
    page = reader.open("/my-files")
    link = next((each for each in page.links if re.search(r"/assignments/[\w-]+$", each)), None)
    if link is None:
        return 0
    reader.send(reader.open(f"{link}/recuse").form("/recuse"), {"why": "close"})
    chair = way.browser("chair")
    page = chair.open(f"/panels/{way.known['panel']}/files?show=short")
    chair.send(page.form("/reader"))
    way.work()
    return 1
