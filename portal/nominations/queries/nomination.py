"""What the public nomination pages read: the program and its window, one's own nomination, the school as typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.core import links
from portal.core.audit import AuditEntry, name_of
from portal.core.clock import now
from portal.core.db import db
from portal.core.names import school_key
from portal.core.outbox import Message
from portal.nominations.models import FileJoin, Nomination, NomineeFile
from portal.nominations.rules.files import LIVE
from portal.nominations.rules.nominate import UNLISTED, drafts_kept_until, nominations_are_open, nominations_window
from portal.programs import queries as programs
from portal.programs.directory.words import COMMON, sense, written_words
from portal.programs.models import Cycle, Program, School

MOST_SCHOOLS = 8


@dataclass(frozen=True)
class Place:
    """Where nominations are taken: the program, its cycle of now, and its window (if there are any)."""

    program: Program
    cycle: Cycle | None = None
    window: Any = None

    @property
    def is_open(self) -> bool:
        return self.cycle is not None and nominations_are_open(self.cycle, now())

    @property
    def comes(self) -> bool:
        """Whether nominations open later on."""
        return self.window is not None and self.window.opens_at > now()


def place(program: Program) -> Place:
    """The program of that address with its current cycle: three queries."""
    cycle = programs.current_cycle(program)
    return Place(program, cycle, nominations_window(cycle) if cycle else None)


# Built once: putting a statement together costs more than running it.
_WITH_CYCLE = (
    contains_eager(Nomination.cycle).contains_eager(Cycle.program),
    contains_eager(Nomination.cycle).joinedload(Cycle.taking),
)
_WHOLE = select(Nomination).join(Nomination.cycle).join(Cycle.program).options(*_WITH_CYCLE)
_OWN = _WHOLE.where(Nomination.public_id == bindparam("public_id"), Program.slug == bindparam("slug"))
_BY_ID = _WHOLE.where(Nomination.id == bindparam("id"))
_ROW = (
    select(Nomination)
    .where(Nomination.id == bindparam("id"))
    .with_for_update(of=Nomination)
    .execution_options(populate_existing=True)
)
_ROW_WHOLE = _ROW.join(Nomination.cycle).join(Cycle.program).options(*_WITH_CYCLE)
_LETTERS = (
    select(func.count())
    .select_from(Message)
    .where(
        Message.to == bindparam("address"),
        Message.created_at >= bindparam("since"),
        Message.template.like("nominations/%"),
    )
)


def own(slug: str, public_id: str) -> Nomination | None:
    """The nomination of that public id in the program of that address, with cycle, program and when nominations are
    taken: one query.
    """
    return db.session.scalar(_OWN, {"slug": slug, "public_id": public_id})


def locked(nomination_id: int, *, alone: bool = False) -> Nomination:
    """The nomination as it stands now, its row locked; with what `own` loads, unless `alone`: one query."""
    return db.session.scalars(_ROW if alone else _ROW_WHOLE, {"id": nomination_id}).one()


def of_link(link: links.Link) -> Nomination | None:
    """The nomination that a mailed link opens."""
    return db.session.scalar(_BY_ID, {"id": link.subject_id})


def unfinished(cycle: Cycle, public_ids: Sequence[str]) -> list[Nomination]:
    """Which of these are drafts of the cycle that were not sent, newest first; expired ones that may go on too."""
    query = select(Nomination).where(
        Nomination.public_id.in_(public_ids),
        Nomination.cycle_id == cycle.id,
        or_(Nomination.state == "draft", and_(Nomination.state == "expired", Nomination.step != "")),
        Nomination.receipt == "",
    )
    return list(db.session.scalars(query.order_by(Nomination.id.desc()))) if public_ids else []


@dataclass(frozen=True)
class SchoolPick:
    """What the typed school may mean: the one chosen (or the only one of that very name), else whom to choose from."""

    typed: str = ""
    school: School | None = None
    candidates: list[School] = field(default_factory=list)
    unlisted: bool = False


def school_pick(program_id: int, typed: str, choice: str) -> SchoolPick:
    """Reads a typed school and a choice among those offered for it.

    A choice counts only among the candidates of what is typed now: who retypes chooses again. Nothing found means that
    the school is not in the directory.
    """
    candidates = _candidates(program_id, typed)
    if choice == UNLISTED or not candidates:
        return SchoolPick(typed, None, candidates, unlisted=bool(typed.strip()))
    chosen = [s for s in candidates if s.public_id == choice]
    exact = [s for s in candidates if s.key == school_key(typed)]
    exact = exact or [s for s in candidates if sense(s.name) == sense(typed)]
    found = chosen or (exact if len(exact) == 1 else [])
    return SchoolPick(typed, found[0] if found else None, candidates)


def _candidates(program_id: int, typed: str) -> list[School]:
    """Schools that fit every word typed; else the telling words; else the first of them."""
    words = written_words(typed)
    telling = [w for w in words if w not in COMMON]
    tries = [words, telling, telling[:1]]
    for at, wanted in enumerate(tries):
        if wanted and wanted not in tries[:at] and sum(map(len, wanted)) >= 2:
            found = programs.schools_matching(program_id, " ".join(wanted), MOST_SCHOOLS)
            if found:
                return found
    return []


def letters_lately(address: str, since: datetime) -> int:
    """How many letters about nominations this address got since then."""
    return int(db.session.scalar(_LETTERS, {"address": address, "since": since}) or 0)


# Built once: every nomination that is sent asks.
_FIRST_OF = (
    select(Nomination)
    .where(
        Nomination.file_id == bindparam("file"),
        Nomination.nominator_email == bindparam("address"),
        Nomination.state.in_(LIVE),
        Nomination.id != bindparam("other"),
    )
    .limit(1)
)


def first_of(file_id: int | None, address: str, other: Nomination) -> Nomination | None:
    """The living nomination of the file by this address, other than this one."""
    return db.session.scalar(_FIRST_OF, {"file": file_id, "address": address, "other": other.id})


def others_vouch(file: NomineeFile, nomination: Nomination) -> bool:
    """Whether the file's address stands on more than this nomination: another proven one names it, staff wrote it, or
    a file was joined into this one (which may have brought it): one query.
    """
    named = exists().where(
        Nomination.file_id == file.id,
        Nomination.id != nomination.id,
        Nomination.state == "confirmed",
        Nomination.educator_email == file.email,
    )
    written = exists().where(AuditEntry.thing == name_of(file), AuditEntry.verb == "file.address_set")
    joined = exists().where(FileJoin.kept_id == file.id, FileJoin.undone_at.is_(None))
    return bool(db.session.scalar(select(or_(named, written, joined))))


# Whose address is not proven and whose nominator was not reminded.
_UNPROVEN = and_(Nomination.state == "submitted", Nomination.source == "form", Nomination.reminded_at.is_(None))


def programs_with_unproven() -> list[Program]:
    """The programs in which a nominator has not proven their address and was not reminded."""
    query = select(Program).where(Program.id.in_(select(Nomination.program_id).where(_UNPROVEN)))
    return list(db.session.scalars(query.order_by(Program.id)))


def unproven_since(program_id: int, before: datetime, after: int = 0, limit: int = 500) -> list[Nomination]:
    """The program's nominations of such nominators that were sent by this moment: the first of those with a higher
    number than `after`.
    """
    due = Nomination.program_id == program_id, Nomination.submitted_at <= before, Nomination.id > after
    return list(db.session.scalars(_WHOLE.where(_UNPROVEN, *due).order_by(Nomination.id).limit(limit)))


def closed_cycles() -> list[Cycle]:
    """Published cycles whose nominations have closed, with their programs: one query."""
    query = select(Cycle).where(Cycle.state == "published").order_by(Cycle.id)
    query = query.options(joinedload(Cycle.program), joinedload(Cycle.taking))
    closings = ((cycle, nominations_window(cycle)) for cycle in db.session.scalars(query))
    return [cycle for cycle, window in closings if window and window.closes_at and window.closes_at <= now()]


def drafts_are_over(cycle: Cycle) -> bool:
    """Whether what was begun in the cycle and not sent is to be erased now."""
    until = drafts_kept_until(cycle)
    return until is not None and until <= now()


def unsent(cycle: Cycle, state: str, limit: int = 500) -> list[Nomination]:
    """Some of the cycle's nominations that were begun and never sent: the living ones ("draft"), or of those that have
    expired the ones with words in them.
    """
    mine = Nomination.cycle_id == cycle.id, Nomination.state == state, Nomination.receipt == ""
    query = select(Nomination).where(*mine)
    if state == "expired":
        query = query.where(Nomination.step != "", Nomination.file_id.is_(None))
    return list(db.session.scalars(query.order_by(Nomination.id).limit(limit)))
