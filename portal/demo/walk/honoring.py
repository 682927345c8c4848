"""From the scores to the winners, told at once: ranking, the tie if there is one, decision by two people."""

import re

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.outbox import Message
from portal.demo.walk.browser import Page, Unexpected
from portal.demo.walk.nominees import cycle_of
from portal.demo.walk.way import Figures, Way
from portal.selection.models import Decision, RankingRun


def rank(way: Way) -> Figures:
    """The chair closes the scoring; the organizer has the ranking computed; the chair settles a tie at the line."""
    chair, sam = way.browser("chair"), way.browser("organizer")
    chair.send(chair.open(f"/rounds/{way.known['round']}/panel").form("/scoring"))
    results = f"/rounds/{way.known['round']}/results"
    sam.press(results, "/results/compute")
    way.work()
    page, ties = sam.open(results), 0
    if any("/tie/decide" in form.action for form in page.forms):
        settle(way, page)
        ties = 1
    with way.app.app_context():
        run = db.session.scalars(select(RankingRun).order_by(RankingRun.id.desc()).limit(1)).one()
        result = run.result or {}
        return {
            "ranked": len(result["files"]),
            "reviews": result["reviews"],
            "places": run.places,
            "alpha": round(result["agreement"]["alpha"] or 0.0, 2),
            "ties": ties,
            "order": result["recommended"],
        }


def settle(way: Way, page: Page) -> None:
    """The chair chooses among what is still tied, with a reason."""
    chair = way.browser("chair")
    page = chair.open(page.path)
    form = page.form("/tie/decide")
    boxes = re.findall(r'name="chosen"[^>]*value="([^"]+)"', page.html)
    for count in range(1, len(boxes)):
        given = {"chosen": boxes[:count], "reason": "The panel spoke about both; this work reaches further."}
        if chair.send(form, given, expect=0).status == 200:
            return


def decide(way: Way) -> Figures:
    """The organizer proposes what the line says; the same person cannot confirm; the second one does."""
    sam, second = way.browser("organizer"), way.browser("second")
    results, decisions = f"/rounds/{way.known['round']}/results", f"/rounds/{way.known['round']}/decisions"
    sam.send(sam.open(results).form("/decisions/line"))
    form = second.open(decisions).form("/decisions/confirm")
    alone = sam.open(decisions)
    may_alone = any("/decisions/confirm" in each.action for each in alone.forms)
    if may_alone:
        raise Unexpected("whoever proposed the decisions could confirm them alone")
    second.send(form)
    with way.app.app_context():
        counted = select(Decision.outcome, func.count()).where(Decision.state == "confirmed").group_by(Decision.outcome)
        counts = {row[0]: row[1] for row in db.session.execute(counted)}
    return {"winners": counts.get("winner", 0), "decided": sum(counts.values()), "alone": may_alone}


def announce(way: Way) -> Figures:
    """Before, the public page tells nothing; then one button, and every letter leaves."""
    sam, visitor = way.browser("organizer"), way.browser("visitor")
    winners_url = f"/awards/{way.slug}/winners"
    page_url = f"/cycles/{way.known['cycle']}/announcement"
    with way.app.app_context():
        query = select(Decision).where(Decision.cycle_id == cycle_of(way).id, Decision.outcome == "winner")
        winners = [(d.file.name, d.file.email) for d in db.session.scalars(query)]
    before = visitor.open(winners_url).words
    told_before = sum(name in before for name, _email in winners)
    if told_before:
        raise Unexpected(f"the public page named {told_before} winners before the announcement")
    sam.press(page_url, "/announcement")
    sam.send(sam.open(page_url).form("/announcement/announce"))
    way.work()
    after = visitor.open(winners_url).words
    way.honored = winners
    with way.app.app_context():
        letters = db.session.scalar(
            select(func.count()).select_from(Message).where(Message.template.like("selection/%"))
        )
    return {
        "winners": len(winners),
        "letters": letters,
        "told_before": told_before,
        "public": sum(name in after for name, _email in winners),
    }
