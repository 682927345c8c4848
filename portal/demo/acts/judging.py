"""A panel forms, looks for conflicts, gets its files and reads them: severe and lenient, quick and slow."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from statistics import fmean, median_low
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.access import may
from portal.core.clock import now
from portal.core.db import db
from portal.demo.acts.bulk import hand_in_many
from portal.demo.stage import work
from portal.demo.words.evidence import CANNOT, EVIDENCE
from portal.demo.world import World, living_link
from portal.nominations.models import NomineeFile
from portal.programs.models import Round, School
from portal.programs.queries import rubric_in_force
from portal.review import rules
from portal.review.actions import conflicts, panels, plans, recusal, scoring
from portal.review.models import Assignment, AssignmentPlan, Panel, Seat
from portal.review.queries.files import STANDS
from portal.review.scoring import Judged, total

Levels = dict[str, int | None]
PLAN_SEED = 2006  # so that the demo's panel reads the same files on every machine


@dataclass(frozen=True)
class Reader:
    """A seat: who sits on it, how strict they are on the rubric's scale, and what share of their files is done."""

    part: str
    name: str
    email: str
    bias: float
    done: float = 1.0
    kind: str = "reviewer"
    answers: bool = True
    declares: bool = True


@dataclass
class Judging:
    """One round's panel. `quality`: name key -> what fair readers would find."""

    world: World
    cycle_id: int
    readers: list[Reader]
    quality: dict[str, float]
    rng: Random
    panel_id: int = 0
    round_id: int = 0
    due_at: datetime | None = None  # when it is not the end of the round's scoring window
    together: bool = False  # whether the reviews are written many at once
    planned: list[tuple[datetime, int]] = field(default_factory=list)  # when which assignment is handed in
    sheets: dict[int, Levels] = field(default_factory=dict)  # assignment -> levels, drawn at the release

    @property
    def panel(self) -> Panel:
        return db.session.get_one(Panel, self.panel_id)

    @property
    def round(self) -> Round:
        return db.session.get_one(Round, self.round_id)

    def form(self) -> None:
        """The organizer makes the panel of the first round and writes to everybody who is to sit on it."""
        query = select(Round).where(Round.cycle_id == self.cycle_id).order_by(Round.position)
        first = db.session.scalars(query.limit(1)).one()
        sam = self.world.who("sam")
        panel = panels.make_panel(sam, first)
        self.panel_id, self.round_id = panel.id, first.id
        if self.due_at is not None:
            panels.set_due(sam, panel, self.due_at)
        for reader in self.readers:
            chair = reader.kind == "chair"
            seat = panels.invite(
                sam, panel, name=reader.name, email=reader.email, kind=reader.kind, reads=not chair
            )
            if seat is not None and reader.answers:
                self.world.stage.at(now() + timedelta(hours=self.rng.uniform(3, 90)), self.accept, seat.id, reader)

    def accept(self, seat_id: int, reader: Reader) -> None:
        """Somebody takes the seat, names their school, agrees to confidentiality. The chair is from no school."""
        seat = db.session.get_one(Seat, seat_id)
        place = self.rng.choice(self.world.places)
        school = None if reader.kind == "chair" else db.session.get(School, place.id)
        panels.accept_seat(
            living_link(panels.PURPOSE, seat.id), seat, name=reader.name, school=school,
            school_name=school.name if school else "", other_schools="", device="Firefox on a laptop",
        )  # fmt: skip
        self.world.people[reader.part] = seat.person_id or 0

    def declare(self) -> None:
        """Each looks through the list of nominees and marks whom they know."""
        listed = list(db.session.scalars(select(NomineeFile.id).where(NomineeFile.cycle_id == self.cycle_id, *STANDS)))
        for seat, reader in self.sitting():
            if reader.declares and seat.reads:
                known = set(self.rng.sample(listed, self.rng.choice((0, 0, 0, 1))))
                conflicts.declare_conflicts(self.person(seat), seat, set(listed), known, last=True)

    def sitting(self) -> list[tuple[Seat, Reader]]:
        """The accepted seats with their readers."""
        by_email = {reader.email: reader for reader in self.readers}
        query = select(Seat).where(Seat.panel_id == self.panel_id, Seat.state == "accepted").order_by(Seat.id)
        return [(seat, by_email[seat.email]) for seat in db.session.scalars(query)]

    def person(self, seat: Seat) -> Person:
        return db.session.get_one(Person, seat.person_id)

    def ask_for_plan(self) -> None:
        plans.ask_for_plan(self.world.who("chen"), self.panel, seed=PLAN_SEED)

    def work_out_plan(self) -> None:
        """The job that works it out."""
        work("review.propose")

    def release(self, first: datetime, last: datetime) -> None:
        """The chair releases the plan; every reader's reading is put on the stage, as far as they have come."""
        query = select(AssignmentPlan).where(AssignmentPlan.panel_id == self.panel_id)
        plan = db.session.scalars(query.order_by(AssignmentPlan.id.desc()).limit(1)).one()
        if plan.state != "proposed":
            raise RuntimeError(f"the demo's plan is {plan.state}: {plan.report}")
        plans.release_plan(self.world.who("chen"), plan)
        self.draw()
        for seat, reader in self.sitting():
            mine = list(db.session.scalars(select(Assignment.id).where(
                Assignment.panel_id == self.panel_id, Assignment.person_id == seat.person_id).order_by(Assignment.id)
            ))  # fmt: skip
            count = round(len(mine) * reader.done)
            for at, assignment_id in enumerate(mine[:count]):
                share = (at + self.rng.random()) / max(1, count)
                self.planned.append((first + (last - first) * share, assignment_id))
            if 0 < count < len(mine):
                self.world.stage.at(last - timedelta(hours=1), self.begin, mine[count])
        self.planned.sort()
        if not self.together:
            for moment, assignment_id in self.planned:
                self.world.stage.at(moment, self.hand_in, assignment_id)
            return
        # The first review freezes the rubric by the action; the others are written many at once (see `bulk`).
        self.world.stage.at(self.planned[0][0], self.hand_in, self.planned[0][1])
        self.world.stage.at(last, self.hand_in_rest)

    def hand_in_rest(self) -> None:
        """All that were read by now, but the first."""
        rubric = rubric_in_force(self.round)
        assert rubric is not None
        query = select(Assignment).where(Assignment.panel_id == self.panel_id, Assignment.state == "released")
        standing = {assignment.id: assignment for assignment in db.session.scalars(query)}
        batch = [(at, standing[i], self.given(i)) for at, i in self.planned if i in standing]
        hand_in_many(rubric, batch)

    def draw(self) -> None:
        """What everybody will find: the file's quality, the reader's severity, and chance."""
        rubric = rubric_in_force(self.round)
        keys = [c.key for c in rubric.criteria] if rubric else []
        bias = {seat.person_id: reader.bias for seat, reader in self.sitting()}
        query = select(Assignment, NomineeFile).join(NomineeFile, NomineeFile.id == Assignment.file_id)
        query = query.where(Assignment.panel_id == self.panel_id).order_by(Assignment.id)
        for assignment, file in db.session.execute(query):
            found = self.quality.get(file.name_key, 2.6) + bias.get(assignment.person_id, 0.0) + self.rng.gauss(0, 0.3)
            levels: Levels = {key: max(1, min(4, round(found + self.rng.gauss(0, 0.45)))) for key in keys}
            if self.rng.random() < 0.12:
                levels[keys[-1]] = None
            self.sheets[assignment.id] = levels

    def tie(self, places: int) -> None:
        """Two files across the line are given the same levels by their readers, so that there is a tie to settle."""
        readings = self._readings()
        near = self.in_order()[places - 4 : places + 4]
        for assignment_id in (a for file_id in near for a in readings[file_id]):
            levels = self.sheets[assignment_id]
            usual = median_low([level for level in levels.values() if level])
            self.sheets[assignment_id] = {key: level or usual for key, level in levels.items()}
        ordered = self.in_order()
        first, second = ordered[places - 1], ordered[places]
        for one, other in zip(readings[first], readings[second], strict=True):
            self.sheets[other] = self.sheets[one]

    def _readings(self) -> dict[int, list[int]]:
        """The assignments of each file."""
        found: dict[int, list[int]] = {}
        query = select(Assignment).where(Assignment.panel_id == self.panel_id).order_by(Assignment.id)
        for assignment in db.session.scalars(query):
            if assignment.id in self.sheets:
                found.setdefault(assignment.file_id, []).append(assignment.id)
        return found

    def in_order(self) -> list[int]:
        """The files by the mean that their reviews will have, the best first."""
        rubric = rubric_in_force(self.round)
        weights = {c.key: c.weight for c in rubric.criteria} if rubric else {}

        def score(assignment_id: int) -> float:
            levels = self.sheets[assignment_id].items()
            return total(Judged(key, weights[key], level) for key, level in levels).score or 0.0

        means = {file_id: fmean(map(score, each)) for file_id, each in self._readings().items()}
        return sorted(means, key=lambda file_id: (-means[file_id], file_id))

    def given(self, assignment_id: int, share: float = 1.0) -> dict[str, scoring.Given]:
        """A sheet as its reader fills it in."""
        levels = self.sheets[assignment_id]
        kept = list(levels.items())[: max(1, round(len(levels) * share))]
        return {
            key: scoring.Given(level, level is None, self.rng.choice(EVIDENCE[level] if level else CANNOT))
            for key, level in kept
        }

    def hand_in(self, assignment_id: int) -> None:
        """A review is handed in."""
        self._write(assignment_id, scoring.submit, self.given(assignment_id))

    def begin(self, assignment_id: int) -> None:
        """A review that is half done."""
        self._write(assignment_id, scoring.save, self.given(assignment_id, 0.5))

    def _write(self, assignment_id: int, how: Any, given: dict[str, scoring.Given]) -> None:
        assignment = db.session.get_one(Assignment, assignment_id)
        reader = db.session.get_one(Person, assignment.person_id)
        if may(reader, rules.SCORE, assignment):  # not when they stepped back, or the nominee left, meanwhile
            how(reader, assignment, given)

    def step_back(self, part: str, reason: str) -> None:
        """A reader finds that they can't judge one of their files: one far from the line."""
        query = select(Assignment).where(Assignment.panel_id == self.panel_id, Assignment.state == "released")
        mine = list(db.session.scalars(query.where(Assignment.person_id == self.world.people[part])))
        ordered = self.in_order()
        recusal.recuse(self.world.who(part), max(mine, key=lambda a: ordered.index(a.file_id)), reason)

    def remind(self) -> None:
        panels.ask_to_remind(self.world.who("chen"), self.panel)

    def close(self) -> None:
        panels.close_scoring(self.world.who("chen"), self.panel)
