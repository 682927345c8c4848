"""A winner joins the Collective and gives a session; the public agenda shows it."""

from datetime import timedelta

from sqlalchemy import select

from portal.collective.models import Invitation
from portal.convenings.models import Convening, Proposal, Session
from portal.core import audit
from portal.core.clock import today
from portal.core.db import db
from portal.demo.acts.convening import saturday
from portal.demo.walk.browser import Unexpected
from portal.demo.walk.reading import join
from portal.demo.walk.way import Figures, Way
from portal.demo.words.talks import TALKS


def join_collective(way: Way) -> Figures:
    """Announced winners are invited; the first two accept by their links, and one writes a profile."""
    sam = way.browser("organizer")
    sam.press(f"/collective/{way.slug}/invitations", "/invitations/winners")
    way.work()
    for _name, address in way.honored[:2]:
        join(way, address, way.letter("collective/invitation", address).link("/collective/join/"))
    winner = way.browser(way.honored[0][1])
    profile = winner.open(f"/collective/{way.slug}/profile")
    winner.send(profile.form("/profile"), {"bio": "I teach, and I listen.", "ask_about": "Reading conferences"})
    with way.app.app_context():
        invited = select(Invitation.state).where(Invitation.file_id.is_not(None))
        states = list(db.session.scalars(invited))
    return {"invited": len(states), "joined": states.count("accepted")}


def make_convening(way: Way) -> Figures:
    """The organizer makes a convening on a Saturday in some weeks, its rooms and blocks, and opens the call."""
    sam = way.browser("organizer")
    day = saturday(today() + timedelta(days=75))
    made = sam.send(
        sam.open(f"/programs/{way.slug}/convenings").form("/convenings"),
        {"name_en": "ECET2 Atlanta", "name_es": "ECET2 Atlanta", "day": day.isoformat(), "place": "Town Square High"},
    )
    with way.app.app_context():
        way.known["convening"] = db.session.scalars(select(Convening.public_id)).one()
    base = f"/convenings/{way.known['convening']}"
    for room in ("Auditorium", "Room 101"):
        sam.send(sam.open(f"{base}/day").form("/rooms"), {"name": room, "capacity": "40"})
    for starts, ends in (("09:00", "10:00"), ("10:15", "11:15")):
        given = {"starts": starts, "ends": ends, "name_en": "Sessions", "name_es": "Sesiones", "whole": None}
        sam.send(sam.open(f"{base}/day").form("/blocks"), given)
    sam.send(sam.open(base).form("/publish"))
    return {"day": f"{day:%A, %B} {day.day}", "rooms": 2, "blocks": 2, "made": made.status}


def propose(way: Way) -> Figures:
    """The winner proposes a session and names the other winner, who says yes for themself."""
    (_name, author_address), (other_name, other) = way.honored[:2]
    author = way.browser(author_address)
    call = author.open(f"/convenings/{way.known['convening']}/propose")
    page = author.send(call.form("/propose"))
    title, summary, takeaway, area, audience, length, language = TALKS[0]
    given = {
        "title": title, "summary": summary, "takeaway": takeaway, "area": area, "audience": audience,
        "length": str(length), "language": language, "co_name": other_name, "co_email": other,
    }  # fmt: skip
    page = author.send(page.form("/edit"), given, button="add")
    author.send(page.form("/edit"), {**given, "co_name": "", "co_email": ""}, button="send")
    way.work()
    link = way.letter("convenings/co_presenter", other).link("/sessions/present/")
    join(way, other, link)
    with way.app.app_context():
        proposal = db.session.scalars(select(Proposal)).one()
        way.known["proposal"] = proposal.public_id
        return {"title": proposal.title, "state": proposal.state, "presenters": len(proposal.presenters)}


def accept_and_confirm(way: Way) -> Figures:
    """The organizer accepts; every presenter confirms by the link in their letter; the proposal becomes a session."""
    second = way.browser("second")
    page = second.open(f"/proposals/{way.known['proposal']}")
    second.send(page.form("/decide"), {"verb": "accept", "note": "We look forward to this."})
    way.work()
    author, other = (address for _name, address in way.honored[:2])
    for address, template in ((author, "convenings/decision"), (other, "convenings/confirm")):
        link = way.letter(template, address).link("/sessions/confirm/")
        way.browser(address).press(link)
    with way.app.app_context():
        proposal = db.session.scalars(select(Proposal)).one()
        return {"state": proposal.state, "confirmed": sum(p.confirmed_at is not None for p in proposal.presenters)}


def place_and_release(way: Way) -> Figures:
    """The organizer places the session and releases the agenda; anybody reads it."""
    sam, visitor = way.browser("organizer"), way.browser("visitor")
    with way.app.app_context():
        found = db.session.scalars(select(Session)).one()
        public_id, title = found.public_id, next(iter(found.title.values()))
    agenda = f"/convenings/{way.known['convening']}/agenda"
    shown_before = title in visitor.open(f"/awards/{way.slug}/convening").words
    slot = sam.open(agenda).form("/agenda")
    sam.send(slot, {"session": public_id})
    release = next((f for f in sam.open(agenda).forms if "/release" in f.action), None)
    if release is None:
        release = sam.open(f"/convenings/{way.known['convening']}").form("/release")
    sam.send(release)
    way.work()
    words = visitor.open(f"/awards/{way.slug}/convening").words
    if shown_before:
        raise Unexpected(f"the public agenda showed “{title}” before it was released")
    if title not in words:
        raise Unexpected(f"the public agenda does not show “{title}”")
    winner = way.honored[0][0]
    return {"title": title, "before": shown_before, "shown": title in words, "by_winner": winner in words,
            "winner": winner}  # fmt: skip


def verify(way: Way) -> Figures:
    """The whole record is recomputed, and fits."""
    with way.app.app_context():
        count, findings = audit.verify()
    if findings:
        raise Unexpected(f"{len(findings)} of the record’s {count} entries do not fit")
    return {"entries": count, "findings": len(findings)}
