"""Why it was decided so about a nominee who was erased: the reasons go, the decisions stay in the record."""

from typing import Any

from sqlalchemy import select, update

from portal.core import audit, outbox
from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.selection.models import Correction, Decision, TieVote

ERASED = "–"  # a chair's choice has its reason and a correction its note, also when they are erased


def erase_file(file: NomineeFile) -> None:
    """Erases the reasons and notes about the file and the letters about its decision. Safe to run twice."""
    decisions = list(db.session.scalars(select(Decision).where(Decision.file_id == file.id)))
    numbers = [decision.id for decision in decisions]
    corrections = list(db.session.scalars(select(Correction).where(Correction.decision_id.in_(numbers))))
    outbox.blank([audit.name_of(thing) for thing in (*decisions, *corrections)])
    votes = select(TieVote.id, TieVote.file_ids).where(TieVote.cycle_id == file.cycle_id, TieVote.reason != "")
    ties = [vote_id for vote_id, file_ids in db.session.execute(votes) if file.id in file_ids]
    _quietly(update(Decision).where(Decision.id.in_(numbers)).values(reason="", public_note=""))
    _quietly(update(Correction).where(Correction.decision_id.in_(numbers)).values(note=ERASED))
    _quietly(update(TieVote).where(TieVote.id.in_(ties)).values(reason=ERASED))
    if decisions or ties:
        audit.record(audit.SYSTEM, "decision.reasons_erased", file, decisions=len(decisions), ties=len(ties))


def _quietly(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session="fetch"))
