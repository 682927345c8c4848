"""The figures of a cycle on the desk: two queries, whatever the number of nominations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    values,
)

from portal.core.clock import now
from portal.core.db import Moment, db
from portal.desk.queries import mail
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import consent, eligibility, fairplay, likely, unlisted
from portal.nominations.queries.files.counts import counts as count_files
from portal.nominations.rules import GROUPS
from portal.nominations.rules.consent import may_still_ask
from portal.nominations.rules.files import LIVE
from portal.nominations.rules.nominate import form_settings
from portal.programs.models import Cycle, District, School
from portal.programs.rules import window_named

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Pictures:
    """Who has written: by (district, group), schools heard of by district, nominations by day."""

    groups: dict[tuple[int | None, str], int] = field(default_factory=dict)
    schools: dict[int, tuple[int, int]] = field(default_factory=dict)  # district -> (heard of, all)
    days: dict[date, int] = field(default_factory=dict)
    districts: dict[int, str] = field(default_factory=dict)
    before: dict[date, int] = field(default_factory=dict)  # nominations by day of the cycle before


def counts(cycle: Cycle, beside: dict[str, Any] | None = None) -> dict[str, int]:
    """How many nominations and files stand where, and the counts of further queries `beside`: two queries.

    Once nominees can say yes no more, nobody can be asked or reminded, and no address is needed for that.
    """
    late = now() - timedelta(days=form_settings(cycle.program).remind_after_days)
    live = [Nomination.cycle_id == cycle.id, Nomination.state.in_(LIVE)]
    every = select(func.count()).select_from(Nomination).where(Nomination.cycle_id == cycle.id)
    people = select(Nomination.nominator_email).where(*live).distinct()
    numbers = {
        "unproven": every.where(Nomination.state == "submitted"),
        "proven": every.where(Nomination.state == "confirmed"),
        "late": every.where(Nomination.state == "submitted", Nomination.submitted_at <= late),
        "people": select(func.count()).select_from(people.subquery()),  # read along an index, without sorting
        "due": consent.due_count(cycle),
        "unlisted": select(func.count(NomineeFile.id)).where(*unlisted.without_school(cycle.id)),
        "failed": mail.undelivered_count(cycle.program_id),
        "pairs": likely.how_many(cycle.id),
        "odd": fairplay.waiting(cycle.id),
    }
    found = count_files(cycle, eligibility.known_of(cycle), {**numbers, **(beside or {})})
    over = {} if may_still_ask(cycle) else dict.fromkeys(("ready", "due", "need_address"), 0)
    return {**found, **over, "sent": found["proven"] + found["unproven"]}


def pictures(cycle: Cycle, before: Cycle | None = None) -> Pictures:
    """Everything the pictures show, with the days of the cycle `before` if asked: one query of four or five parts."""
    voices = [func.sum(getattr(NomineeFile, f"from_{group}")) for group in GROUPS]
    groups = (
        select(_word("groups"), NomineeFile.district_id.label("a"), _joined(voices).label("b"), _count())
        .where(NomineeFile.cycle_id == cycle.id)
        .group_by(NomineeFile.district_id)
    )
    heard = heard_of(cycle)
    spoken = case((heard, "heard"), else_="silent")
    schools = (
        select(_word("school"), School.district_id.label("a"), spoken.label("b"), _count())
        .where(School.program_id == cycle.program_id, or_(School.closed_at.is_(None), heard))
        .group_by(School.district_id, spoken)
    )
    days = [part for each, kind in ((cycle, "day"), (before, "before")) for part in _days_of(each, kind)]
    names = select(_word("district"), District.id.label("a"), District.name.label("b"), literal(0).label("n")).where(
        District.program_id == cycle.program_id
    )
    return _sorted(db.session.execute(union_all(groups, schools, *days, names)).all())


def _joined(numbers: Sequence[ColumnElement[int]]) -> ColumnElement[str]:
    """Several numbers as one text, so that they fit among parts that have one each."""
    told: ColumnElement[str] = cast(numbers[0], String)
    for number in numbers[1:]:
        told = told + " " + cast(number, String)
    return told


def heard_of(cycle: Cycle) -> ColumnElement[bool]:
    """The condition on a school that somebody has written about an educator there. A closed school is never silent."""
    return (
        select(NomineeFile.id)
        .where(NomineeFile.cycle_id == cycle.id, NomineeFile.school_id == School.id)
        .where(NomineeFile.proven + NomineeFile.unproven > 0)
        .exists()
    )


def _days_of(cycle: Cycle | None, kind: str) -> list[Select[Any]]:
    """Nominations that stand, by the day of the window on which they were sent; those from before it, on the day
    before. Each day is a stretch of an index. Nothing without a window that ends.
    """
    window = window_named(cycle.windows, "nominations") if cycle is not None else None
    if cycle is None or window is None or window.closes_at is None:
        return []
    zone = ZoneInfo(cycle.program.time_zone)
    first, last = (moment.astimezone(zone).date() for moment in (window.opens_at, window.closes_at))
    until = max(first, min(last, now().astimezone(zone).date()))
    starts = [first + timedelta(days=n) for n in range((until - first).days + 2)]
    begins = [datetime.combine(day, time(), zone) for day in starts]
    rows = [(first - timedelta(days=1), EVER, begins[0]), *zip(starts, begins, begins[1:], strict=False)]
    days = values(column("day", String), column("since", Moment), column("until", Moment), name=f"{kind}s").data(
        [(day.isoformat(), since, until) for day, since, until in rows]
    )
    day = days.cte(f"{kind}s").c
    sent = select(func.count()).where(
        Nomination.cycle_id == cycle.id,
        Nomination.state.in_(LIVE),
        Nomination.submitted_at >= day.since,
        Nomination.submitted_at < day.until,
    )
    return [select(_word(kind), cast(null(), Integer), day.day, sent.scalar_subquery())]


def _word(kind: str) -> ColumnElement[str]:
    return cast(literal(kind), String(10)).label("kind")


def _count() -> ColumnElement[int]:
    return func.count().label("n")


def _sorted(rows: Any) -> Pictures:
    found = Pictures()
    heard: dict[int, list[int]] = {}
    for kind, a, b, n in rows:
        if kind == "groups":
            found.groups.update({(a, group): int(m) for group, m in zip(GROUPS, b.split(), strict=True) if int(m)})
        elif kind == "school":
            heard.setdefault(a, [0, 0])[0 if b == "heard" else 1] += n
        elif kind == "day":
            found.days[date.fromisoformat(b)] = n
        elif kind == "before":
            found.before[date.fromisoformat(b)] = n
        elif kind == "district":
            found.districts[a] = b
    found.schools = {district: (yes, yes + no) for district, (yes, no) in heard.items()}
    found.districts = dict(sorted(found.districts.items()))
    return found
