"""Saving and handing in a review: the draft as it is typed, versions that are never changed once handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import defer

from portal.accounts.models import Person
from portal.core import asked, audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.core.moves import move
from portal.programs.models import Rubric
from portal.review import rules, scoring
from portal.review.models import Assignment, Review, Score
from portal.review.queries.held import Held, locked
from portal.review.queries.sheet import Line, Sheet, load_sheet

LONGEST_EVIDENCE = 2000


def _upsert(insert_into: Any) -> Any:
    """Writes lines of a review, new or again."""
    statement = insert_into(Score.__table__)
    kept = ("level", "cannot_judge", "evidence", "revision", "saved_at")
    return statement.on_conflict_do_update(
        index_elements=["review_id", "criterion_id"], set_={c: statement.excluded[c] for c in kept}
    )


# Built once: these run with every change of every criterion.
_UPSERT = {"postgresql": _upsert(postgresql.insert), "sqlite": _upsert(sqlite.insert)}
_ASSIGNMENTS: Any = Assignment.__table__
_TOUCH = (
    update(_ASSIGNMENTS)
    .where(_ASSIGNMENTS.c.id == bindparam("one"))
    .values(
        saved_at=bindparam("at"),
        judged=bindparam("share"),
        opened_at=func.coalesce(_ASSIGNMENTS.c.opened_at, bindparam("at", type_=_ASSIGNMENTS.c.opened_at.type)),
    )
)


_TO_HAND_IN = (
    select(Review, Assignment)
    .join(Assignment, Assignment.id == Review.assignment_id)
    .where(Review.id.in_(bindparam("wanted", expanding=True)))
    .options(defer(Assignment.conflicted))
)


@dataclass(frozen=True)
class Given:
    """What came in for one criterion. `seen`: what the window had been given with it (`Line.seen`), "" unknown."""

    level: int | None
    cannot_judge: bool
    evidence: str
    seen: str = ""


@dataclass(frozen=True)
class Saved:
    """The sheet as it is now, when it was saved, and the criteria that another window had changed in between."""

    sheet: Sheet
    at: datetime
    overtaken: tuple[str, ...] = ()
    lacks: scoring.Lacks | None = None
    submitted: bool = False
    wrote: bool = False


def save(by: Person, assignment: Held, given: Mapping[str, Given], *, whole: bool = False) -> Saved:
    """Saves these criteria into the draft; the last write of each wins, and `overtaken` says over what.

    With `whole` the form was sent as one: criteria that this window did not touch are left as they are. The first save
    of anybody freezes the rubric; a change after handing in begins a new version. Draft saves are not audited.
    """
    assignment = locked(assignment)
    demand(by, rules.SCORE, assignment)
    return _touched(assignment, _save(by, assignment, load_sheet(assignment), given, whole))


def submit(by: Person, assignment: Held, given: Mapping[str, Given]) -> Saved:
    """Saves the whole sheet and hands it in, unless something is missing: then `lacks` says what, and the draft stays.

    Sent twice, the second finds the first's review and changes nothing.
    """
    assignment = locked(assignment)
    demand(by, rules.SCORE, assignment)
    saved = _save(by, assignment, load_sheet(assignment), given, whole=True)
    lacks = saved.sheet.lacks
    if lacks:
        return replace(_touched(assignment, saved), lacks=lacks)
    if saved.sheet.draft_id is not None:
        _hand_in(by, assignment, saved.sheet, saved.at)
    return replace(saved, submitted=True)


def _save(by: Person, assignment: Held, sheet: Sheet, given: Mapping[str, Given], whole: bool) -> Saved:
    at = now()
    changed: dict[str, Line] = {}
    overtaken: list[str] = []
    for key, answer in given.items():
        line = sheet.line(key)
        if line is None:
            raise Mistaken(_("This rubric has no such criterion. Please load the page again."))
        wanted = _checked(sheet, line, answer)
        revision, _dot, mark = answer.seen.partition(".")
        untouched = whole and mark == wanted.mark()
        if untouched or wanted == line.answer:
            continue
        known = asked.whole(revision)
        if known is not None and known != line.revision:
            overtaken.append(key)
        changed[key] = replace(line, answer=wanted, revision=line.revision + 1)
    if changed:
        sheet = _write(by, assignment, sheet, changed, at)
    return Saved(sheet, at, tuple(overtaken), wrote=bool(changed))


def _touched(assignment: Held, saved: Saved) -> Saved:
    """Notes on the assignment how far its draft is (handing in notes it by its own statement)."""
    if saved.wrote:
        given = {"one": assignment.id, "at": saved.at, "share": saved.sheet.judged_share}
        db.session.connection().execute(_TOUCH, given)
    return saved


def _checked(sheet: Sheet, line: Line, given: Given) -> scoring.Judged:
    if given.level is not None and not 1 <= given.level <= len(sheet.levels):
        raise Mistaken(_("This level is not on the scale. Please choose one of those shown."))
    if len(given.evidence) > LONGEST_EVIDENCE:
        raise Mistaken(_("Please shorten the line of evidence: a sentence is enough."))
    return replace(line.answer, level=given.level, cannot_judge=given.cannot_judge, evidence=given.evidence)


def _write(by: Person, assignment: Held, sheet: Sheet, changed: dict[str, Line], at: datetime) -> Sheet:
    if sheet.draft_id is None:
        sheet = _begin_version(by, assignment, sheet, at)
    rows = [
        {
            "review_id": sheet.draft_id,
            "criterion_id": line.criterion_id,
            "level": line.answer.level,
            "cannot_judge": line.answer.cannot_judge,
            "evidence": line.answer.evidence,
            "revision": line.revision,
            "saved_at": at,
        }
        for line in changed.values()
    ]
    connection = db.session.connection()
    connection.execute(_UPSERT[connection.dialect.name], rows)
    return sheet.with_lines(changed)


def _begin_version(by: Person, assignment: Held, sheet: Sheet, at: datetime) -> Sheet:
    """A new draft; after a submitted version it starts as a copy of that one. The assignment is locked: no race."""
    review = Review(
        program_id=assignment.program_id,
        cycle_id=assignment.cycle_id,
        round_id=assignment.round_id,
        panel_id=assignment.panel_id,
        assignment_id=assignment.id,
        rubric_id=sheet.rubric_id,
        version=sheet.version + 1,
        saved_at=at,
    )
    db.session.add(review)
    db.session.flush()
    if not sheet.frozen:
        _freeze(by, sheet, assignment.program_id, at)
    if sheet.submitted_id is not None:
        kept = (Score.criterion_id, Score.level, Score.cannot_judge, Score.evidence, Score.revision, Score.saved_at)
        copied = select(literal(review.id), *kept).where(Score.review_id == sheet.submitted_id)
        db.session.execute(insert(Score).from_select(["review_id", *(c.key for c in kept)], copied))
    return replace(sheet, draft_id=review.id, version=review.version, frozen=True)


def _freeze(by: Person, sheet: Sheet, program_id: int, at: datetime) -> None:
    """The first score of anybody freezes the rubric, once."""
    frozen: Any = db.session.execute(
        update(Rubric).where(Rubric.id == sheet.rubric_id, Rubric.frozen_at.is_(None)).values(frozen_at=at)
    )
    if frozen.rowcount:
        audit.record(by, "rubric.frozen", f"rubric:{sheet.rubric_public_id}", program_id=program_id)


def _hand_in(by: Person, assignment: Held, sheet: Sheet, at: datetime) -> None:
    wanted = [i for i in (sheet.draft_id, sheet.submitted_id) if i is not None]
    found = db.session.execute(_TO_HAND_IN, {"wanted": wanted}).all()
    reviews, reading = {review.id: review for review, _reading in found}, found[0][1]
    if sheet.submitted_id is not None:
        move(rules.REVIEW, "supersede", reviews[sheet.submitted_id], by)
    total = sheet.total
    changes = {"score": total.score, "judged": total.judged, "submitted_at": at, "saved_at": at}
    draft = reviews[sheet.draft_id or 0]
    move(rules.REVIEW, "submit", draft, by, changes=changes, version=draft.version, digest=_digest(sheet))
    noted = {"scored_at": at, "judged": 1.0, "saved_at": at, "opened_at": assignment.opened_at or at}
    move(rules.ASSIGNMENT, "score", reading, by, changes=noted)


def _digest(sheet: Sheet) -> str:
    """Proves later what was handed in, without telling it: levels and evidence, salted and hashed."""
    return audit.seal("\n".join(f"{a.key}|{a.level}|{a.cannot_judge}|{a.evidence}" for a in sheet.answers))
