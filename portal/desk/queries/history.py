"""The record of a program, entry by entry, with the names of who acted."""

from typing import Any

from sqlalchemy import Select, func, not_, or_, select

from portal.accounts.models import Person
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.desk.rules import SCORING_VERBS
from portal.programs.models import Program


def _entries(program: Program, *, scores: bool) -> Select[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.chain == f"program:{program.id}")
    if not scores:
        query = query.where(not_(or_(*(AuditEntry.verb.startswith(prefix) for prefix in SCORING_VERBS))))
    return query


def entries(program: Program, verb: str = "", thing: str = "", *, scores: bool = True) -> Select[AuditEntry]:
    """What happened in the program, newest first; by verb, or to one thing. Without `scores`, nothing of scoring."""
    query = _entries(program, scores=scores)
    if verb:
        query = query.where(AuditEntry.verb == verb)
    if thing:
        query = query.where(AuditEntry.thing == thing)
    return query.order_by(AuditEntry.id.desc())


def verbs(program: Program, *, scores: bool = True) -> list[tuple[str, int]]:
    """The verbs in the record with how often each occurs, by verb: what the filter offers and the total is made of."""
    inner = _entries(program, scores=scores).subquery()
    query = select(inner.c.verb, func.count()).group_by(inner.c.verb).order_by(inner.c.verb)
    return [(verb, number) for verb, number in db.session.execute(query)]


def names_of(found: list[Any]) -> dict[str, str]:
    """The names behind "person:..." among the actors and things of these entries: one query."""
    wanted = {n for e in found for n in (e.actor, e.thing) if n.startswith("person:")}
    ids = [n.partition(":")[2] for n in wanted]
    if not ids:
        return {}
    people = db.session.execute(select(Person.public_id, Person.name).where(Person.public_id.in_(ids)))
    return {f"person:{public_id}": name for public_id, name in people}
