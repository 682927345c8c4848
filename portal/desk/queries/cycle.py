"""The figures of a cycle on the desk: two queries, whatever the number of nominations."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, String, and_, case, cast, func, literal, null, or_, select, union_all

from portal.core.clock import now
from portal.core.db import db
from portal.desk.queries import mail
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import consent, fairplay, likely
from portal.nominations.rules.files import LIVE
from portal.programs.models import Cycle, District, School


@dataclass
class Pictures:
    """Who has written: by (district, group), schools heard of by district, nominations by day."""

    groups: dict[tuple[int | None, str], int] = field(default_factory=dict)
    schools: dict[int, tuple[int, int]] = field(default_factory=dict)  # district -> (heard of, all)
    days: dict[date, int] = field(default_factory=dict)
    districts: dict[int, str] = field(default_factory=dict)
    before: dict[date, int] = field(default_factory=dict)  # nominations by day of the cycle before


def counts(cycle: Cycle, beside: dict[str, Any] | None = None) -> dict[str, int]:
    """How many nominations and files stand where, and the counts of further queries `beside`: two queries."""
    late = now() - timedelta(days=_days(cycle, "remind_after_days", 3))
    live = [Nomination.cycle_id == cycle.id, Nomination.state.in_(LIVE)]
    heard = select(Nomination.id).where(Nomination.file_id == NomineeFile.id, Nomination.state.in_(LIVE)).exists()
    proven = select(Nomination.id).where(Nomination.file_id == NomineeFile.id, Nomination.state == "confirmed").exists()
    stands = and_(NomineeFile.withdrawn_at.is_(None), NomineeFile.consent.not_in(("declined", "erased")))
    held = consent.who_waits(cycle)
    conditions = {
        **consent.consent_conditions(cycle, held),
        "educators": heard,
        "asked": NomineeFile.asked_at.is_not(None),
        "eligible": and_(stands, NomineeFile.consent == "accepted", NomineeFile.screening == "eligible"),
        "ineligible": NomineeFile.screening == "ineligible",
        "unlisted": and_(
            heard, NomineeFile.school_id.is_(None), NomineeFile.school_key != "", NomineeFile.outside.is_(False)
        ),
        "to_screen": and_(
            stands, proven, NomineeFile.screening == "unscreened", or_(held, NomineeFile.consent == "accepted")
        ),
    }
    numbers = {
        "sent": select(func.count(Nomination.id)).where(*live),
        "proven": select(func.count(Nomination.id)).where(*live, Nomination.state == "confirmed"),
        "late": select(func.count(Nomination.id)).where(
            *live, Nomination.state == "submitted", Nomination.submitted_at <= late
        ),
        "people": select(func.count(func.distinct(Nomination.nominator_email))).where(*live),
        "failed": mail.undelivered_count(cycle.program_id),
        "pairs": likely.how_many(cycle.id),
        "odd": fairplay.waiting(cycle.id),
    }
    more = [query.scalar_subquery().label(name) for name, query in {**numbers, **(beside or {})}.items()]
    return _with_numbers(cycle, conditions, more)


def _with_numbers(cycle: Cycle, conditions: dict[str, Any], more: list[Any]) -> dict[str, int]:
    # The numbers beside the files stay even while there is no file: an aggregate without rows gives one row of NULLs.
    sums = [func.sum(case((condition, 1), else_=0)).label(name) for name, condition in conditions.items()]
    files = select(*sums).where(NomineeFile.cycle_id == cycle.id, NomineeFile.joined_into_id.is_(None)).subquery()
    row = db.session.execute(select(*files.c, *more)).one()
    return {name: int(value or 0) for name, value in row._mapping.items()}


def _days(cycle: Cycle, name: str, otherwise: int) -> int:
    return int(cycle.program.settings.get("nomination", {}).get(name) or otherwise)


def pictures(cycle: Cycle, before: Cycle | None = None) -> Pictures:
    """Everything the pictures show, with the days of the cycle `before` if asked: one query of four or five parts."""
    proven = and_(Nomination.cycle_id == cycle.id, Nomination.state == "confirmed")
    groups = (
        select(_word("group"), NomineeFile.district_id.label("a"), Nomination.relation_group.label("b"), _count())
        .join(NomineeFile, NomineeFile.id == Nomination.file_id)
        .where(proven)
        .group_by(NomineeFile.district_id, Nomination.relation_group)
    )
    heard = heard_of(cycle)
    spoken = case((heard, "heard"), else_="silent")
    schools = (
        select(_word("school"), School.district_id.label("a"), spoken.label("b"), _count())
        .where(School.program_id == cycle.program_id, or_(School.closed_at.is_(None), heard))
        .group_by(School.district_id, spoken)
    )
    days = [_days_of(cycle, "day"), *([_days_of(before, "before")] if before is not None else [])]
    names = select(_word("district"), District.id.label("a"), District.name.label("b"), literal(0).label("n")).where(
        District.program_id == cycle.program_id
    )
    return _sorted(db.session.execute(union_all(groups, schools, *days, names)).all())


def heard_of(cycle: Cycle) -> ColumnElement[bool]:
    """The condition on a school that somebody has written about an educator there. A closed school is never silent."""
    return (
        select(NomineeFile.id)
        .join(Nomination, Nomination.file_id == NomineeFile.id)
        .where(NomineeFile.cycle_id == cycle.id, NomineeFile.school_id == School.id, Nomination.state.in_(LIVE))
        .exists()
    )


def _days_of(cycle: Cycle, kind: str) -> Any:
    """Nominations that stand, by the day on which they were sent."""
    day = day_of(Nomination.submitted_at, cycle.program.time_zone)
    return (
        select(_word(kind), cast(null(), Integer).label("a"), day.label("b"), _count())
        .where(Nomination.cycle_id == cycle.id, Nomination.state.in_(LIVE), Nomination.submitted_at.is_not(None))
        .group_by(day)
    )


def _word(kind: str) -> ColumnElement[str]:
    return cast(literal(kind), String(10)).label("kind")


def _count() -> ColumnElement[int]:
    return func.count().label("n")


def day_of(column: Any, zone: str) -> ColumnElement[str]:
    """The day on the program's wall as "2026-11-17" (on SQLite by the present offset from UTC)."""
    if db.session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone(zone, column), "YYYY-MM-DD")
    offset = now().astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return func.date(column, f"{int(offset.total_seconds() // 60)} minutes")


def _sorted(rows: Any) -> Pictures:
    found = Pictures()
    heard: dict[int, list[int]] = {}
    for kind, a, b, n in rows:
        if kind == "group":
            found.groups[a, b] = n
        elif kind == "school":
            heard.setdefault(a, [0, 0])[0 if b == "heard" else 1] += n
        elif kind == "day" and b:
            found.days[date.fromisoformat(b)] = n
        elif kind == "before" and b:
            found.before[date.fromisoformat(b)] = n
        elif kind == "district":
            found.districts[a] = b
    found.schools = {district: (yes, yes + no) for district, (yes, no) in heard.items()}
    found.districts = dict(sorted(found.districts.items()))
    return found
