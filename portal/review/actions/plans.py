"""Plans of who reads what: asked for, worked out by a job, released in one act or discarded; and one reader more."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update

from portal.accounts.models import Person
from portal.core import audit, jobs, outbox, tokens
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken, Overtaken
from portal.core.moves import move
from portal.core.tokens import new_public_id
from portal.nominations.models import NomineeFile
from portal.review import mail, queries, rules
from portal.review.models import Assignment, AssignmentPlan, Panel, Seat
from portal.review.queries import plans as plan_queries


def ask_for_plan(by: Person, panel: Panel, *, seed: int | None = None) -> AssignmentPlan:
    """Asks for a plan; a job works it out. One that is under way or proposed must be settled first.

    The same seed gives the same plan of the same panel; without one it is drawn.
    """
    demand(by, rules.LEAD_PANEL, panel)
    _lock(panel)
    living = plan_queries.current_plan(panel)
    if living and living.state in ("asked", "proposed"):
        raise Overtaken(_("There is a plan already. Release it or discard it first."))
    if living:
        move(rules.PLAN, "discard", living, by)
    seated = select(func.count(Seat.id)).where(Seat.panel_id == panel.id, Seat.state == "accepted", Seat.reads)
    if not db.session.scalar(seated):
        raise Mistaken(_("Nobody who reads has accepted a seat yet. Invite reviewers first."))
    if not queries.count_to_read(panel.cycle_id):
        raise Mistaken(_("No file is ready yet: the nominee has to accept, and the file has to be found eligible."))
    plan = AssignmentPlan(
        program_id=panel.program_id,
        cycle_id=panel.cycle_id,
        round_id=panel.round_id,
        panel_id=panel.id,
        seed=secrets.randbelow(2**31) if seed is None else seed,
        made_at=now(),
        made_by_id=by.id,
        report={},
    )
    db.session.add(plan)
    db.session.flush()
    audit.record(by, "assignment_plan.asked", plan, seed=plan.seed)
    jobs.later("review.propose", plan.id)
    return plan


def _lock(panel: Panel) -> None:
    """Whoever else changes who reads what in this panel waits (on SQLite everybody does anyway)."""
    db.session.execute(select(Panel.id).where(Panel.id == panel.id).with_for_update())


def write_plan(plan: AssignmentPlan, basis: str, proposal: Any) -> bool:
    """Keeps what the job worked out; False, with nothing changed, when what it was worked out from is no longer so."""
    panel = plan.panel
    _lock(panel)
    if plan_queries.plan_input(panel).digest() != basis:
        return False
    verb = "block" if proposal.blocked else "propose"
    move(rules.PLAN, verb, plan, "system", changes={"report": {**proposal.report, "moves": proposal.moves}},
         new=len(proposal.pairs), moved=len(proposal.moves))  # fmt: skip
    rows = [
        {
            "public_id": new_public_id(),
            "created_at": now(),
            "program_id": plan.program_id,
            "cycle_id": plan.cycle_id,
            "round_id": plan.round_id,
            "panel_id": plan.panel_id,
            "plan_id": plan.id,
            "file_id": file_id,
            "person_id": person_id,
            "state": "proposed",
            "why": why,
        }
        for file_id, person_id, why in proposal.pairs
    ]
    if rows:
        db.session.execute(insert(Assignment), rows)
    return True


def discard_plan(by: Person, plan: AssignmentPlan) -> None:
    """Drops a plan; nobody was told of it."""
    demand(by, rules.LEAD_PANEL, plan)
    move(rules.PLAN, "discard", plan, by)
    db.session.execute(delete(Assignment).where(Assignment.plan_id == plan.id, Assignment.state == "proposed"))


def release_plan(by: Person, plan: AssignmentPlan) -> int:
    """Gives every reviewer their files in one act and has each told once; how many files were given out."""
    demand(by, rules.LEAD_PANEL, plan)
    panel = plan.panel
    _lock(panel)
    if panel.state == "closed":
        raise Mistaken(_("Scoring is closed. Open it again before you release files."))
    if panel.due_at is None:
        raise Mistaken(_("Say first when reviews are due: reviewers are told the day with their files."))
    moment = now()
    move(rules.PLAN, "release", plan, by, changes={"released_at": moment}, pairs=_seal_of(plan))
    moves = plan.report.get("moves", [])
    if plan_queries.overtaken_pairs(plan) or _take_back(moves) != len(moves):
        raise Mistaken(_("Something changed since this plan was made: a conflict, a file or a seat. Make it again."))
    released: Any = db.session.execute(
        update(Assignment)
        .where(Assignment.plan_id == plan.id, Assignment.state == "proposed")
        .values(state="released", released_at=moment)
    )
    if panel.state == "forming":
        move(rules.PANEL, "open", panel, by, changes={"released_at": moment})
    audit.record(by, "assignment.released", plan, files=released.rowcount, taken_back=len(moves))
    jobs.later("review.tell_released", plan.id)
    return int(released.rowcount)


def _take_back(ids: Sequence[int]) -> int:
    if not ids:
        return 0
    unopened = update(Assignment).where(
        Assignment.id.in_(list(ids)), Assignment.state == "released", Assignment.opened_at.is_(None)
    )
    taken: Any = db.session.execute(unopened.values(state="declined"))
    return int(taken.rowcount)


def _seal_of(plan: AssignmentPlan) -> str:
    """A digest of who was given what, so that the record proves it later."""
    query = select(Assignment.file_id, Assignment.person_id).where(Assignment.plan_id == plan.id)
    rows = sorted(f"{file_id}:{person_id}" for file_id, person_id in db.session.execute(query))
    return tokens.digest(" ".join(rows))


def add_reader(by: Person, panel: Panel, file: NomineeFile) -> Assignment:
    """Gives one file one more reader at once: the lightest who may read it. They are told by mail."""
    demand(by, rules.LEAD_PANEL, panel)
    _lock(panel)
    if panel.state != "scoring":
        raise Mistaken(_("Readers are added while the panel scores. Before that, make a plan."))
    able = plan_queries.candidates(panel, file.id)
    chosen = next((seat for seat, _n, _m in able), None)
    if chosen is None:
        raise Mistaken(
            _(
                "Nobody is free to read this file: each reviewer has a conflict, had it before, or has as many files"
                " as they may. Invite another reviewer, or raise somebody's number of files."
            )
        )
    assignment = Assignment(
        program_id=panel.program_id,
        cycle_id=panel.cycle_id,
        round_id=panel.round_id,
        panel_id=panel.id,
        file_id=file.id,
        person_id=chosen.person_id,
        state="released",
        released_at=now(),
        why="lightest",
    )
    db.session.add(assignment)
    db.session.flush()
    audit.record(by, "assignment.released", assignment, added=True, why=assignment.why)
    outbox.put(mail.files_released(chosen, assignment.public_id, 1))
    return assignment
