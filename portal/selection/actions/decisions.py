"""Decisions: proposed at the line or by hand, confirmed together by a second person, taken back until announced."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Mistaken, Overtaken
from portal.core.moves import move
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle
from portal.review.queries.files import STANDS
from portal.selection import queries
from portal.selection.actions.ranking import need_run
from portal.selection.models import Decision
from portal.selection.rules import DECISION, OUTCOMES, Room, needs_reason, outcomes_at_line


def _locked(room: Room) -> Cycle:
    """The cycle's row, locked and read afresh: of two people who decide at once the second sees what the first did.
    Permissions are asked after it, because they ask where the cycle stands."""
    query = select(Cycle).where(Cycle.id == room.cycle_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _drop_who_left(by: Any, room: Room) -> None:
    """Takes back the proposals for files that are no longer in the running: nobody confirms a nominee who withdrew."""
    running = select(NomineeFile.id).where(NomineeFile.cycle_id == room.cycle_id, *STANDS)
    query = select(Decision).where(Decision.cycle_id == room.cycle_id, Decision.state == "proposed")
    for decision in db.session.scalars(query.where(Decision.file_id.not_in(running))):
        move(DECISION, "withdraw", decision, by)


def propose_at_line(by: Any, room: Room, order: str, run_id: str) -> int:
    """Proposes what the line says for every file; how many win. Decisions made by hand before stay as they are.

    `run_id` names the ranking the person looked at: a newer one, or an unsettled tie, is a refusal.
    """
    _locked(room)
    demand(by, "selection.propose", room)
    run = need_run(room)
    if run.public_id != run_id:
        raise Overtaken(_("There is a newer ranking. Look at it before you propose."))
    line = queries.line_of(run, order)
    if line.open_files:
        raise Mistaken(_("Settle the tie at the line first."))
    standing = set(queries.files_in_running(room.cycle_id))
    winners = [f for f in line.ordered if f in line.above and f in standing]
    rest = [f for f in line.ordered if f not in line.above and f in standing]
    outcomes = outcomes_at_line([*winners, *rest], len(winners))
    found = {d.file_id: d for d in db.session.scalars(select(Decision).where(Decision.cycle_id == room.cycle_id))}
    for file_id, outcome in outcomes.items():
        there = found.get(file_id)
        if there is None or there.by_line or there.state != "proposed":
            _propose(by, room, file_id, outcome, there, by_line=True, reason="")
    audit.record(by, "decisions.proposed", room.cycle, order=order, ranking=run.public_id, winners=len(winners))
    return len(winners)


def decide_by_hand(by: Any, room: Room, file: NomineeFile, outcome: str, reason: str) -> Decision:
    """Proposes an outcome for one file; one that differs from the line needs its reason."""
    _locked(room)
    demand(by, "selection.propose", room)
    if outcome not in OUTCOMES:
        raise Mistaken(_("Choose what becomes of this file."))
    run = queries.latest_run(room.round.id)
    line = queries.line_of(run, (run.result or {}).get("recommended", "adjusted")) if run else None
    at_line = None
    if line is not None and file.id in line.ordered:
        at_line = "winner" if file.id in line.above else "not_selected"
    if needs_reason(outcome, at_line) and not reason.strip():
        raise Mistaken(_("This differs from the line. Write the reason, in a sentence that could be read aloud."))
    found = db.session.scalar(select(Decision).where(Decision.cycle_id == room.cycle_id, Decision.file_id == file.id))
    made = _propose(by, room, file.id, outcome, found, by_line=outcome == at_line, reason=reason.strip())
    db.session.flush()
    audit.record(by, "decision.by_hand", made, reason=audit.seal(made.reason))
    return made


def _propose(
    by: Any, room: Room, file_id: int, outcome: str, found: Decision | None, *, by_line: bool, reason: str
) -> Decision:
    """Makes or changes one proposal."""
    if found is None:
        found = Decision(
            program_id=room.program_id,
            cycle_id=room.cycle_id,
            round_id=room.round.id,
            file_id=file_id,
            outcome=outcome,
            by_line=by_line,
            reason=reason,
            proposed_by_id=by.id,
            proposed_at=now(),
        )
        db.session.add(found)
    else:
        if found.state == "withdrawn":
            move(DECISION, "propose_again", found, by)
        found.outcome, found.by_line, found.reason = outcome, by_line, reason
        found.proposed_by_id, found.proposed_at, found.round_id = by.id, now(), room.round.id
    return found


def withdraw(by: Any, room: Room, decision: Decision) -> None:
    """Takes one proposal back."""
    _locked(room)
    demand(by, "selection.propose", room)
    move(DECISION, "withdraw", decision, by)


def confirm(by: Any, room: Room) -> int:
    """A second person confirms every proposal together; how many. Each file in the running must have one."""
    cycle = _locked(room)
    demand(by, "selection.confirm", room)
    _drop_who_left(by, room)
    if queries.undecided(room.cycle_id):
        raise Mistaken(_("Some files have no proposal yet. Propose what becomes of each of them first."))
    mine = select(Decision.id).where(
        Decision.cycle_id == room.cycle_id, Decision.state == "proposed", Decision.proposed_by_id == by.id
    )
    if db.session.scalar(mine.limit(1)):
        raise Mistaken(_("A second person confirms: somebody other than the one who proposed."))
    statement = update(Decision).where(Decision.cycle_id == room.cycle_id, Decision.state == "proposed")
    result: Any = sweep(statement.values(state=DECISION["confirm"][1], confirmed_by_id=by.id, confirmed_at=now()))
    if not result.rowcount:
        raise Overtaken(_("There is nothing left to confirm."))
    winners = queries.counts(room.cycle_id).get(("confirmed", "winner"), 0)
    if not winners:
        raise Mistaken(_("Nobody would win. Propose at least one winner first."))
    cycle.decisions_confirmed_at = now()
    db.session.flush()
    db.session.expire_all()
    audit.record(by, "decisions.confirmed", cycle, count=result.rowcount, winners=winners)
    return int(result.rowcount)


def reopen(by: Any, room: Room) -> None:
    """Takes the confirmation back, before the announcement: everything is a proposal of its proposer again."""
    cycle = _locked(room)
    demand(by, "selection.reopen", room)
    statement = update(Decision).where(Decision.cycle_id == room.cycle_id, Decision.state == "confirmed")
    sweep(statement.values(state=DECISION["reopen"][1], confirmed_by_id=None, confirmed_at=None))
    cycle.decisions_confirmed_at = None
    db.session.flush()
    db.session.expire_all()
    audit.record(by, "decisions.reopened", cycle)
