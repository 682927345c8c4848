"""Fair play in the database: what a nomination is compared with, and what waits for a person's judgment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, load_only

from portal.core.db import db
from portal.nominations.fairplay import SHARED, Sent, shingles
from portal.nominations.fairplay.judge import TOGETHER
from portal.nominations.models import FairPlayFlag, Nomination, NomineeFile, Print
from portal.nominations.rules.files import LIVE
from portal.nominations.rules.nominate import TRAP
from portal.programs.models import Cycle

MOST_COMPARED = 300
_LIGHT = (
    Nomination.id, Nomination.cycle_id, Nomination.file_id, Nomination.submitted_at, Nomination.created_at,
    Nomination.nominator_email, Nomination.network, Nomination.source, Nomination.story, Nomination.answers,
    Nomination.state,
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Flags that point to each other: judged together."""

    flags: tuple[FairPlayFlag, ...]
    reasons: tuple[dict[str, Any], ...]  # one evidence a kind, the weightiest

    @property
    def educators(self) -> list[str]:
        """Whom they nominate, each once."""
        return list(dict.fromkeys(flag.nomination.educator_name for flag in self.flags))


def unlooked(limit: int) -> list[int]:
    """Nominations that stand and that fair play has not looked at, oldest first."""
    query = select(Nomination.id).where(Nomination.looked_at.is_(None), Nomination.state.in_(LIVE))
    return list(db.session.scalars(query.order_by(Nomination.id).limit(limit)))


def light(ids: Iterable[int], *, lock: bool = False) -> dict[int, Nomination]:
    """These nominations with what comparing needs; with `lock` as they stand now, and stay."""
    query = select(Nomination).where(Nomination.id.in_(list(ids))).options(load_only(*_LIGHT))
    if lock:
        query = query.order_by(Nomination.id).with_for_update().execution_options(populate_existing=True)
    return {n.id: n for n in db.session.scalars(query)}


def sent(nomination: Nomination, *, text: bool = True) -> Sent:
    """The nomination as the rule reads it; without `text` its words are not compared."""
    return Sent(
        id=nomination.id,
        file_id=nomination.file_id or 0,
        at=nomination.submitted_at or nomination.created_at,
        address=nomination.nominator_email,
        network=nomination.network,
        seconds=_seconds(nomination),
        trapped=bool(nomination.answers.get(TRAP)),
        links=nomination.story.count("http://") + nomination.story.count("https://"),
        runs=shingles(nomination.story) if text else frozenset(),
    )


def _seconds(nomination: Nomination) -> int | None:
    """From beginning to sending; None where nobody filled in our form."""
    if nomination.source != "form" or nomination.submitted_at is None:
        return None
    taken = (nomination.submitted_at - nomination.created_at).total_seconds()
    return int(taken) if taken >= 0 else None


def around(nomination: Nomination) -> list[Sent]:
    """The nominations of the cycle that could matter to this one: of the same file, of the same half hour, alike.

    Only the words of those whose sketches meet are compared: two queries, and little work where nothing is alike.
    """
    at = nomination.submitted_at or nomination.created_at
    mine = select(Print.value).where(Print.nomination_id == nomination.id)
    meeting = (
        select(Print.nomination_id)
        .where(Print.cycle_id == nomination.cycle_id, Print.value.in_(mine), Print.nomination_id != nomination.id)
        .group_by(Print.nomination_id)
        .having(func.count() >= SHARED)
        .limit(MOST_COMPARED)
    )
    alike = set(db.session.scalars(meeting))
    same_time = and_(Nomination.submitted_at >= at - TOGETHER, Nomination.submitted_at <= at + TOGETHER)
    query = (
        select(Nomination)
        .where(
            Nomination.cycle_id == nomination.cycle_id,
            Nomination.id != nomination.id,
            Nomination.state.in_((*LIVE, "spam")),
            or_(Nomination.file_id == nomination.file_id, same_time, Nomination.id.in_(alike)),
        )
        .options(load_only(*_LIGHT))
        .order_by((Nomination.file_id == nomination.file_id).desc(), Nomination.id.desc())
        .limit(MOST_COMPARED)
    )
    return [sent(each, text=each.id in alike) for each in db.session.scalars(query)]


def waiting(cycle_id: int) -> Any:
    """How many flagged nominations wait for a judgment: a query for the desk."""
    return (
        select(func.count(FairPlayFlag.nomination_id))
        .join(Nomination, Nomination.id == FairPlayFlag.nomination_id)
        .where(FairPlayFlag.cycle_id == cycle_id, FairPlayFlag.state == "open", Nomination.state.in_(LIVE))
    )


def groups(cycle: Cycle, state: str = "open") -> list[Group]:
    """The cycle's flags of that state, those that point to each other together; the weightiest group first."""
    query = (
        select(FairPlayFlag)
        .join(Nomination, Nomination.id == FairPlayFlag.nomination_id)
        .join(NomineeFile, NomineeFile.id == Nomination.file_id)
        .where(FairPlayFlag.cycle_id == cycle.id, FairPlayFlag.state == state)
        .options(joinedload(FairPlayFlag.nomination).joinedload(Nomination.file))
        .order_by(FairPlayFlag.nomination_id)
    )
    if state == "open":
        query = query.where(Nomination.state.in_(LIVE))
    flags = {flag.nomination_id: flag for flag in db.session.scalars(query)}
    found = [_group([flags[i] for i in ids]) for ids in connected(flags)]
    return sorted(found, key=lambda g: (-sum(r["points"] for r in g.reasons), -len(g.flags), g.flags[0].nomination_id))


def connected(flags: dict[int, FairPlayFlag]) -> list[list[int]]:
    """The numbers of the flags in groups: two belong together when the evidence of one names the other."""
    leader = {number: number for number in flags}

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for number, flag in flags.items():
        for each in flag.evidence:
            for other in each["others"]:
                if other in leader:
                    leader[find(other)] = find(number)
    grouped: dict[int, list[int]] = {}
    for number in flags:
        grouped.setdefault(find(number), []).append(number)
    return list(grouped.values())


def _group(flags: Sequence[FairPlayFlag]) -> Group:
    best: dict[str, dict[str, Any]] = {}
    for flag in flags:
        for each in flag.evidence:
            known = best.get(each["kind"])
            if known is None or (each["points"], _size(each)) > (known["points"], _size(known)):
                best[each["kind"]] = each
    return Group(tuple(flags), tuple(sorted(best.values(), key=lambda e: (-e["points"], e["kind"]))))


def _size(evidence: dict[str, Any]) -> int:
    return int(evidence["facts"].get("count", 0))


def _sent_since(whose: Any) -> Any:
    since = Nomination.cycle_id == bindparam("cycle"), Nomination.submitted_at >= bindparam("since")
    return select(func.count(Nomination.id)).where(*since, whose).scalar_subquery()


# Built once: putting a statement together costs more than running it.
_LATELY = select(
    _sent_since(and_(Nomination.network == bindparam("network"), Nomination.network != "")),
    _sent_since(Nomination.nominator_email == bindparam("address")),
)


def lately_from(cycle_id: int, network: str, address: str, since: datetime) -> tuple[int, int]:
    """How many nominations were sent since then from this network, and by this address: one query."""
    given = {"cycle": cycle_id, "network": network, "address": address, "since": since}
    by_network, by_address = db.session.execute(_LATELY, given).one()
    return int(by_network or 0), int(by_address or 0)


FORGET_AFTER = timedelta(days=90)
