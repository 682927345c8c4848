"""Erasing what is personal about a nominee: rows stay, so that counts and the record hold; words and names go."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, or_, select, update

from portal.core import audit, delivery, jobs, links, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.moves import move, move_all
from portal.core.names import person_key, school_key
from portal.core.once import insert_once
from portal.core.outbox import Message
from portal.nominations.actions import bulk, notes, views
from portal.nominations.models import (
    ErasedMark,
    FairPlayFlag,
    FileJoin,
    FileKey,
    FilePair,
    ImportRow,
    ImportRun,
    Nomination,
    NomineeFile,
    Print,
)
from portal.nominations.queries import consent as queries
from portal.nominations.queries.erased import kept_of
from portal.nominations.rules import CONSENT, NOMINATION
from portal.nominations.rules import consent as rules
from portal.questions.actions import forget_files

BLANK_FILE: dict[str, Any] = {
    "name": "",
    "name_key": "",
    "school_id": None,
    "school_name": "",
    "school_key": "",
    "district_id": None,
    "position": "",
    "position_key": "",
    "email": "",
    "search": "",
    "screening_reason": "",
    "public_name_ok": False,
    "erased_before": False,
}
LATER = ("review.erase_file", "selection.erase_file")  # jobs of later packages, asked for by name
BLANK_NOMINATION: dict[str, Any] = {
    "answers": {},
    "asked": {},
    "said": {},
    "educator_name": "",
    "school_id": None,
    "school_name": "",
    "district_id": None,
    "position": "",
    "subject": "",
    "educator_email": "",
    "known_for": "",
    "story": "",
    "with_others": "",
    "tie": "",
    "child_name": "",
    "shown": False,
    "network": "",
}


def erase(by: Any, file: NomineeFile) -> None:
    """Erases the nominee from this file, from those joined into it, from what was written and mailed about them.

    Nominations leave the award (withdrawn), every link to them dies, waiting letters are canceled; what readers and
    deciders wrote goes in jobs of their packages. The record keeps a sealed hash of name and address: whoever holds
    them can prove that the erasure was theirs. Of somebody who asked for it (not of who is forgotten in time), marks
    stay by which a new nomination of them is noticed.
    """
    demand(None, rules.ERASE, file)
    seal, address = audit.seal(f"{file.name}\n{file.email}"), file.email
    names = {(file.name_key, file.school_key)}
    family = queries.family_of(file)
    # Locked before the file, as by everybody who confirms one: the database counts its file's voices then.
    written = select(Nomination).where(Nomination.file_id.in_(family)).order_by(Nomination.id)
    nominations = list(db.session.scalars(written.with_for_update()))
    nominations += _repeats(nominations)
    if len(family) > 1:  # in the order in which everybody locks several files
        locked = select(NomineeFile.id).where(NomineeFile.id.in_(family)).order_by(NomineeFile.id)
        db.session.execute(locked.with_for_update())
    names |= {(person_key(n.educator_name), school_key(n.school_name)) for n in nominations}
    found_by = list(db.session.scalars(select(NomineeFile.search).where(NomineeFile.id.in_(family))))
    _erase_refused_rows(file, nominations)
    abouts = [audit.name_of(thing) for thing in (file, *nominations)]
    move(CONSENT, "erase", file, by, column="consent", changes={**BLANK_FILE, "answered_at": now()}, seal=seal)
    sweep(update(NomineeFile).where(NomineeFile.id.in_(family)).values(BLANK_FILE))
    _erase_likeness(family)
    notes.erase(family)
    views.forget(by, file.program_id, {name for name, _school in names}, found_by, address)
    bulk.forget_file(family)
    _erase_nominations(by, nominations, address)
    _erase_mail(abouts, address)
    _end_links(family, [n.id for n in nominations])
    if by != audit.SYSTEM:  # who was only forgotten in time may be asked again in a later year
        _remember(file.program_id, address, names)
    for file_id in family:  # later packages erase what they hold
        for job in LATER:
            jobs.later(job, file_id, key=f"{job}:{file_id}")


def _remember(program_id: int, address: str, names: Iterable[tuple[str, str]]) -> None:
    for digest in sorted(kept_of(program_id, address, names)):
        insert_once(ErasedMark, ["digest"], program_id=program_id, digest=digest, at=now())


def _repeats(nominations: list[Nomination]) -> list[Nomination]:
    """What the same nominators sent a second time about this educator: it stayed a draft outside of any file."""
    names = {person_key(n.educator_name) for n in nominations}
    query = select(Nomination).where(
        Nomination.cycle_id.in_({n.cycle_id for n in nominations}),
        Nomination.nominator_email.in_({n.nominator_email for n in nominations} - {""}),
        Nomination.file_id.is_(None),
        Nomination.state == "draft",
    )
    return [n for n in db.session.scalars(query) if person_key(n.educator_name) in names]


def _erase_refused_rows(file: NomineeFile, nominations: list[Nomination]) -> None:
    """The name in reports of imports, also beside rows that were refused and became no nomination."""
    wanted = {file.name_key, *(person_key(n.educator_name) for n in nominations)}
    runs = select(ImportRun.id).where(ImportRun.cycle_id == file.cycle_id)
    query = select(ImportRow.id, ImportRow.educator).where(
        ImportRow.run_id.in_(runs), ImportRow.nomination_id.is_(None), ImportRow.educator != ""
    )
    found = [row_id for row_id, name in db.session.execute(query) if person_key(name) in wanted]
    sweep(update(ImportRow).where(ImportRow.id.in_(found)).values(educator="", remarks=[], cells=None))


def _erase_likeness(family: list[int]) -> None:
    """What the files were compared by, and what joining them changed: names and addresses too."""
    sweep(delete(FileKey).where(FileKey.file_id.in_(family)))
    sweep(delete(FilePair).where(or_(FilePair.first_id.in_(family), FilePair.second_id.in_(family))))
    sweep(update(FileJoin).where(FileJoin.kept_id.in_(family)).values(changes={}))


def _erase_nominations(by: Any, nominations: list[Nomination], address: str) -> None:
    if not nominations:
        return
    numbers, minors = [n.id for n in nominations], [n.id for n in nominations if n.by_minor and not n.for_child]
    living = [n for n in nominations if NOMINATION.may(n.state, "withdraw")]
    move_all(NOMINATION, "withdraw", living, by, reason="nominee erased")
    forget_files([audit.name_of(n) for n in nominations])
    sweep(update(Nomination).where(Nomination.id.in_(numbers)).values(BLANK_NOMINATION))
    # Who nominated themself, or wrote from the nominee's own address, is the nominee; a minor need be known no longer.
    own = or_(Nomination.relation_group == "self", Nomination.nominator_email == address, Nomination.id.in_(minors))
    mine = update(Nomination).where(Nomination.id.in_(numbers), own)
    sweep(mine.values(nominator_name="", nominator_email=""))
    sweep(delete(Print).where(Print.nomination_id.in_(numbers)))
    sweep(delete(FairPlayFlag).where(FairPlayFlag.nomination_id.in_(numbers)))
    sweep(update(ImportRow).where(ImportRow.nomination_id.in_(numbers)).values(educator="", remarks=[]))
    for nomination in nominations:
        db.session.expire(nomination)


def _erase_mail(abouts: list[str], address: str) -> None:
    about = Message.about.in_(abouts)
    # Letters about the file went to the nominee, also those to an address that was corrected since.
    addresses = set(db.session.scalars(select(Message.to).where(about, Message.about.startswith("file:"))))
    outbox.blank([name for name in abouts if name.startswith("file:")])
    outbox.blank(abouts, only_to=address)
    for each in {*addresses, address} - {""}:
        delivery.let_through(each)  # that it was stopped is known of nobody any more


def _end_links(files: list[int], nominations: list[int]) -> None:
    link = links.Link
    mine = or_(
        (link.purpose == "consent") & link.subject_id.in_(files),
        link.purpose.startswith("nomination") & link.subject_id.in_(nominations),
    )
    sweep(update(link).where(mine).values(email="", revoked_at=now()))
