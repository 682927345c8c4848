"""Two files of one educator become one, and one nomination becomes a file of its own: both can be taken back."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken, Overtaken
from portal.nominations.actions import matching
from portal.nominations.actions.matching import Educator
from portal.nominations.models import FileJoin, Nomination, NomineeFile
from portal.nominations.rules.files import LIVE, MANAGE_FILES, why_not_join


def join(by: Any, kept: NomineeFile, gone: NomineeFile) -> FileJoin:
    """Moves what was written in `gone` into `kept`; the empty file leads on to it. Raises Mistaken with the reason.

    Who wrote in both files counts once: their nomination in `kept` stands, the other one stays behind in `gone`, where
    the page of `kept` still shows it. A story chosen in `kept` stays chosen.
    """
    demand(by, MANAGE_FILES, kept)
    demand(by, MANAGE_FILES, gone)
    matching.lock(kept.cycle)
    db.session.refresh(kept)
    db.session.refresh(gone)
    if reason := why_not_join(kept, gone):
        raise Mistaken(str(reason))
    theirs = _nominations(kept)
    writers = {n.nominator_email for n in theirs if n.state in LIVE}
    chosen = {n.relation_group for n in theirs if n.shown}
    moved = []
    for nomination in _nominations(gone):
        if nomination.state in LIVE and nomination.nominator_email in writers:
            continue
        nomination.file_id = kept.id
        nomination.shown = nomination.shown and nomination.relation_group not in chosen
        moved.append(nomination.id)
    gone.joined_into_id = kept.id
    place = kept.district.name if kept.district else ""
    told = Educator(
        gone.name, district_name=place, position=gone.position, position_key=gone.position_key, email=gone.email
    )
    matching.fill_gaps(kept, told)
    made = FileJoin(kept_id=kept.id, gone_id=gone.id, nomination_ids=moved, by_id=getattr(by, "id", None), at=now())
    db.session.add(made)
    audit.record(by, "file.joined", kept, other=gone.public_id, nominations=len(moved))
    audit.record(by, "file.joined_into", gone, other=kept.public_id)
    return made


def _nominations(file: NomineeFile) -> list[Nomination]:
    query = select(Nomination).where(Nomination.file_id == file.id).order_by(Nomination.id)
    return list(db.session.scalars(query.with_for_update()))


def undo_join(by: Any, gone: NomineeFile) -> NomineeFile:
    """Makes a joined file stand alone again, with the nominations it brought; the file it leaves is returned."""
    demand(by, MANAGE_FILES, gone)
    matching.lock(gone.cycle)
    query = select(FileJoin).where(FileJoin.gone_id == gone.id, FileJoin.undone_at.is_(None)).with_for_update()
    made = db.session.scalar(query)
    if made is None:
        raise Overtaken(_("These files are apart already."))
    kept = db.session.get_one(NomineeFile, made.kept_id)
    made.undone_at = now()
    db.session.refresh(gone)
    gone.joined_into_id = None
    back = update(Nomination).where(Nomination.id.in_(made.nomination_ids), Nomination.file_id == kept.id)
    db.session.execute(back.values(file_id=gone.id).execution_options(synchronize_session="fetch"))
    audit.record(by, "file.join_undone", kept, other=gone.public_id)
    audit.record(by, "file.stands_alone", gone, other=kept.public_id)
    return kept


def split(by: Any, nomination: Nomination) -> NomineeFile:
    """Gives one nomination a file of its own, named as its nominator named the educator. Joining takes it back."""
    demand(by, MANAGE_FILES, nomination)
    matching.lock(nomination.cycle)
    db.session.refresh(nomination)
    file = nomination.file
    if file is None or nomination.state not in LIVE:
        raise Mistaken(_("This nomination does not stand any more, so there is nothing to split."))
    others = select(Nomination.id).where(
        Nomination.file_id == file.id, Nomination.id != nomination.id, Nomination.state.in_(LIVE)
    )
    if db.session.scalar(others.limit(1)) is None:
        raise Mistaken(_("This is the only nomination of the file. Correct the file instead."))
    own = matching.make(nomination.cycle, _educator_of(nomination, file))
    nomination.file_id, nomination.shown = own.id, False
    audit.record(by, "file.split", file, other=own.public_id, nomination=nomination.public_id)
    audit.record(by, "file.made_by_split", own, other=file.public_id, nomination=nomination.public_id)
    return own


def _educator_of(nomination: Nomination, file: NomineeFile) -> Educator:
    """Who the nominator meant, in their own words; the position's key is the file's when the words are the same."""
    same = nomination.position == file.position
    return Educator.of(
        nomination.educator_name,
        nomination.school,
        nomination.school_name,
        nomination.district,
        position=nomination.position,
        position_key=file.position_key if same else "",
        email=nomination.educator_email,
        locale=nomination.locale,
    )
