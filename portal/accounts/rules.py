"""Who holds which role where: the invitation flow, and the role predicates that every feature composes."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.access import permission, predicate
from portal.core.flow import Flow

ROLES = ("organizer", "chair", "reviewer", "member", "auditor")
# The program_id of a role that belongs to the installation: an organizer there may found programs, and sees none.
EVERYWHERE = 0
SCOPES = ("cycle_id", "panel_id", "convening_id")  # inside a program; an unset one means all of them

ROLE_NAMES = {
    "organizer": _l("Organizer"),
    "chair": _l("Chair"),
    "reviewer": _l("Reviewer"),
    "member": _l("Member of the Collective"),
    "auditor": _l("Auditor"),
}

INVITATION = Flow(
    "role_invitation",
    initial="sent",
    accept=({"sent"}, "accepted"),
    decline=({"sent"}, "declined"),
    revoke=({"sent"}, "revoked"),
    expire=({"sent"}, "expired"),
    send_again=({"sent", "declined", "expired", "revoked"}, "sent"),
)


def covers(role: Any, thing: Any) -> bool:
    """Whether a role's scope includes the thing: same program, and each scope the role names equals the thing's own.

    A thing is whatever has a `program_id`, a program too; None asks for the role anywhere.
    """
    if thing is None:
        return True
    program_id = getattr(thing, "program_id", None)
    if program_id is None or role.program_id != program_id:
        return False
    return all(getattr(role, s) is None or getattr(role, s) == getattr(thing, s, None) for s in SCOPES)


def holds(person: Any, names: str | tuple[str, ...], thing: Any = None) -> bool:
    """Whether the person holds one of these roles now, for the thing."""
    wanted = (names,) if isinstance(names, str) else names
    return person is not None and any(r.name in wanted and r.holds_now() and covers(r, thing) for r in person.roles)


@predicate(_l("Please sign in first."))
def is_signed_in(person: Any, _thing: Any) -> bool:
    return person is not None


@predicate(_l("Only the program's organizers may do this."))
def is_organizer(person: Any, thing: Any) -> bool:
    return holds(person, "organizer", thing)


@predicate(_l("Only somebody whom the operator of this server named may found programs."))
def is_founder(person: Any, _thing: Any) -> bool:
    return person is not None and any(
        r.name == "organizer" and r.program_id == EVERYWHERE and r.holds_now() for r in person.roles
    )


@predicate(_l("Only the program's organizers and auditors may see this."))
def is_auditor(person: Any, thing: Any) -> bool:
    return holds(person, "auditor", thing)


@predicate(_l("Only members of the Teacher Leader Collective may do this."))
def is_member(person: Any, thing: Any) -> bool:
    return holds(person, "member", thing)


@predicate(_l("This belongs to somebody else."))
def is_self(person: Any, thing: Any) -> bool:
    return person is not None and getattr(thing, "person_id", None) == person.id


SIGN_OUT = permission("accounts.sign_out", is_signed_in)
OWN_SIGN_INS = permission("accounts.own_sign_ins", is_signed_in)
SEE_PEOPLE = permission("accounts.see_people", is_organizer | is_auditor)
MANAGE_PEOPLE = permission("accounts.manage_people", is_organizer)
