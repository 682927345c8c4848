"""Two files of one educator become one, and one nomination becomes a file of its own: both can be taken back."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, select, true, update

from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Mistaken, Overtaken
from portal.core.names import person_key
from portal.nominations.actions import matching, notes
from portal.nominations.actions.matching import Educator
from portal.nominations.models import FileJoin, Nomination, NomineeFile
from portal.nominations.queries.holds import with_panel
from portal.nominations.rules.files import LIVE, MANAGE_FILES
from portal.nominations.rules.joining import SETTLED, why_not_join


def join(by: Any, kept: NomineeFile, gone: NomineeFile) -> FileJoin:
    """Moves what was written in `gone` into `kept`; the empty file leads on to it. Raises Mistaken with the reason.

    Who wrote in both files counts once: their nomination in `kept` stands, the other one stays behind in `gone`, where
    the page of `kept` still shows it. A story chosen in `kept` stays chosen. Notes of the staff come along.
    """
    demand(by, MANAGE_FILES, kept)
    demand(by, MANAGE_FILES, gone)
    matching.lock(kept.cycle)
    db.session.refresh(kept)
    db.session.refresh(gone)
    if reason := why_not_join(kept, gone, with_panel([kept.id, gone.id])):
        raise Mistaken(str(reason))
    made = FileJoin(kept_id=kept.id, gone_id=gone.id, by_id=getattr(by, "id", None), at=now())
    _move_nominations(made, kept, gone)
    gone.joined_into_id = kept.id
    made.note_ids = notes.move(gone, kept)
    before = {name: getattr(kept, name) for name in _FILLED}
    told = Educator(gone.name, position=gone.position, position_key=gone.position_key, email=gone.email)
    matching.fill_gaps(kept, told)
    if gone.consent == "accepted":
        kept.public_name_ok = kept.public_name_ok and gone.public_name_ok
    made.changes = {name: [was, now_] for name, was in before.items() if (now_ := getattr(kept, name)) != was}
    db.session.add(made)
    audit.record(by, "file.joined", kept, other=gone.public_id, nominations=len(made.nomination_ids))
    audit.record(by, "file.joined_into", gone, other=kept.public_id)
    return made


_FILLED = ("email", "position", "position_key", "public_name_ok")  # what the kept file may take over from the other


def _move_nominations(made: FileJoin, kept: NomineeFile, gone: NomineeFile) -> None:
    theirs = _nominations(kept)
    writers = {n.nominator_email for n in theirs if n.state in LIVE}
    chosen = {n.relation_group for n in theirs if n.shown}
    moved, hidden = [], []
    for nomination in _nominations(gone):
        if nomination.state in LIVE and nomination.nominator_email in writers:
            continue
        nomination.file_id = kept.id
        if nomination.shown and nomination.relation_group in chosen:
            nomination.shown = False
            hidden.append(nomination.id)
        moved.append(nomination.id)
    made.nomination_ids, made.hidden_ids = moved, hidden


def _nominations(file: NomineeFile) -> list[Nomination]:
    query = select(Nomination).where(Nomination.file_id == file.id).order_by(Nomination.id)
    return list(db.session.scalars(query.with_for_update()))


def undo_join(by: Any, gone: NomineeFile) -> NomineeFile:
    """Makes a joined file stand alone again, with the nominations it brought; the file it leaves is returned.

    Of joins of joins the later one is taken back first, else it raises Mistaken.
    """
    demand(by, MANAGE_FILES, gone)
    matching.lock(gone.cycle)
    query = select(FileJoin).where(FileJoin.gone_id == gone.id, FileJoin.undone_at.is_(None)).with_for_update()
    made = db.session.scalar(query)
    if made is None:
        raise Overtaken(_("These files are apart already."))
    if gone.cycle.decisions_confirmed_at is not None:
        raise Mistaken(str(SETTLED))
    kept = db.session.get_one(NomineeFile, made.kept_id)
    if kept.joined_into_id is not None:  # what was written went on with it
        raise Mistaken(_("The file it was joined into was joined into another one since. Take that join back first."))
    made.undone_at = now()
    db.session.refresh(gone)
    gone.joined_into_id = None
    numbers = [*made.nomination_ids, *_written_since(made, kept, gone)]
    back = update(Nomination).where(Nomination.id.in_(numbers), Nomination.file_id == kept.id)
    chosen = case((Nomination.id.in_(made.hidden_ids), true()), else_=Nomination.shown)
    values = back.values(file_id=gone.id, shown=chosen)
    sweep(values)
    notes.move(kept, gone, only=made.note_ids)
    db.session.expire_all()
    _give_back(made, kept)
    audit.record(by, "file.join_undone", kept, other=gone.public_id)
    audit.record(by, "file.stands_alone", gone, other=kept.public_id)
    return kept


def _written_since(made: FileJoin, kept: NomineeFile, gone: NomineeFile) -> list[int]:
    """Nominations that came after the joining and name the educator as the file that leaves does: they go with it."""
    query = select(Nomination).where(
        Nomination.file_id == kept.id, Nomination.created_at > made.at, Nomination.id.not_in(made.nomination_ids)
    )
    if (kept.name_key, kept.school_key) == (gone.name_key, gone.school_key):
        return []
    found = [(n.id, _educator_of(n, kept)) for n in db.session.scalars(query)]
    keys = gone.name_key, gone.school_key
    return [number for number, told in found if (person_key(told.name), told.school_key) == keys]


def _give_back(made: FileJoin, kept: NomineeFile) -> None:
    """What the kept file took over goes, unless somebody has changed it since or the letter went there."""
    for name, (was, became) in made.changes.items():
        if getattr(kept, name) == became and (name != "email" or kept.consent == "open"):
            setattr(kept, name, was)
    kept.search = matching.search_text(kept, kept.district.name if kept.district else "")


def split(by: Any, nomination: Nomination) -> NomineeFile:
    """Gives one nomination a file of its own, named as its nominator named the educator. Joining takes it back."""
    demand(by, MANAGE_FILES, nomination)
    matching.lock(nomination.cycle)
    db.session.refresh(nomination)
    if nomination.cycle.decisions_confirmed_at is not None:
        raise Mistaken(str(SETTLED))
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
