"""Fair play: looks at nominations as they come in, keeps what speaks against them, and takes a person's judgment."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.marks import mark_of
from portal.nominations.actions.files import mark_spam
from portal.nominations.fairplay import FLAGGED, Evidence, judge, points, shingles, sketch
from portal.nominations.models import FairPlayFlag, Nomination, Print
from portal.nominations.queries import fairplay as queries
from portal.nominations.rules.files import LIVE, MANAGE_FILES
from portal.nominations.rules.nominate import form_settings
from portal.programs.models import Cycle

READ = ("file_id", "submitted_at", "nominator_email", "network", "story", "state")  # what the evidence is made of


@dataclass(frozen=True)
class Weighed:
    """One nomination as it was read, by a mark, and what speaks against it."""

    id: int
    mark: str
    evidence: list[Evidence]


def look(ids: Sequence[int]) -> int:
    """Looks at these few nominations in the open transaction; how many are flagged now and were not before."""
    sketch_anew(ids)
    return keep(ids, weigh(ids))


def sketch_anew(ids: Sequence[int]) -> None:
    """Writes by what their stories are found alike."""
    _print(list(queries.light(ids).values()))


def weigh(ids: Sequence[int]) -> list[Weighed]:
    """Weighs these nominations and those that their evidence names. Reads only, and may take its time: whoever stuffs
    the box with one story a thousand times must not hold the database from everybody else.
    """
    found = queries.light(ids)
    weighed = [_weigh(nomination) for nomination in found.values()]
    named = {other for each in weighed for evidence in each.evidence for other in evidence.others}
    return weighed + [_weigh(nomination) for nomination in queries.light(sorted(named - set(found))).values()]


def keep(ids: Sequence[int], weighed: Sequence[Weighed]) -> int:
    """Keeps what was found; how many are flagged now and were not before. Safe to run twice; what has changed since it
    was read is looked at again. Nothing is hidden or deleted: a flag waits for a person.
    """
    now_there = queries.light([each.id for each in weighed], lock=True)
    same = [each for each in weighed if each.id in now_there and mark_of(now_there[each.id], READ) == each.mark]
    raised = sum(_keep(now_there[each.id], each.evidence) for each in same)
    looked = {each.id for each in same} & set(ids)
    sweep(update(Nomination).where(Nomination.id.in_(looked)).values(looked_at=now()))
    return raised


def _print(nominations: list[Nomination]) -> None:
    """Writes the sketches of the stories anew."""
    db.session.execute(delete(Print).where(Print.nomination_id.in_([n.id for n in nominations])))
    rows = [
        {"nomination_id": n.id, "cycle_id": n.cycle_id, "value": value}
        for n in nominations
        for value in sketch(shingles(n.story))
    ]
    if rows:
        db.session.execute(insert(Print), rows)


def _weigh(nomination: Nomination) -> Weighed:
    quick = form_settings(nomination.program).least_seconds  # what the form itself asks people to take
    evidence = judge(queries.sent(nomination), queries.around(nomination), quick=quick)
    return Weighed(nomination.id, mark_of(nomination, READ), evidence)


def _keep(nomination: Nomination, evidence: list[Evidence]) -> bool:
    """Keeps the evidence; whether the nomination is newly up for judgment. What a person judged stays judged, unless
    evidence of a new kind has come since and the nomination still stands.
    """
    flag = db.session.get(FairPlayFlag, nomination.id)
    total, kept = points(evidence), [asdict(each) | {"others": list(each.others)} for each in evidence]
    if flag is None:
        if total < FLAGGED or nomination.state not in LIVE:
            return False
        values = {"cycle_id": nomination.cycle_id, "points": total, "evidence": kept, "found_at": now()}
        db.session.add(FairPlayFlag(nomination_id=nomination.id, **values))
        return True
    new = {each.kind for each in evidence} - {each["kind"] for each in flag.evidence}
    if flag.state == "open" or (new and total > flag.points and nomination.state in LIVE):
        if total < FLAGGED:
            db.session.delete(flag)
            return False
        again = flag.state != "open"
        flag.points, flag.evidence, flag.state = total, kept, "open"
        return again
    return False


def find_honest(by: Any, cycle: Cycle, ids: Sequence[int]) -> int:
    """A person finds these nominations honest: they leave the list and stand as they stood; how many."""
    return _judge(by, cycle, ids, "honest")


def set_aside(by: Any, cycle: Cycle, ids: Sequence[int]) -> int:
    """A person sets these nominations aside as spam; each can be taken back at its file; how many."""
    return _judge(by, cycle, ids, "aside")


def _judge(by: Any, cycle: Cycle, ids: Sequence[int], verdict: str) -> int:
    demand(by, MANAGE_FILES, cycle)
    query = select(FairPlayFlag).where(
        FairPlayFlag.cycle_id == cycle.id, FairPlayFlag.nomination_id.in_(list(ids)), FairPlayFlag.state == "open"
    )
    flags = list(db.session.scalars(query.with_for_update()))
    nominations = {
        n.id: n
        for n in db.session.scalars(select(Nomination).where(Nomination.id.in_([f.nomination_id for f in flags])))
    }
    for flag in flags:
        nomination = nominations[flag.nomination_id]
        flag.state, flag.judged_at, flag.judged_by_id = verdict, now(), by.id
        if verdict == "aside" and nomination.state in LIVE:
            mark_spam(by, nomination)
        kinds = sorted({each["kind"] for each in flag.evidence})
        audit.record(by, f"nomination.found_{verdict}", nomination, None, evidence=kinds)
    return len(flags)


def forget_traces() -> None:
    """Forgets, three months after a nomination was sent, from which network it came, and its story's sketch."""
    old = now() - queries.FORGET_AFTER
    past = select(Nomination.id).where(Nomination.submitted_at < old)
    db.session.execute(delete(Print).where(Print.nomination_id.in_(past)))
    known = Nomination.submitted_at < old, Nomination.network != ""
    sweep(update(Nomination).where(*known).values(network=""))
