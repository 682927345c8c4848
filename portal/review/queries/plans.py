"""What a plan is worked out from, the plan that lives, and who could read one more file."""


from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Role
from portal.core.clock import now
from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.programs.models import School
from portal.review.models import Assignment, AssignmentPlan, Conflict, Panel, Seat
from portal.review.plan_input import FileIn, HeldIn, PlanInput, ReaderIn
from portal.review.queries.files import READS, STANDS


def current_plan(panel: Panel) -> AssignmentPlan | None:
    """The newest plan that is being worked out, proposed or blocked; None when the last one was settled."""
    query = select(AssignmentPlan).where(AssignmentPlan.panel_id == panel.id).order_by(AssignmentPlan.id.desc())
    plan = db.session.scalar(query.limit(1))
    return plan if plan and plan.state in ("asked", "proposed", "blocked") else None


def plan_input(panel: Panel) -> PlanInput:
    """Everything the next plan depends on: five queries."""
    round_ = panel.round
    files = select(NomineeFile.id, NomineeFile.district_id, NomineeFile.anchor).where(
        NomineeFile.cycle_id == panel.cycle_id, *STANDS
    )
    held = select(
        Assignment.id, Assignment.file_id, Assignment.person_id, Assignment.state, Assignment.opened_at
    ).where(Assignment.panel_id == panel.id, *READS)
    left = select(Assignment.file_id, Assignment.person_id).where(
        Assignment.round_id == panel.round_id, Assignment.state.in_(("recused", "declined"))
    )
    conflicts = select(Conflict.file_id, Conflict.person_id).where(
        Conflict.cycle_id == panel.cycle_id, Conflict.lifted_at.is_(None)
    )
    barred = {tuple(row) for query in (left, conflicts) for row in db.session.execute(query)}
    return PlanInput(
        files=[FileIn(*row) for row in db.session.execute(files.order_by(NomineeFile.id))],
        readers=_readers(panel, round_.max_load),
        barred=sorted(barred),  # type: ignore[arg-type]
        held=[
            HeldIn(i, file_id, person_id, state == "scored" or opened is not None)
            for i, file_id, person_id, state, opened in db.session.execute(held.order_by(Assignment.id))
        ],
        need=round_.readers,
        past_winners=round_.past_winners,
        usual_load=round_.max_load,
    )


def _readers(panel: Panel, usual: int) -> list[ReaderIn]:
    moment = now()
    won = (
        select(Role.id)
        .where(
            Role.person_id == Seat.person_id,
            Role.program_id == Seat.program_id,
            Role.name == "member",
            Role.starts_at <= moment,
            or_(Role.ends_at.is_(None), Role.ends_at > moment),
        )
        .exists()
    )
    query = (
        select(Seat.person_id, func.coalesce(Seat.max_load, usual), School.district_id, won)
        .outerjoin(School, School.id == Seat.school_id)
        .where(Seat.panel_id == panel.id, Seat.state == "accepted", Seat.reads)
        .order_by(Seat.person_id)
    )
    return [ReaderIn(p, most, district, winner) for p, most, district, winner in db.session.execute(query) if p]


def overtaken_pairs(plan: AssignmentPlan) -> int:
    """How many pairs of a plan were overtaken: a conflict since, a file out of the running, a seat given up."""
    seated = select(Seat.id).where(
        Seat.panel_id == Assignment.panel_id, Seat.person_id == Assignment.person_id, Seat.state == "accepted"
    )
    query = (
        select(func.count(Assignment.id))
        .join(NomineeFile, NomineeFile.id == Assignment.file_id)
        .where(
            Assignment.plan_id == plan.id,
            Assignment.state == "proposed",
            ~and_(~Assignment.conflicted, seated.exists(), *STANDS),
        )
    )
    return db.session.scalar(query) or 0


def candidates(panel: Panel, file_id: int) -> list[tuple[Seat, int, int]]:
    """Who could read this file too: (seat, load now, most), the lightest first. Never somebody in conflict, at their
    limit, or who had the file before."""
    loads = (
        select(Assignment.person_id, func.count(Assignment.id).label("load"))
        .where(Assignment.panel_id == panel.id, *READS)
        .group_by(Assignment.person_id)
        .subquery()
    )
    had = select(Assignment.id).where(
        Assignment.person_id == Seat.person_id,
        Assignment.file_id == file_id,
        Assignment.round_id == panel.round_id,
    )
    conflict = select(Conflict.id).where(
        Conflict.person_id == Seat.person_id, Conflict.file_id == file_id, Conflict.lifted_at.is_(None)
    )
    load, most = func.coalesce(loads.c.load, 0), func.coalesce(Seat.max_load, panel.round.max_load)
    query = (
        select(Seat, load, most)
        .outerjoin(loads, loads.c.person_id == Seat.person_id)
        .where(Seat.panel_id == panel.id, Seat.state == "accepted", Seat.reads, load < most)
        .where(~had.exists(), ~conflict.exists())
        .options(joinedload(Seat.person))
        .order_by(load, Seat.public_id)  # public ids are random: nobody is favored for their name or number
    )
    return [(seat, n, m) for seat, n, m in db.session.execute(query)]
