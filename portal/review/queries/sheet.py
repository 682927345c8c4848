"""The scoring sheet: the assignment with its file, the rubric with what was judged, voices, the reader's progress."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.core.errors import Mistaken
from portal.nominations.models import NomineeFile
from portal.nominations.queries.voices import PanelVoice, voices_for_panel
from portal.nominations.rules.files import terms_of
from portal.programs.models import Criterion, Program, Rubric
from portal.review import scoring
from portal.review.models import Assignment, Review, Score
from portal.review.queries.held import Held

LIVING = ("draft", "submitted")


@dataclass(frozen=True)
class Line:
    """One criterion of the rubric with this reader's answer. `revision` 0: nothing was saved yet."""

    criterion_id: int
    name: dict[str, Any]
    text: dict[str, Any]
    descriptors: list[Any]
    answer: scoring.Judged
    revision: int = 0

    @property
    def key(self) -> str:
        return self.answer.key

    @property
    def seen(self) -> str:
        """What a window is given with the line, and sends back: the revision and the mark of the answer."""
        return f"{self.revision}.{self.answer.mark()}"


@dataclass(frozen=True)
class Sheet:
    """A reader's living review of a file: the draft when there is one, else what was handed in, else empty lines."""

    rubric_id: int
    rubric_public_id: str
    levels: list[Any]
    least_percent: int
    frozen: bool
    lines: tuple[Line, ...]
    draft_id: int | None = None
    submitted_id: int | None = None
    version: int = 0  # of the newest version, 0: none yet
    submitted_at: datetime | None = None

    @property
    def answers(self) -> list[scoring.Judged]:
        return [line.answer for line in self.lines]

    @property
    def total(self) -> scoring.Total:
        return scoring.total(self.answers)

    @property
    def weight(self) -> float:
        """The whole weight of the rubric."""
        return sum(a.weight for a in self.answers) or 1.0

    @property
    def parts(self) -> list[tuple[float, str]]:
        """(weight, "done" | "no" | "todo") of each criterion, for the bar under the rubric."""
        return [
            (a.weight, "done" if a.level is not None else "no" if a.cannot_judge else "todo") for a in self.answers
        ]

    @property
    def lacks(self) -> scoring.Lacks:
        return scoring.lacks(self.answers, self.least_percent)

    @property
    def answered(self) -> int:
        """How many criteria have an answer."""
        return sum(a.answered for a in self.answers)

    @property
    def judged_share(self) -> float:
        """The share of the weight that has an answer, "cannot judge" too: how far the reader has come."""
        return 1 - self.total.to_do

    def line(self, key: str) -> Line | None:
        """The line of one criterion."""
        return next((each for each in self.lines if each.key == key), None)

    def with_lines(self, changed: dict[str, Line]) -> "Sheet":
        """The same with some lines replaced."""
        return replace(self, lines=tuple(changed.get(each.key, each) for each in self.lines))


_OWN = (
    select(Assignment)
    .where(
        Assignment.public_id == bindparam("public_id"),
        Assignment.person_id == bindparam("reader"),
        Assignment.state != "proposed",
    )
    .options(
        joinedload(Assignment.panel, innerjoin=True),
        joinedload(Assignment.program, innerjoin=True).defer(Program.texts),
        joinedload(Assignment.round, innerjoin=True),
        joinedload(Assignment.file, innerjoin=True).options(
            joinedload(NomineeFile.school), joinedload(NomineeFile.district)
        ),
    )
)


def assignment_of(person: Any, public_id: str) -> Assignment | None:
    """The person's own assignment with all that its page shows of the file: one query. Proposed ones do not count."""
    return db.session.scalar(_OWN, {"public_id": public_id, "reader": person.id})


def locked(assignment: Assignment) -> Assignment:
    """The assignment read afresh and locked: whoever else saves, submits or recuses it waits. Inside a transaction."""
    query = (
        select(Assignment)
        .where(Assignment.id == assignment.id)
        .options(joinedload(Assignment.panel, innerjoin=True), joinedload(Assignment.file, innerjoin=True))
        .with_for_update(of=Assignment)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


_MINE = (Review.assignment_id == bindparam("assignment"), Review.state.in_(LIVING))
_OF_REVIEW = select(Review.rubric_id).where(*_MINE).order_by(Review.version.desc()).limit(1).scalar_subquery()
_NEWEST = (
    select(Rubric.id)
    .where(Rubric.round_id == bindparam("round"))
    .order_by(Rubric.version.desc())
    .limit(1)
    .scalar_subquery()
)
_LINES = (
    select(
        Criterion.id, Criterion.key, Criterion.name, Criterion.text, Criterion.weight, Criterion.descriptors,
        Rubric.id.label("rubric_id"), Rubric.public_id, Rubric.levels, Rubric.min_judged_share, Rubric.frozen_at,
        Review.id.label("review_id"), Review.state, Review.version, Review.submitted_at,
        Score.level, Score.cannot_judge, Score.evidence, Score.revision,
    )
    .join(Rubric, Rubric.id == Criterion.rubric_id)
    .outerjoin(Review, and_(*_MINE))
    .outerjoin(Score, and_(Score.review_id == Review.id, Score.criterion_id == Criterion.id))
    .where(Criterion.rubric_id == func.coalesce(_OF_REVIEW, _NEWEST))
    .order_by(Criterion.position)
)  # fmt: skip


def load_sheet(assignment: Assignment | Held) -> Sheet:
    """The sheet of an assignment: one query. The rubric is the one its review began under, else the round's newest."""
    rows = db.session.execute(_LINES, {"assignment": assignment.id, "round": assignment.round_id}).all()
    if not rows:
        raise Mistaken(_("This round has no rubric yet. Please tell the program's organizers."))
    return _sheet(rows)


def _sheet(rows: Sequence[Any]) -> Sheet:
    reviews = {r.state: r for r in rows if r.review_id is not None}
    shown = reviews.get("draft") or reviews.get("submitted")
    mine = [r for r in rows if shown is None or r.review_id == shown.review_id]
    draft, submitted = reviews.get("draft"), reviews.get("submitted")
    first = rows[0]
    return Sheet(
        rubric_id=first.rubric_id,
        rubric_public_id=first.public_id,
        levels=first.levels,
        least_percent=first.min_judged_share,
        frozen=first.frozen_at is not None,
        lines=tuple(
            Line(
                r.id, r.name, r.text, r.descriptors,
                scoring.Judged(r.key, r.weight, r.level, bool(r.cannot_judge), r.evidence or ""), r.revision or 0,
            )
            for r in mine
        ),
        draft_id=draft.review_id if draft else None,
        submitted_id=submitted.review_id if submitted else None,
        version=max((r.version for r in reviews.values()), default=0),
        submitted_at=submitted.submitted_at if submitted else None,
    )  # fmt: skip


def voices(assignment: Assignment) -> list[PanelVoice]:
    """At most one story a relation group, chosen by staff, in the order of the groups: one query, and
    up to two more when the program asked questions of its own.
    """
    limit = terms_of(assignment.program.settings).story_words[1]
    by_group = voices_for_panel([assignment.file_id], limit, assignment.program)[assignment.file_id]
    return [voice for voice in by_group.values() if voice.story or voice.with_others or voice.more]


@dataclass(frozen=True)
class Progress:
    """Where the reader is in their own files of a panel: `at` counts from 1."""

    at: int
    total: int
    done: int


def progress(assignment: Assignment) -> Progress:
    """Files handed in come first, then this one, then the rest: one query."""
    query = (
        select(Assignment.id, Assignment.state)
        .where(
            Assignment.panel_id == assignment.panel_id,
            Assignment.person_id == assignment.person_id,
            Assignment.state.in_(("released", "scored")),
        )
        .order_by(Assignment.scored_at, Assignment.id)
    )
    by_state: dict[str, list[int]] = defaultdict(list)
    for assignment_id, state in db.session.execute(query):
        by_state[state].append(assignment_id)
    done = by_state["scored"]
    at = done.index(assignment.id) + 1 if assignment.id in done else len(done) + 1
    return Progress(at, len(done) + len(by_state["released"]), len(done))
