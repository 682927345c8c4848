"""Who gets a letter when the winners are announced: nominees with their decision, then those who nominated them."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, load_only

from portal.core.db import db
from portal.core.i18n import LANGUAGES
from portal.nominations.models import Nomination, NomineeFile
from portal.review.queries.files import STANDS
from portal.selection.models import Decision

_WROTE = (Nomination.state == "confirmed", Nomination.nominator_email != "")


def _decided(query: Any, cycle_id: int, *where: Any) -> Any:
    """Of the decisions that count, of nominees who have not left."""
    counts = (Decision.cycle_id == cycle_id, Decision.state.in_(("confirmed", "announced")), *STANDS, *where)
    return query.join(NomineeFile, NomineeFile.id == Decision.file_id).where(*counts)


def _reads(column: Any, locale: str | None) -> list[ColumnElement[bool]]:
    """Whether letters go out in this language (None: any): English is for everybody whose language we don't write."""
    if locale is None:
        return []
    return [column.not_in([other for other in LANGUAGES if other != "en"]) if locale == "en" else column == locale]


def to_nominees(cycle_id: int, locale: str | None = None, *, wins: bool | None = None) -> Any:
    """Select of the decisions whose nominee has an address, winners first; only in a language, of winners or others."""
    query = _decided(select(Decision), cycle_id, NomineeFile.email != "", *_reads(NomineeFile.locale, locale))
    if wins is not None:
        query = query.where((Decision.outcome == "winner") == wins)
    query = query.options(contains_eager(Decision.file).joinedload(NomineeFile.school))
    return query.order_by(Decision.outcome.desc(), NomineeFile.name_key, NomineeFile.id)


def to_nominators(cycle_id: int, locale: str | None = None) -> Any:
    """Select of (decision, nomination) of each proven nomination, in the order of the nominees."""
    query = _decided(select(Decision, Nomination), cycle_id, *_WROTE, *_reads(Nomination.locale, locale))
    told = (Nomination.public_id, Nomination.nominator_email, Nomination.nominator_name, Nomination.locale)
    query = query.join(Nomination, Nomination.file_id == NomineeFile.id)
    query = query.options(contains_eager(Decision.file), load_only(*told, raiseload=True))
    return query.order_by(Decision.outcome.desc(), NomineeFile.name_key, NomineeFile.id, Nomination.id)


def count_letters(cycle_id: int) -> tuple[int, int]:
    """How many letters there are to nominees, and to nominators: one query."""
    nominees = _decided(select(func.count(Decision.id)), cycle_id, NomineeFile.email != "")
    wrote = _decided(select(func.count(Nomination.id)).select_from(Decision), cycle_id, *_WROTE)
    wrote = wrote.join(Nomination, Nomination.file_id == NomineeFile.id)
    row = db.session.execute(select(nominees.scalar_subquery(), wrote.scalar_subquery())).one()
    return row[0], row[1]
