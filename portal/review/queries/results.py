"""The scores that count, for ranking; and where somebody stands toward seeing them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, literal, select, union_all

from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.programs.models import Criterion
from portal.review.models import Assignment, Panel, Review, Score
from portal.review.queries.conflicts import conflicts_in
from portal.review.queries.files import STANDS
from portal.review.rules import Standing


@dataclass(frozen=True)
class ScoreRow:
    """One review that counts. `levels`: criterion key -> level, or None where the reviewer could not judge.

    `score` is the review's weighted mean as it was handed in. Reviews under different versions of a rubric name
    different `rubric_id`s; their criterion keys may differ.
    """

    file_id: int
    person_id: int
    panel_id: int
    rubric_id: int
    score: float
    levels: dict[str, int | None] = field(default_factory=dict)


def _reviews_that_count(round_id: int) -> Any:
    """Submitted newest versions, on assignments that are neither recused, taken back nor conflicted, of files in the
    running."""
    return (
        select(Review.id, Assignment.file_id, Assignment.person_id, Assignment.panel_id, Review.rubric_id, Review.score)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(NomineeFile, NomineeFile.id == Assignment.file_id)
        .where(
            Review.round_id == round_id,
            Review.state == "submitted",
            Assignment.state == "scored",
            ~Assignment.conflicted,
            *STANDS,
        )
    )


def scores_of_round(round_id: int) -> list[ScoreRow]:
    """Every review that counts in this round, by file and person: two queries, whatever the number.

    Left out: drafts, superseded versions, recused and conflicted readers (their scores stay sealed in the record), and
    files that left the running. Whoever shows any of it asks `review.see_results` first.
    """
    counted = _reviews_that_count(round_id).order_by(Assignment.file_id, Assignment.person_id)
    rows = {
        review_id: ScoreRow(file_id, person_id, panel_id, rubric_id, score)
        for review_id, file_id, person_id, panel_id, rubric_id, score in db.session.execute(counted)
    }
    levels = (
        select(Score.review_id, Criterion.key, Score.level)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .join(Review, Review.id == Score.review_id)
        .where(Review.round_id == round_id, Review.state == "submitted")
    )
    for review_id, key, level in db.session.execute(levels):
        if review_id in rows:
            rows[review_id].levels[key] = level
    return list(rows.values())


def owes(person: Any, round_id: int) -> ColumnElement[bool]:
    """Whether the person of a query (its `Person` class) owes the round a review."""
    return _owed(person, Assignment.round_id == round_id).correlate(person).exists()


def _owed(person: Any, where: Any) -> Any:
    """Select of the person's own assignments, of those that are meant, that wait for a review."""
    return (
        select(Assignment.id)
        .join(NomineeFile, NomineeFile.id == Assignment.file_id)
        .where(
            Assignment.person_id == person.id,
            where,
            Assignment.state == "released",
            ~Assignment.conflicted,
            *STANDS,
        )
    )


def own_reviews_are_in(person: Any, cycle_id: int) -> bool:
    """Whether this person owes no round of the cycle a review (a conflicted or withdrawn file is owed by nobody). True
    for who reads nothing in it."""
    return not db.session.scalar(select(_owed(person, Assignment.cycle_id == cycle_id).exists()))


def standing(person: Any, round_: Any, panels: Sequence[Panel] | None = None) -> Standing:
    """Where the person stands toward the results of a round: ask `may(person, "review.see_results", standing)`.

    One query. With several panels a chair's scope is tried on each: the one they lead is named.
    """
    parts: dict[str, tuple[Any, ...]] = {
        "owed": (_owed(person, Assignment.round_id == round_.id),),
        "conflict": conflicts_in(person, round_.cycle_id),
    }
    if panels is None:
        parts["panel"] = (select(Panel.id).where(Panel.round_id == round_.id),)
    found: dict[str, set[int]] = {kind: set() for kind in (*parts, "panel")}
    found["panel"].update(p.id for p in panels or ())
    told = [select(literal(kind), *part.subquery().c) for kind, selects in parts.items() for part in selects]
    for kind, number in db.session.execute(union_all(*told)):
        found[kind].add(number)
    led = {r.panel_id for r in person.roles if r.name == "chair" and r.holds_now()}
    ids = sorted(found["panel"])
    return Standing(
        program_id=round_.program_id,
        cycle_id=round_.cycle_id,
        round_id=round_.id,
        panel_id=next((i for i in ids if i in led), ids[0] if ids else None),
        owed=len(found["owed"]),
        conflicted=frozenset(found["conflict"]),
    )
