"""Erasing what is personal about a nominee: rows stay, so that counts and the record hold; words and names go."""

from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from portal.core import audit, links
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.moves import move, move_all
from portal.core.names import person_key
from portal.core.outbox import Message
from portal.nominations.models import (
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
}
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
    "shown": False,
    "network": "",
}


def erase(by: Any, file: NomineeFile) -> None:
    """Erases the nominee from this file, from those joined into it, from what was written and mailed about them.

    Nominations leave the award (withdrawn), every link to them dies, waiting letters are canceled. The record keeps
    a sealed hash of name and address: whoever holds them can prove that the erasure was theirs.
    """
    demand(None, rules.ERASE, file)
    seal, address = audit.seal(f"{file.name}\n{file.email}"), file.email
    family = queries.family_of(file)
    nominations = list(db.session.scalars(select(Nomination).where(Nomination.file_id.in_(family))))
    nominations += _repeats(nominations)
    _erase_refused_rows(file, nominations)
    abouts = [audit.name_of(thing) for thing in (file, *nominations)]
    move(CONSENT, "erase", file, by, column="consent", changes={**BLANK_FILE, "answered_at": now()}, seal=seal)
    _quietly(update(NomineeFile).where(NomineeFile.id.in_(family)).values(BLANK_FILE))
    _erase_likeness(family)
    _erase_nominations(by, nominations, address)
    _erase_mail(abouts, address)
    _end_links(family, [n.id for n in nominations])


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
    _quietly(update(ImportRow).where(ImportRow.id.in_(found)).values(educator="", remarks=[], cells=None))


def _quietly(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))


def _erase_likeness(family: list[int]) -> None:
    """What the files were compared by, and what joining them changed: names and addresses too."""
    _quietly(delete(FileKey).where(FileKey.file_id.in_(family)))
    _quietly(delete(FilePair).where(or_(FilePair.first_id.in_(family), FilePair.second_id.in_(family))))
    _quietly(update(FileJoin).where(FileJoin.kept_id.in_(family)).values(changes={}))


def _erase_nominations(by: Any, nominations: list[Nomination], address: str) -> None:
    if not nominations:
        return
    numbers = [n.id for n in nominations]
    living = [n for n in nominations if NOMINATION.may(n.state, "withdraw")]
    move_all(NOMINATION, "withdraw", living, by, reason="nominee erased")
    forget_files([audit.name_of(n) for n in nominations])
    _quietly(update(Nomination).where(Nomination.id.in_(numbers)).values(BLANK_NOMINATION))
    # Who nominated themself, or wrote from the nominee's own address, is the nominee.
    own = or_(Nomination.relation_group == "self", Nomination.nominator_email == address)
    mine = update(Nomination).where(Nomination.id.in_(numbers), own)
    _quietly(mine.values(nominator_name="", nominator_email="", child_name=""))
    _quietly(delete(Print).where(Print.nomination_id.in_(numbers)))
    _quietly(delete(FairPlayFlag).where(FairPlayFlag.nomination_id.in_(numbers)))
    _quietly(update(ImportRow).where(ImportRow.nomination_id.in_(numbers)).values(educator="", remarks=[]))
    for nomination in nominations:
        db.session.expire(nomination)


def _erase_mail(abouts: list[str], address: str) -> None:
    about = Message.about.in_(abouts)
    blank = {"context": {}, "template": "nominations/consent_blank", "problem": ""}
    waiting = update(Message).where(about, Message.state.in_(("queued", "held", "failed")))
    _quietly(waiting.values(state="canceled"))
    _quietly(update(Message).where(about).values(blank))
    # Letters about the file went to the nominee, also those to an address that was corrected since.
    theirs = or_(Message.about.startswith("file:"), and_(Message.to == address, Message.to != ""))
    _quietly(update(Message).where(about, theirs).values(to=""))


def _end_links(files: list[int], nominations: list[int]) -> None:
    link = links.Link
    mine = or_(
        (link.purpose == "consent") & link.subject_id.in_(files),
        link.purpose.startswith("nomination") & link.subject_id.in_(nominations),
    )
    _quietly(update(link).where(mine).values(email="", revoked_at=now()))
