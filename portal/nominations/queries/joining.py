"""Files that may be about the same person: searched for, or proposed by likeness of name and school."""

from typing import Any

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.core.names import fold
from portal.nominations.likeness import compare, keys_of, names_alike
from portal.nominations.models import FileKey, Nomination, NomineeFile
from portal.nominations.queries.likely import DESCRIBED, description
from portal.nominations.rules.files import LIVE

MOST = 12


def candidates(file: NomineeFile, search: str = "") -> list[NomineeFile]:
    """Other files of the cycle: those that hold every word searched for, else those with a name like this one's.

    At most 12, the likest first; the school only orders what the names propose. One query, two for a proposal.
    """
    query = select(NomineeFile).where(*_others(file))
    query = query.options(joinedload(NomineeFile.school), joinedload(NomineeFile.district))
    if words := fold(search).split():
        for word in words:
            query = query.where(NomineeFile.search.like(f"%{word}%"))
        return list(db.session.scalars(query.order_by(NomineeFile.name_key, NomineeFile.id).limit(MOST)))
    likest = _likest(file)
    found = {each.id: each for each in db.session.scalars(query.where(NomineeFile.id.in_(likest)))} if likest else {}
    return [found[number] for number in likest if number in found]


def _others(file: NomineeFile) -> list[Any]:
    mine = NomineeFile.cycle_id == file.cycle_id, NomineeFile.id != file.id
    return [*mine, NomineeFile.joined_into_id.is_(None), NomineeFile.consent != "erased"]


def _likest(file: NomineeFile) -> list[int]:
    """The numbers of the files whose names may be this one's, by the same judgment as likely pairs; also where the
    schools differ, which a person who joins two files may know better.
    """
    me = description(file)
    keyed = select(FileKey.file_id).where(FileKey.cycle_id == file.cycle_id, FileKey.key.in_(sorted(keys_of(me))))
    parts = [NomineeFile.name_key.like(f"%{part}%") for part in file.name_key.split() if len(part) > 1]
    # What has changed a moment ago has no keys yet.
    near = or_(NomineeFile.id.in_(keyed), and_(~NomineeFile.compared, or_(false(), *parts)))
    ranked = []
    for row in db.session.execute(select(*DESCRIBED).where(*_others(file), near)):
        other = description(row)
        if names := names_alike(me.name, other.name).score:
            ranked.append((-compare(me, other).score, -names, row.id))
    return [number for _both, _names, number in sorted(ranked)[:MOST]]


def how_many_wrote(file_ids: list[int]) -> dict[int, int]:
    """How many living nominations each file has."""
    query = select(Nomination.file_id, func.count()).where(
        Nomination.file_id.in_(file_ids), Nomination.state.in_(LIVE)
    )
    return {file_id: count for file_id, count in db.session.execute(query.group_by(Nomination.file_id)) if file_id}
