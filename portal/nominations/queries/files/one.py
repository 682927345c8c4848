"""One file, as its pages need it."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle


def file_by_public_id(public_id: str) -> NomineeFile | None:
    """The file with its cycle and that one's rules of eligibility, program, school and district: one query."""
    cycle = joinedload(NomineeFile.cycle)
    query = select(NomineeFile).options(
        cycle.joinedload(Cycle.program),
        cycle.joinedload(Cycle.eligibility),
        joinedload(NomineeFile.school),
        joinedload(NomineeFile.district),
        undefer(NomineeFile.stopped),
    )
    return db.session.scalars(query.where(NomineeFile.public_id == public_id)).unique().one_or_none()


FARTHEST = 20  # joins of joins that are followed; more would be a circle


def end_of_joins(
    file: NomineeFile | None, load: Callable[[int], NomineeFile | None] | None = None
) -> NomineeFile | None:
    """The file into which this one was joined, over any number of joins; each is loaded by its number, by `load`."""
    for _step in range(FARTHEST):
        if file is None or file.joined_into_id is None:
            break
        file = (load or file_by_id)(file.joined_into_id)
    return file


def file_by_id(file_id: int) -> NomineeFile | None:
    """The file alone."""
    return db.session.get(NomineeFile, file_id)
