"""Corrections of announced decisions: proposed by one organizer, confirmed or taken back."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core import hx, web
from portal.core.db import db, transaction
from portal.review import queries as review
from portal.selection import actions
from portal.selection.forms import CorrectionForm
from portal.selection.models import Correction, Decision
from portal.selection.rules import OUTCOME_NAMES
from portal.selection.views.blueprint import bp


def find_decision(person: Person, public_id: str) -> Decision | None:
    """An announced decision of a program in which the person organizes; never one of their conflicts."""
    query = select(Decision).where(Decision.public_id == public_id, Decision.state == "announced")
    decision = db.session.scalar(query)
    if decision is None or not person.holds(("organizer", "auditor"), decision):
        return None
    return None if decision.file_id in review.conflicted_files(person, decision.cycle_id) else decision


def find_correction(person: Person, public_id: str) -> Correction | None:
    """A correction that waits, of such a decision."""
    query = select(Correction).where(Correction.public_id == public_id, Correction.state == "proposed")
    correction = db.session.scalar(query.options(joinedload(Correction.decision)))
    if correction is None or not person.holds(("organizer", "auditor"), correction):
        return None
    closed = review.conflicted_files(person, correction.cycle_id)
    return None if correction.decision.file_id in closed else correction


def _back(decision: Decision) -> ResponseReturnValue:
    if decision.round is None:
        return hx.go(url_for("selection.announcement", public_id=decision.cycle.public_id))
    return hx.go(url_for("selection.decisions", public_id=decision.round.public_id))


def _page(decision: Decision, form: CorrectionForm, status: int = 200) -> ResponseReturnValue:
    return hx.page("selection/correct.html", status=status, decision=decision, form=form, outcomes=OUTCOME_NAMES)


@bp.get("/decisions/<public_id>/correct")
@web.requires("selection.correct", find_decision)
def correction(decision: Decision) -> ResponseReturnValue:
    return _page(decision, CorrectionForm(data={"outcome": decision.outcome, "note": decision.public_note}))


@bp.post("/decisions/<public_id>/correct")
@web.requires("selection.correct", find_decision)
def propose_correction(decision: Decision) -> ResponseReturnValue:
    form = CorrectionForm()
    if not form.validate():
        return _page(decision, form, status=422)
    with transaction():
        actions.propose_correction(web.current_person(), decision, form.outcome.data, form.note.data or "")
    flash(_("The correction is proposed. It is public when a second organizer confirms it."))
    return _back(decision)


@bp.post("/corrections/<public_id>/confirm")
@web.requires("selection.confirm_correction", find_correction)
def confirm_correction(correction: Correction) -> ResponseReturnValue:
    with transaction():
        actions.confirm_correction(web.current_person(), correction)
    flash(_("The correction is public now."))
    return _back(correction.decision)


@bp.post("/corrections/<public_id>/withdraw")
@web.requires("selection.correct", find_correction)
def withdraw_correction(correction: Correction) -> ResponseReturnValue:
    with transaction():
        actions.withdraw_correction(web.current_person(), correction)
    flash(_("The correction is taken back. Nothing public has changed."))
    return _back(correction.decision)
