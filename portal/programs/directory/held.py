"""The directory as it is, in the plain values that `compare` takes; imports of it as their pages need them."""

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.programs.directory.compare import Held, Place
from portal.programs.models import District, School, SchoolImport


def places(program_id: int) -> list[Place]:
    """The districts: one query."""
    found = db.session.scalars(select(District).where(District.program_id == program_id).order_by(District.id))
    return [Place(d.id, d.key, d.name, d.nces_id, tuple(map(str, d.aliases))) for d in found]


def schools(program_id: int) -> list[Held]:
    """Every school, open or closed: one query."""
    columns = (
        School.id,
        School.nces_id,
        School.district_id,
        School.key,
        School.name,
        School.level,
        School.city,
        School.charter,
        School.closed_at.is_(None),
        School.search,
    )
    return [Held._make(row) for row in db.session.execute(select(*columns).where(School.program_id == program_id))]


def imports_of(program_id: int, limit: int = 30) -> list[SchoolImport]:
    """The newest imports, with who made them: one query."""
    query = select(SchoolImport).where(SchoolImport.program_id == program_id).options(joinedload(SchoolImport.by))
    return list(db.session.scalars(query.order_by(SchoolImport.id.desc()).limit(limit)))


def import_by_public_id(public_id: str) -> SchoolImport | None:
    """An import with its program, its file and who made it: one query."""
    query = select(SchoolImport).where(SchoolImport.public_id == public_id)
    loads = (SchoolImport.program, SchoolImport.by, SchoolImport.stored_file)
    return db.session.scalar(query.options(*map(joinedload, loads)))


def counts(program_id: int, listed: Select[School] | None = None) -> tuple[int, int, int]:
    """How many schools are open, how many closed, and how many rows the query `listed` has: one query."""
    rows = (
        select(func.count()).select_from(listed.order_by(None).subquery()).scalar_subquery()
        if listed is not None
        else literal(0)
    )
    query = select(func.count(), func.count(School.closed_at), rows).where(School.program_id == program_id)
    every, closed, total = db.session.execute(query).one()
    return every - closed, closed, total
