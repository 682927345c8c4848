"""Files that may be about the same person: searched for, or proposed by likeness of name and school."""

from difflib import SequenceMatcher

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.core.names import fold
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.rules.files import LIVE

MOST = 12
ALIKE = 0.72  # likeness from which a name is proposed; a person decides


def candidates(file: NomineeFile, search: str = "") -> list[NomineeFile]:
    """Other files of the cycle: those that hold every word searched for, else those with a name like this one's.

    At most 12, the likest first. One query; the likeness is computed among files that share a part of the name.
    """
    query = select(NomineeFile).where(
        NomineeFile.cycle_id == file.cycle_id,
        NomineeFile.id != file.id,
        NomineeFile.joined_into_id.is_(None),
        NomineeFile.consent != "erased",
    )
    query = query.options(joinedload(NomineeFile.school), joinedload(NomineeFile.district))
    if words := fold(search).split():
        for word in words:
            query = query.where(NomineeFile.search.like(f"%{word}%"))
        return list(db.session.scalars(query.order_by(NomineeFile.name_key, NomineeFile.id).limit(MOST)))
    parts = [part for part in file.name_key.split() if len(part) > 1]
    if not parts:
        return []
    query = query.where(or_(*(NomineeFile.name_key.like(f"%{part}%") for part in parts)))
    found = db.session.scalars(query.order_by(NomineeFile.id).limit(400))
    scored = sorted(((likeness(file, other), other.id, other) for other in found), key=lambda s: (-s[0], s[1]))
    return [other for score, _, other in scored if score >= ALIKE][:MOST]


def likeness(one: NomineeFile, other: NomineeFile) -> float:
    """How alike two files are, 0 to about 1.1: names in any order of their parts, a little more for the same school.

    The mean of the best match of each part of the shorter name, so that a turned name, a typing error and a short form
    ("Steph", "Stephanie") are all found.
    """
    parts, others = sorted((one.name_key.split(), other.name_key.split()), key=len)
    if not parts:
        return 0.0
    name = sum(max(_parts_alike(part, each) for each in others) for part in parts) / len(parts)
    # The school only orders what the names propose: two people of one school are not alike for that.
    return name + 0.1 * _schools_alike(one.school_key, other.school_key) if name >= ALIKE else 0.0


def _parts_alike(one: str, other: str) -> float:
    if len(one) > 2 and len(other) > 2 and (one.startswith(other) or other.startswith(one)):
        return 0.9 if one != other else 1.0
    return SequenceMatcher(None, one, other).ratio()


def _schools_alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio() if one and other else 0.0


def how_many_wrote(file_ids: list[int]) -> dict[int, int]:
    """How many living nominations each file has."""
    query = select(Nomination.file_id, func.count()).where(
        Nomination.file_id.in_(file_ids), Nomination.state.in_(LIVE)
    )
    return {file_id: count for file_id, count in db.session.execute(query.group_by(Nomination.file_id)) if file_id}
