"""The record of a program, entry by entry, with the names of who acted and of what they acted on."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, literal, not_, or_, select, union_all

from portal.accounts.models import Person, RoleInvitation
from portal.collective.models import Member
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.desk.rules import SCORING_VERBS
from portal.nominations.models import ImportRun, Nomination, NomineeFile
from portal.programs.models import Cycle, Program, School
from portal.review.models import Seat


def _entries(program: Program, *, sees_scoring: bool) -> Select[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.chain == f"program:{program.id}")
    if not sees_scoring:
        query = query.where(not_(or_(*(AuditEntry.verb.startswith(prefix) for prefix in SCORING_VERBS))))
    return query


def entries(program: Program, verb: str = "", thing: str = "", *, sees_scoring: bool = True) -> Select[AuditEntry]:
    """What happened in the program, newest first; by verb, or to one thing. Without `sees_scoring`, nothing of it."""
    query = _entries(program, sees_scoring=sees_scoring)
    if verb:
        query = query.where(AuditEntry.verb == verb)
    if thing:
        query = query.where(AuditEntry.thing == thing)
    return query.order_by(AuditEntry.id.desc())


def verbs(program: Program, *, sees_scoring: bool = True) -> list[tuple[str, int]]:
    """The verbs in the record with how often each occurs, by verb: what the filter offers and the total is made of."""
    inner = _entries(program, sees_scoring=sees_scoring).subquery()
    query = select(inner.c.verb, func.count()).group_by(inner.c.verb).order_by(inner.c.verb)
    return [(verb, number) for verb, number in db.session.execute(query)]


# What bears a name of its own that whoever reads the record knows: the column that holds it. Of a nomination it is the
# educator's, of what tells how somebody was judged none.
NAMED: dict[str, Any] = {
    "cycle": Cycle.name,
    "file": NomineeFile.name,
    "importrun": ImportRun.name,
    "member": Member.name,
    "person": Person.name,
    "role_invitation": RoleInvitation.name,
    "school": School.name,
    "seat": Seat.name,
}


def names_of(things: Iterable[str]) -> dict[str, str]:
    """The names of those that have one ("file:AbC..."), as they are called now: one query, or none."""
    ids: dict[str, set[str]] = {}
    for thing in things:
        kind, _colon, public_id = thing.partition(":")
        ids.setdefault(kind, set()).add(public_id)
    parts = [
        select(literal(kind), column.class_.public_id, column).where(column.class_.public_id.in_(ids[kind]))
        for kind, column in NAMED.items()
        if kind in ids
    ]
    if "nomination" in ids:
        written = select(literal("nomination"), Nomination.public_id, NomineeFile.name)
        written = written.join(NomineeFile, NomineeFile.id == Nomination.file_id)
        parts.append(written.where(Nomination.public_id.in_(ids["nomination"])))
    found = db.session.execute(union_all(*parts)) if parts else ()
    return {f"{kind}:{public_id}": name for kind, public_id, name in found if name}
