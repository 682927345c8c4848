"""Making a panel, inviting people to its seats, answering an invitation; closing and opening the scoring."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Update, select, update

from portal.accounts import actions as accounts
from portal.accounts.models import Person, Role
from portal.core import audit, jobs, links, outbox
from portal.core.access import demand
from portal.core.clock import now, today
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.core.moves import move
from portal.core.names import school_key
from portal.core.once import insert_once
from portal.programs import queries as programs
from portal.programs.models import Cycle, Round, School
from portal.review import mail, rules
from portal.review.actions.conflicts import find_conflicts
from portal.review.models import Assignment, Panel, Seat

PURPOSE = "seat"
INVITED_FOR = timedelta(days=60)


def make_panel(by: Person, round_: Round) -> Panel:
    """The round's panel, made on first need; reviews are due when the round's scoring window closes."""
    demand(by, rules.LEAD_PANEL, round_)
    # Of two who press the button at once, the second waits here and finds the first one's panel.
    db.session.execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    panel = db.session.scalar(select(Panel).where(Panel.round_id == round_.id).order_by(Panel.id).limit(1))
    if panel:
        return panel
    window = programs.scoring_window(round_)
    panel = Panel(
        program_id=round_.program_id,
        cycle_id=round_.cycle_id,
        round_id=round_.id,
        name=round_.name,
        due_at=window.closes_at if window else None,
    )
    db.session.add(panel)
    db.session.flush()
    audit.record(by, "panel.made", panel)
    return panel


def set_due(by: Person, panel: Panel, due_at: datetime) -> None:
    """Sets when reviews are due; whoever was told another date is told the new one by the next reminder."""
    demand(by, rules.LEAD_PANEL, panel)
    panel.due_at = due_at
    audit.record(by, "panel.due_set", panel, due_at=due_at.isoformat())


def invite(by: Person, panel: Panel, *, name: str, email: str, kind: str = "reviewer", reads: bool = True,
           school: str = "") -> Seat | None:  # fmt: skip
    """Invites an address to a seat and writes to it; None when it has one that is open or accepted."""
    demand(by, rules.LEAD_PANEL, panel)
    known = _school_named(panel.program_id, school)
    values = {
        "name": name,
        "kind": kind,
        "reads": reads,
        "school_name": known.name if known else school,
        "school_id": known.id if known else None,
    }
    new = insert_once(
        Seat,
        ["panel_id", "email"],
        program_id=panel.program_id,
        cycle_id=panel.cycle_id,
        panel_id=panel.id,
        email=email,
        state="invited",
        invited_at=now(),
        **values,
    )
    seat = db.session.scalars(select(Seat).where(Seat.panel_id == panel.id, Seat.email == email)).one()
    if new is None:
        if seat.state in ("invited", "accepted"):
            return None
        move(rules.SEAT, "invite_again", seat, by, changes={**values, "invited_at": now(), "answered_at": None})
    else:
        audit.record(by, "seat.invited", seat, kind=kind)
    _write_to(by, seat)
    return seat


def invite_list(by: Person, panel: Panel, people: Iterable[Any]) -> tuple[list[Seat], list[str]]:
    """Invites each person of a list (`.name`, `.email`, `.school`); the new seats, and the addresses that had one."""
    made, there = [], []
    for person in people:
        seat = invite(by, panel, name=person.name, email=person.email, school=person.school)
        if seat:
            made.append(seat)
        else:
            there.append(person.email)
    return made, there


def _school_named(program_id: int, name: str) -> School | None:
    return programs.school_named(program_id, name) if school_key(name) else None


def invite_again(by: Person, seat: Seat) -> None:
    """Sends a new letter; the links of earlier ones stop working."""
    demand(by, rules.LEAD_PANEL, seat)
    move(rules.SEAT, "invite_again", seat, by, changes={"invited_at": now(), "answered_at": None})
    _write_to(by, seat)


def _write_to(by: Person, seat: Seat) -> None:
    links.revoke(PURPOSE, seat.id)
    link = links.issue(PURPOSE, seat.id, email=seat.email, lasts=INVITED_FOR)
    outbox.put(mail.invitation(seat, link, by))


def accept_seat(link: links.Link, seat: Seat, *, name: str, school: School | None, school_name: str,
                other_schools: str, device: str) -> str:  # fmt: skip
    """The invited person says yes and agrees to confidentiality: account, role, conflicts from their schools; the
    secret that signs this browser in."""
    links.use(link)
    person = accounts.find_or_make_person(name, seat.email)
    moment = now()
    move(
        rules.SEAT,
        "accept",
        seat,
        person,
        changes={
            "person_id": person.id,
            "name": name,
            "answered_at": moment,
            "confidentiality_agreed_at": moment,
            "school_id": school.id if school else None,
            "school_name": school.name if school else school_name,
            "other_schools": other_schools,
        },
        confidentiality="agreed",
    )
    where = {"cycle_id": seat.cycle_id, "panel_id": seat.panel_id}
    accounts.grant(person, person, seat.kind, seat.program_id, reads=seat.reads, **where)
    find_conflicts(seat.panel, [seat])
    return accounts.begin_sign_in(person, device)


def decline_seat(link: links.Link, seat: Seat) -> None:
    """The invited person says no."""
    links.use(link)
    move(rules.SEAT, "decline", seat, "link:seat", changes={"answered_at": now()})


def edit_seat(by: Person, seat: Seat, *, max_load: int | None, reads: bool, school_name: str,
              other_schools: str) -> None:  # fmt: skip
    """Changes how much somebody is given to read, from the next plan on, and their schools, at once."""
    demand(by, rules.LEAD_PANEL, seat)
    moved = (school_name, other_schools) != (seat.school_name, seat.other_schools)
    if reads != seat.reads:
        db.session.execute(_roles_of(seat).values(reads=reads))
    seat.max_load, seat.reads = max_load, reads
    if moved:
        known = _school_named(seat.program_id, school_name)
        seat.school_id, seat.school_name = (known.id, known.name) if known else (None, school_name)
        seat.other_schools = other_schools
        find_conflicts(seat.panel, [seat])
    audit.record(by, "seat.edited", seat, max_load=max_load, reads=reads, schools_changed=moved)


def remove_seat(by: Person, seat: Seat) -> int:
    """Ends a seat: its link, its role, and its files that are not scored go; reviews handed in stay and count.

    How many files need another reader now.
    """
    demand(by, rules.REMOVE_SEAT, seat)
    move(rules.SEAT, "remove", seat, by)
    links.revoke(PURPOSE, seat.id)
    if seat.person_id is None:
        return 0
    mine = (Assignment.panel_id == seat.panel_id, Assignment.person_id == seat.person_id)
    taken: Any = db.session.execute(
        update(Assignment).where(*mine, Assignment.state == "released").values(state="declined")
    )
    db.session.execute(_roles_of(seat).values(ends_at=now()))
    audit.record(by, "assignment.taken_back", seat, files=taken.rowcount)
    return int(taken.rowcount)


def _roles_of(seat: Seat) -> Update:
    """What the seat's role changes by; of nobody while nobody has accepted it."""
    return update(Role).where(Role.person_id == seat.person_id, Role.panel_id == seat.panel_id, Role.ends_at.is_(None))


def close_scoring(by: Person, panel: Panel) -> None:
    """Ends the scoring: nothing can be saved any more."""
    demand(by, rules.LEAD_PANEL, panel)
    move(rules.PANEL, "close", panel, by, changes={"closed_at": now()})


def reopen_scoring(by: Person, panel: Panel) -> None:
    """Opens the scoring again; not once the decisions of the cycle are confirmed."""
    demand(by, rules.LEAD_PANEL, panel)
    confirmed = db.session.scalar(select(Cycle.decisions_confirmed_at).where(Cycle.id == panel.cycle_id))
    if confirmed is not None:
        raise Mistaken(_("The decisions of this year are confirmed. Scoring stays closed."))
    move(rules.PANEL, "reopen", panel, by)


def ask_to_remind(by: Person, panel: Panel) -> None:
    """Has everybody who still owes a review reminded, each at most once a day."""
    demand(by, rules.LEAD_PANEL, panel)
    day = today().isoformat()
    jobs.later("review.remind", panel.id, day, key=f"review.remind:{panel.id}:{day}")
    audit.record(by, "panel.reminded", panel)
