"""Corrections after the announcement: proposed with a public note, confirmed by a second person, then public."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken, Overtaken
from portal.core.moves import move
from portal.programs.actions.cycles import touch
from portal.selection.models import Correction, Decision
from portal.selection.rules import CORRECTION, OUTCOMES


def propose_correction(by: Any, decision: Decision, outcome: str, note: str) -> Correction:
    """Proposes another outcome, or another note, for an announced decision. Nothing public changes yet."""
    locked = select(Decision).where(Decision.id == decision.id).with_for_update()
    decision = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    demand(by, "selection.correct", decision)
    if decision.state != "announced":
        raise Mistaken(_("Only announced decisions are corrected; change the proposal instead."))
    if outcome not in OUTCOMES:
        raise Mistaken(_("Choose what becomes of this file."))
    if not note.strip():
        raise Mistaken(_("Write the note that everybody will read."))
    waiting = select(Correction.id).where(Correction.decision_id == decision.id, Correction.state == "proposed")
    if db.session.scalar(waiting):
        raise Overtaken(_("A correction of this decision waits already. Confirm it or take it back first."))
    made = Correction(
        program_id=decision.program_id,
        cycle_id=decision.cycle_id,
        decision_id=decision.id,
        before=decision.outcome,
        outcome=outcome,
        note=note.strip(),
        proposed_by_id=by.id,
        proposed_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record(by, "correction.proposed", made, decision=decision.public_id, note=audit.seal(made.note))
    return made


def confirm_correction(by: Any, correction: Correction) -> None:
    """A second organizer confirms: the decision changes, and the public page shows it with the note."""
    demand(by, "selection.confirm_correction", correction)
    move(CORRECTION, "confirm", correction, by, changes={"confirmed_by_id": by.id, "confirmed_at": now()})
    decision = correction.decision
    decision.outcome, decision.public_note = correction.outcome, correction.note
    touch(decision.program_id)
    audit.record(by, "decision.corrected", decision, outcome=correction.outcome, note=audit.seal(correction.note))


def withdraw_correction(by: Any, correction: Correction) -> None:
    """Takes a proposed correction back; nothing public has changed."""
    demand(by, "selection.correct", correction)
    move(CORRECTION, "withdraw", correction, by)
