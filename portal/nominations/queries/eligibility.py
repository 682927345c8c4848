"""Who is not eligible again: past winners, this year's panel and staff; and which files wait for a person's look.

Later packages know of winners and seats what this one can't: they name a select each (`provide`), read with the roles
in one query.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select, tuple_, union_all

from portal.accounts.models import Person, Role
from portal.core.clock import now
from portal.core.db import db
from portal.core.names import person_key, school_key
from portal.nominations.models import NomineeFile
from portal.nominations.rules.eligibility import Known
from portal.nominations.rules.files import terms_of
from portal.programs.models import Cycle, EligibilityRule

Part = Callable[[Cycle], Any]  # a select with the columns: check, name, school, email, note
_PARTS: dict[str, Part] = {}


def provide(name: str, part: Part) -> None:
    """A later package names here whom else a rule shuts out of a cycle."""
    _PARTS[name] = part


def _roles(cycle: Cycle) -> Any:
    """Members of the Collective have won before; who organizes, chairs or reads this year is panel or staff."""
    moment = now()
    works = and_(
        Role.name.in_(("organizer", "chair", "reviewer")),
        or_(Role.cycle_id.is_(None), Role.cycle_id == cycle.id),
        Role.starts_at <= moment,
        or_(Role.ends_at.is_(None), Role.ends_at > moment),
    )
    check = case((Role.name == "member", "not_winner"), else_="not_panel")
    found = select(check.label("check"), Person.name.label("name"), literal("").label("school"))
    found = found.add_columns(Person.email.label("email"), Role.name.label("note")).join(Role.person)
    return found.where(Role.program_id == cycle.program_id, or_(Role.name == "member", works))


def known_of(cycle: Cycle) -> list[Known]:
    """Whom the cycle's rules shut out: one query. Nobody when the cycle has no such rules."""
    everybody = union_all(_roles(cycle), *(part(cycle) for part in _PARTS.values())).subquery()
    asked = and_(EligibilityRule.cycle_id == cycle.id, EligibilityRule.checked_by == everybody.c.check)
    query = select(everybody).join(EligibilityRule, asked)
    found = {
        Known(check, person_key(name), school_key(school), (email or "").lower(), note)
        for check, name, school, email, note in db.session.execute(query)
    }
    # Where one row of a person tells the school, another row of theirs without it adds nothing but doubt.
    placed = {(k.check, k.name, k.email) for k in found if k.school}
    return sorted(k for k in found if k.school or (k.check, k.name, k.email) not in placed)


def clash(known: list[Known]) -> ColumnElement[bool]:
    """Whether a file's person may be one of these: same address, same name and school, or a name that can't be told
    apart by the school.
    """
    if not known:
        return false()
    names = {k.name for k in known if k.name}
    pairs = {(k.name, k.school) for k in known if k.name and k.school}
    return or_(
        func.lower(NomineeFile.email).in_(sorted({k.email for k in known if k.email})),
        tuple_(NomineeFile.name_key, NomineeFile.school_key).in_(sorted(pairs)),
        NomineeFile.name_key.in_(sorted({k.name for k in known if k.name and not k.school})),
        and_(NomineeFile.school_key == "", NomineeFile.name_key.in_(sorted(names))),
    )


def held(cycle: Cycle, known: list[Known]) -> ColumnElement[bool]:
    """`rules.eligibility.held_by` in SQL: a person has to look at an unscreened file before anybody is written to."""
    closed = NomineeFile.position_key.in_(terms_of(cycle.program.settings).closed_positions)
    return or_(closed, NomineeFile.erased_before, clash(known))
