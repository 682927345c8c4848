"""Decisions, corrections and the announcement of a cycle; the winners that everybody may read."""

from typing import Any

from sqlalchemy import and_, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.core.outbox import Message
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import eligibility
from portal.programs.models import Cycle
from portal.review.queries.files import STANDS
from portal.selection.models import Announcement, Correction, Decision
from portal.selection.rules import LETTER_TEMPLATE

# A proposal that waits for a second person. One for a nominee who has left since is dropped by the confirmation.
PROPOSED = and_(Decision.state == "proposed", Decision.file.has(and_(*STANDS)))


def decisions(cycle_id: int) -> list[Decision]:
    """The living decisions of a cycle (all but withdrawn) with files and people, by name."""
    query = (
        select(Decision)
        .join(NomineeFile, NomineeFile.id == Decision.file_id)
        .where(Decision.cycle_id == cycle_id, or_(Decision.state.in_(("confirmed", "announced")), PROPOSED))
        .options(joinedload(Decision.file).joinedload(NomineeFile.school), joinedload(Decision.proposed_by))
        .order_by(NomineeFile.name_key, NomineeFile.id)
    )
    return list(db.session.scalars(query))


def counts(cycle_id: int) -> dict[tuple[str, str], int]:
    """How many decisions there are by (state, outcome)."""
    query = select(Decision.state, Decision.outcome, func.count(Decision.id)).where(Decision.cycle_id == cycle_id)
    return {(s, o): n for s, o, n in db.session.execute(query.group_by(Decision.state, Decision.outcome))}


def proposers(cycle_id: int) -> frozenset[int]:
    """Who proposed the decisions that wait for a second person."""
    query = select(Decision.proposed_by_id).where(Decision.cycle_id == cycle_id, PROPOSED).distinct()
    return frozenset(db.session.scalars(query))


def undecided(cycle_id: int) -> int:
    """How many files in the running have no living decision."""
    decided = select(Decision.file_id).where(Decision.cycle_id == cycle_id, Decision.state != "withdrawn")
    query = select(func.count(NomineeFile.id)).where(
        NomineeFile.cycle_id == cycle_id, *STANDS, NomineeFile.id.not_in(decided)
    )
    return db.session.scalar(query) or 0


def announcement(cycle_id: int) -> Announcement | None:
    """The announcement of a cycle with its texts, or None before anybody opened its page."""
    query = select(Announcement).where(Announcement.cycle_id == cycle_id).options(selectinload(Announcement.texts))
    return db.session.scalar(query)


def is_letter_of(cycle_id: int) -> Any:
    """Whether a message is a letter of this cycle's announcement: another year's may be held at the same time."""
    decided = select(literal("decision:") + Decision.public_id).where(Decision.cycle_id == cycle_id)
    wrote = select(literal("nomination:") + Nomination.public_id).where(Nomination.cycle_id == cycle_id)
    return and_(Message.template == LETTER_TEMPLATE, Message.about.in_(union_all(decided, wrote)))


def held_letters(cycle_id: int) -> int:
    """How many letters of a cycle's announcement wait to be released."""
    query = select(func.count(Message.id)).where(is_letter_of(cycle_id), Message.state == "held")
    return db.session.scalar(query) or 0


def open_corrections(cycle_id: int) -> dict[int, Correction]:
    """The corrections of a cycle that wait for a second person, by the decision's id."""
    query = (
        select(Correction)
        .where(Correction.cycle_id == cycle_id, Correction.state == "proposed")
        .options(joinedload(Correction.proposed_by))
    )
    return {c.decision_id: c for c in db.session.scalars(query)}


def public_winners(program_id: int) -> list[tuple[Cycle, list[Decision]]]:
    """Announced winners by cycle, newest first, each by name. Only announced cycles are looked at."""
    query = (
        select(Decision)
        .join(Cycle, Cycle.id == Decision.cycle_id)
        .join(NomineeFile, NomineeFile.id == Decision.file_id)
        .where(
            Decision.program_id == program_id,
            Decision.state == "announced",
            Decision.outcome.in_(("winner", "honorable_mention")),
            Cycle.announced_at.is_not(None),
            NomineeFile.public_name_ok,
            NomineeFile.consent == "accepted",
            NomineeFile.withdrawn_at.is_(None),
        )
        .options(
            joinedload(Decision.cycle),
            joinedload(Decision.file).joinedload(NomineeFile.school),
            joinedload(Decision.file).joinedload(NomineeFile.district),
        )
        .order_by(Cycle.opening_day.desc(), NomineeFile.name_key, NomineeFile.id)
    )
    years: dict[int, tuple[Cycle, list[Decision]]] = {}
    for decision in db.session.scalars(query):
        years.setdefault(decision.cycle_id, (decision.cycle, []))[1].append(decision)
    return list(years.values())


def _won_before(cycle: Cycle) -> Any:
    """Whoever won in an earlier cycle of the program, once it was announced: whom "no winner again" shuts out."""
    won = select(literal("not_winner").label("check"), NomineeFile.name.label("name"))
    won = won.add_columns(NomineeFile.school_name.label("school"), NomineeFile.email.label("email"))
    won = won.add_columns(Cycle.name.label("note")).select_from(Decision).join(Decision.file).join(Decision.cycle)
    announced = Decision.state == "announced", Decision.outcome == "winner"
    return won.where(Cycle.program_id == cycle.program_id, Cycle.opening_day < cycle.opening_day, *announced)


eligibility.provide("winners", _won_before)
