"""The rows of the list: each file with its voices and its next step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, undefer

from portal.core.db import db
from portal.nominations.models import FileNote, NomineeFile
from portal.nominations.queries import eligibility
from portal.nominations.queries.files.standing import only_kin, step_of
from portal.nominations.rules import GROUPS
from portal.nominations.rules.eligibility import Known, held_by
from portal.nominations.rules.files import Terms, Voices, terms_of
from portal.programs.models import Cycle

PORTION = 500  # files of a sheet that are read at once


@dataclass(frozen=True)
class Row:
    """One file of the list: which groups have written (in the order of `rules.GROUPS`) and its next step."""

    file: NomineeFile
    heard: tuple[bool, ...]
    step: str
    answer_due: Any = None
    held: str = ""  # why a person has to look first: a key of `rules.eligibility.HELD`
    proven: int = 0  # nominations
    unproven: int = 0
    notes: int = 0  # of the staff


# Counted by its index, for the page's own files only.
_NOTES = select(func.count(FileNote.id)).where(FileNote.file_id == NomineeFile.id).correlate(NomineeFile)


def all_rows(cycle: Cycle, file_ids: Sequence[int]) -> Iterator[Row]:
    """The rows of these files of the cycle in this order, read portion by portion."""
    terms, known = terms_of(cycle.program.settings), eligibility.known_of(cycle)
    for at in range(0, len(file_ids), PORTION):
        portion = file_ids[at : at + PORTION]
        found = {row.file.id: row for row in rows_of(whole().where(NomineeFile.id.in_(portion)), terms, known)}
        yield from (found[file_id] for file_id in portion if file_id in found)


def whole() -> Select[Any]:
    """Files with all that a row tells of them. The voices are read with the row, not kept at an object: they change
    without it.
    """
    groups = [getattr(NomineeFile, f"from_{group}") for group in GROUPS]
    voices = (NomineeFile.proven, NomineeFile.unproven, NomineeFile.relations)
    return select(NomineeFile, _NOTES.scalar_subquery(), *voices, *groups).options(
        joinedload(NomineeFile.district), undefer(NomineeFile.stopped)
    )


def rows_of(query: Select[Any], terms: Terms, known: list[Known]) -> list[Row]:
    """The rows of a query that begins with `whole`, in its order: one query."""
    rows = []
    for file, notes, proven, unproven, relations, *heard in db.session.execute(query):
        own = heard[GROUPS.index("self")]
        voices = Voices(proven, unproven, own, only_kin=only_kin(relations, terms))
        held = held_by(file, terms.closed_positions, known)
        step = step_of(file, voices, terms, held)
        groups = tuple(n > 0 for n in heard)
        rows.append(Row(file, groups, step, answer_due(file, terms), held, proven, unproven, notes))
    return rows


def answer_due(file: NomineeFile, terms: Terms) -> Any:
    """The moment until which the nominee was asked to answer; None when nobody asked."""
    return file.asked_at + timedelta(days=terms.answer_days) if file.asked_at else None
