"""Who can be played in the demo: the people by role, a nominee who was asked, a nominator."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person, Role
from portal.accounts.rules import ROLES
from portal.collective.models import Member
from portal.core import links, outbox
from portal.core.db import db
from portal.core.links import Link
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Program
from portal.programs.queries import all_programs, current_cycle
from portal.review.models import Assignment


@dataclass(frozen=True)
class Player:
    """Somebody to sign in as; what they are in the middle of: reviews handed in of all their files, or their cohort."""

    person: Person
    scored: int = 0
    files: int = 0
    cohort: str = ""


@dataclass(frozen=True)
class Cast:
    """Everybody in the order of the roles; each person under every role that they hold, once."""

    program: Program | None = None
    roles: dict[str, list[Player]] = field(default_factory=dict)
    doors: dict[str, tuple[str, str]] = field(default_factory=dict)  # "nominee": (name, address)


def cast() -> Cast:
    """The people of the demo's program: six queries."""
    program = min(all_programs(), key=lambda each: each.id, default=None)  # others were founded by whoever looks around
    if program is None:
        return Cast()
    cycle = current_cycle(program)
    progress = _progress(cycle.id) if cycle else {}
    roles: dict[str, list[Player]] = {name: [] for name in ROLES}
    for role, cohort in _living_roles(program.id):
        if role.name in ("chair", "reviewer") and cycle and role.cycle_id not in (None, cycle.id):
            continue  # last year's panel
        if all(player.person.id != role.person_id for player in roles[role.name]):
            scored, files = progress.get(role.person_id, (0, 0))
            roles[role.name].append(Player(role.person, scored, files, cohort))
    roles["member"].sort(key=lambda player: player.cohort, reverse=True)
    return Cast(program, roles, doors(cycle.id) if cycle else {})


def _living_roles(program_id: int) -> list[tuple[Role, str]]:
    """Everybody's roles by name, each with the year in which the person won ("" for who has not)."""
    query = (
        select(Role, Member.cohort)
        .join(Role.person)
        .outerjoin(Member, and_(Member.person_id == Role.person_id, Member.program_id == program_id))
        .options(joinedload(Role.person))
        .where(Role.program_id == program_id)
        .order_by(Person.name, Role.id)
    )
    return [(role, cohort or "") for role, cohort in db.session.execute(query) if role.holds_now()]


def _progress(cycle_id: int) -> dict[int, tuple[int, int]]:
    """Each reader's reviews handed in, and files."""
    done = func.sum(case((Assignment.state == "scored", 1), else_=0))
    query = select(Assignment.person_id, done, func.count(Assignment.id)).where(
        Assignment.cycle_id == cycle_id, Assignment.state.in_(("released", "scored"))
    )
    return {person_id: (scored, files) for person_id, scored, files in db.session.execute(
        query.group_by(Assignment.person_id))}  # fmt: skip


def doors(cycle_id: int) -> dict[str, tuple[str, str]]:
    """The living links of a nominee who has not answered, and of a nominator of theirs: (name, address)."""
    asked = _with_link("consent", NomineeFile).where(
        NomineeFile.cycle_id == cycle_id, NomineeFile.consent == "asked", NomineeFile.withdrawn_at.is_(None)
    )
    # The demo's own people have short addresses.
    found = db.session.execute(asked.order_by(func.length(NomineeFile.email), Link.id.desc()).limit(1)).first()
    if found is None:
        return {}
    file, link = found
    ways = {"nominee": (file.name, outbox.address("nominations_consent.page", token=links.token(link)))}
    wrote = _with_link("nomination", Nomination).where(Nomination.file_id == file.id, Nomination.state == "confirmed")
    told = db.session.execute(wrote.order_by(func.length(Nomination.nominator_email), Link.id.desc()).limit(1)).first()
    if told is not None:
        nomination, link = told
        address = outbox.address("nominations_public.open_link", token=links.token(link))
        ways["nominator"] = (nomination.nominator_name, address)
    return ways


def _with_link(purpose: str, model: Any) -> Select[Any]:
    """Things of this kind, each with the links that still open it."""
    opens = and_(Link.subject_id == model.id, Link.purpose == purpose, Link.revoked_at.is_(None))
    return select(model, Link).join(Link, opens).where(Link.used_at.is_(None))


def player(public_id: str) -> Person | None:
    """Somebody who holds a role."""
    held = select(Role.id).where(Role.person_id == Person.id)
    return db.session.scalar(select(Person).where(Person.public_id == public_id, held.exists()))

