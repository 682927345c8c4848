"""Consent as pages need it: whose address is missing, who can be asked, who was, and who wrote about a nominee."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.core.audit import AuditEntry, name_of
from portal.core.clock import now
from portal.core.db import db
from portal.core.delivery import StoppedAddress
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import eligibility
from portal.nominations.queries.files.counts import counts as count_files
from portal.nominations.queries.files.one import end_of_joins
from portal.nominations.rules import consent as rules
from portal.nominations.rules.eligibility import Known
from portal.nominations.rules.nominate import form_settings
from portal.programs.models import Cycle

ACCEPTED = "consent.accept"
LISTS = ("ready", "waiting", "due", "answered")


def file_of_link(file_id: int) -> NomineeFile | None:
    """The file a consent letter was about, with its cycle and program; if it was joined into another, that one."""

    def load(number: int) -> NomineeFile | None:
        return db.session.scalar(_whole().where(NomineeFile.id == number))

    return end_of_joins(load(file_id), load)


def cycle_by_public_id(public_id: str) -> Cycle | None:
    """A cycle with its program and its windows: one query."""
    query = select(Cycle).where(Cycle.public_id == public_id)
    query = query.options(joinedload(Cycle.program), joinedload(Cycle.windows))
    return db.session.scalars(query).unique().one_or_none()


def file_by_public_id(public_id: str) -> NomineeFile | None:
    """A file with its cycle and program."""
    return db.session.scalar(_whole().where(NomineeFile.public_id == public_id))


def _whole() -> Select[NomineeFile]:
    return select(NomineeFile).options(
        joinedload(NomineeFile.cycle).joinedload(Cycle.program), joinedload(NomineeFile.school)
    )


def confirmed_nominations(file: NomineeFile) -> list[Nomination]:
    """The proven nominations of a file, oldest first."""
    query = select(Nomination).where(Nomination.file_id == file.id, Nomination.state == "confirmed")
    return list(db.session.scalars(query.order_by(Nomination.id)))


def voices_of(file_ids: list[int]) -> dict[int, list[rules.Voice]]:
    """Who wrote about each file, told as each allows: one query for all of them."""
    if not file_ids:
        return {}
    by_file: dict[int, list[Nomination]] = defaultdict(list)
    query = select(Nomination).where(Nomination.file_id.in_(file_ids), Nomination.state == "confirmed")
    for nomination in db.session.scalars(query.order_by(Nomination.id)):
        by_file[nomination.file_id or 0].append(nomination)
    return {file_id: rules.voices(by_file[file_id]) for file_id in file_ids}


def _heard_of() -> Any:
    """The file has at least one proven nomination."""
    return NomineeFile.proven > 0


def _in_play(cycle_id: int) -> Any:
    return and_(
        NomineeFile.cycle_id == cycle_id, NomineeFile.joined_into_id.is_(None), NomineeFile.withdrawn_at.is_(None)
    )


def _to_ask(cycle: Cycle, held: Any = None) -> Any:
    """Somebody proven has written, nobody has asked, and nothing known speaks against the nominee. `held`: who waits
    for a person's look (`eligibility.held`), looked up when it is not given.
    """
    held = who_waits(cycle)[1] if held is None else held
    unlikely = and_(held, NomineeFile.screening == "unscreened")
    return and_(
        _in_play(cycle.id),
        NomineeFile.consent == "open",
        NomineeFile.screening != "ineligible",
        ~unlikely,
        ~NomineeFile.stopped,
        _heard_of(),
    )


def who_waits(cycle: Cycle) -> tuple[list[Known], Any]:
    """Whom the rules shut out, and the condition on files that wait for a person's look: one query, once a page."""
    known = eligibility.known_of(cycle)
    return known, eligibility.held(cycle, known)


def needing_address(cycle: Cycle, held: Any = None) -> Select[NomineeFile]:
    """The files that could be asked if we knew where to write, by name."""
    return (
        select(NomineeFile)
        .where(_to_ask(cycle, held), NomineeFile.email == "")
        .options(joinedload(NomineeFile.district))
        .order_by(NomineeFile.name_key, NomineeFile.id)
    )


def ready_to_ask(cycle: Cycle, held: Any = None) -> Select[NomineeFile]:
    """The files whose consent letter can go out now: proven nomination, address, nobody has asked."""
    query = select(NomineeFile).where(_to_ask(cycle, held), NomineeFile.email != "")
    return query.order_by(NomineeFile.name_key, NomineeFile.id)


def heard_of(file_ids: list[int]) -> set[int]:
    """Which of the files have a proven nomination."""
    query = select(Nomination.file_id).where(Nomination.file_id.in_(file_ids), Nomination.state == "confirmed")
    return {file_id for file_id in db.session.scalars(query.distinct()) if file_id is not None}


def reachable(files: Sequence[NomineeFile]) -> list[NomineeFile]:
    """Those whose address is not stopped: one query."""
    addresses = [f.email.lower() for f in files]
    gone = set(db.session.scalars(select(StoppedAddress.email).where(StoppedAddress.email.in_(addresses))))
    return [f for f in files if f.email.lower() not in gone]


def waiting(cycle_id: int) -> Select[NomineeFile]:
    """The files that were asked and have not answered, longest first."""
    return (
        select(NomineeFile)
        .where(_in_play(cycle_id), NomineeFile.consent == "asked")
        .order_by(NomineeFile.asked_at, NomineeFile.id)
    )


def reminder_due(cycle: Cycle) -> Select[NomineeFile]:
    """Of those, who was asked long enough ago and has had no reminder at this address: there is one at each."""
    due = NomineeFile.reminded_at.is_(None), NomineeFile.asked_at <= due_before(cycle), ~NomineeFile.stopped
    return waiting(cycle.id).where(*due)


def answered(cycle_id: int) -> Select[NomineeFile]:
    """The files that have answered, newest answer first; an erased one is a line without a name."""
    said = or_(NomineeFile.consent.in_(("accepted", "declined", "erased")), NomineeFile.withdrawn_at.is_not(None))
    return (
        select(NomineeFile)
        .where(NomineeFile.cycle_id == cycle_id, NomineeFile.joined_into_id.is_(None), said)
        .order_by(NomineeFile.answered_at.desc(), NomineeFile.id.desc())
    )


def listed(cycle: Cycle, which: str, held: Any = None) -> Select[NomineeFile]:
    """The list of that name (one of LISTS)."""
    return {
        "ready": lambda: ready_to_ask(cycle, held),
        "waiting": lambda: waiting(cycle.id),
        "due": lambda: reminder_due(cycle),
        "answered": lambda: answered(cycle.id),
    }[which]()


def numbers_of(cycle: Cycle, which: str) -> list[int]:
    """The numbers of all files of that list, in its order."""
    return list(db.session.scalars(listed(cycle, which).with_only_columns(NomineeFile.id)))


def due_before(cycle: Cycle) -> datetime:
    """Whoever was asked before this moment may be reminded."""
    return now() - timedelta(days=form_settings(cycle.program).consent_remind_after_days)


def due_count(cycle: Cycle) -> Select[Any]:
    """How many reminders are due, as a query for counting beside others."""
    return reminder_due(cycle).order_by(None).with_only_columns(func.count(NomineeFile.id))


def consent_counts(cycle: Cycle, known: list[Known]) -> dict[str, int]:
    """How many need an address, are ready to ask, wait, are due a reminder, and gave each answer: one query."""
    counts = count_files(cycle, known, {"due": due_count(cycle)})
    return {**counts, "answered": sum(counts[n] for n in ("accepted", "declined", "erased", "withdrawn"))}


def names_in(cycle_id: int) -> list[NomineeFile]:
    """Every file that could get an address, by name: what a pasted list is matched against."""
    query = select(NomineeFile).where(_in_play(cycle_id), NomineeFile.consent.in_(("open", "asked")))
    return list(db.session.scalars(query.order_by(NomineeFile.name_key, NomineeFile.id)))


def family_of(file: NomineeFile) -> list[int]:
    """The file's number and those of all files that were joined into it, however long ago."""
    tree = select(NomineeFile.id).where(NomineeFile.id == file.id).cte("family", recursive=True)
    joined = aliased(NomineeFile)
    tree = tree.union(select(joined.id).where(joined.joined_into_id == tree.c.id))
    return list(db.session.scalars(select(tree.c.id)))


def overdue_to_erase(after: int = 0, limit: int = 200) -> list[NomineeFile]:
    """Files of people who said no, or nothing, whose time with us is over (see `rules.erase_on`): the first of those
    with a higher number than `after`.
    """
    begun = select(Cycle).where(Cycle.opening_day < (now() - rules.ERASE_AFTER).date())
    over = []
    for cycle in db.session.scalars(begun.options(selectinload(Cycle.windows))):
        moment = rules.erase_on(cycle.windows)
        if moment is not None and moment <= now():
            over.append(cycle.id)
    query = select(NomineeFile).where(
        NomineeFile.id > after,
        NomineeFile.cycle_id.in_(over),
        NomineeFile.consent.in_(("asked", "declined")),
        NomineeFile.joined_into_id.is_(None),
    )
    return list(db.session.scalars(query.order_by(NomineeFile.id).limit(limit)))


def acceptance(file: NomineeFile) -> Select[AuditEntry]:
    """What the record keeps of the nominee's yes, the last one."""
    mine = AuditEntry.thing == name_of(file), AuditEntry.verb == ACCEPTED
    return select(AuditEntry).where(*mine).order_by(AuditEntry.id.desc()).limit(1)


def attested(file: NomineeFile, history: Sequence[tuple[AuditEntry, str]] | None = None) -> list[str] | None:
    """The keys of the eligibility rules the nominee said are true, when accepting; None before an acceptance.

    Read from the history of the file's page when that is loaded (`notes.beside`), else by one query.
    """
    if history is None:
        entry = db.session.scalar(acceptance(file))
    else:
        entry = next((e for e, _name in history if e.verb == ACCEPTED and e.thing == name_of(file)), None)
    return None if entry is None else list(entry.facts.get("attested", []))
