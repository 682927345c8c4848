"""The rows of the list: each file with its voices and its next step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.nominations.queries import eligibility
from portal.nominations.queries.files import standing
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


def all_rows(cycle: Cycle, file_ids: Sequence[int]) -> Iterator[Row]:
    """The rows of these files of the cycle in this order, read portion by portion."""
    terms, known = terms_of(cycle.program.settings), eligibility.known_of(cycle)
    for at in range(0, len(file_ids), PORTION):
        yield from rows_of(file_ids[at : at + PORTION], terms, known)


def rows_of(file_ids: Sequence[int], terms: Terms, known: list[Known]) -> list[Row]:
    """The rows of these files in this order: one query, none for no file."""
    if not file_ids:
        return []
    heard = [standing.heard(group) for group in GROUPS]
    numbers = NomineeFile.proven, NomineeFile.unproven, NomineeFile.from_self
    query = (
        select(NomineeFile, standing.only_kin(terms), *numbers, *heard)
        .where(NomineeFile.id.in_(file_ids))
        .options(joinedload(NomineeFile.district), undefer(NomineeFile.stopped))
    )
    found = {}
    for file, kin, proven, unproven, own, *groups in db.session.execute(query):
        voices = Voices(proven, unproven, own, only_kin=kin)
        found[file.id] = _row(file, voices, tuple(bool(group) for group in groups), terms, known)
    return [found[file_id] for file_id in file_ids if file_id in found]


def _row(file: NomineeFile, voices: Voices, heard: tuple[bool, ...], terms: Terms, known: list[Known]) -> Row:
    held = held_by(file, terms.closed_positions, known)
    step = standing.step_of(file, voices, terms, held)
    return Row(file, heard, step, answer_due(file, terms), held, voices.proven, voices.unproven)


def answer_due(file: NomineeFile, terms: Terms) -> Any:
    """The moment until which the nominee was asked to answer; None when nobody asked."""
    return file.asked_at + timedelta(days=terms.answer_days) if file.asked_at else None
