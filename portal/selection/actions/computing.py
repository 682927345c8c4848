"""Computing a ranking that was asked for, in the worker: kept as one run, with the votes it overtakes ended."""

from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.programs.models import Rubric
from portal.programs.queries import rubric_in_force
from portal.review import queries as review
from portal.selection import queries
from portal.selection.actions.tying import cancel_overtaken
from portal.selection.models import RankingRun


def compute(run_id: int) -> None:
    """Computes a run (in the worker): reads, computes outside any transaction, stores. Safe to run twice."""
    from portal.selection import snapshot  # numpy and scipy: in the worker only
    from portal.selection.ranking import METHOD_VERSION

    run = db.session.get(RankingRun, run_id)
    if run is None or run.computed_at is not None:
        return
    readings = readings_of(run.round_id)
    files = queries.files_in_running(run.cycle_id)
    rubric = rubric_in_force(run.round)
    problem, result, digest = "", None, ""
    if rubric is None:
        problem = "This round has no rubric."
    else:
        digest = snapshot.digest(readings, files, run.places)
        result = snapshot.compute(readings, files, weighing_of(rubric), run.places, run.seed)
        result |= words_of(rubric) | {"people": names_of({r.person_id for r in readings})}
    with transaction():
        kept = db.session.scalars(select(RankingRun).where(RankingRun.id == run_id).with_for_update()).one()
        if kept.computed_at is not None:
            return
        kept.problem, kept.result, kept.digest, kept.method = problem, result, digest, METHOD_VERSION
        if result is not None:
            kept.computed_at = now()
            audit.record(
                audit.SYSTEM, "ranking.computed", kept, digest=digest, reviews=result["reviews"], method=METHOD_VERSION
            )
            cancel_overtaken(kept)


def readings_of(round_id: int) -> list[Any]:
    """The reviews of a round that count, as the computation takes them."""
    from portal.selection.snapshot import Reading

    return [
        Reading(row.file_id, row.person_id, row.panel_id, row.rubric_id, row.levels)
        for row in review.scores_of_round(round_id)
    ]


def weighing_of(rubric: Rubric) -> Any:
    """The rubric as far as the computation needs it."""
    from portal.selection.snapshot import Weighing

    return Weighing(
        weights={c.key: c.weight for c in rubric.criteria},
        student=tuple(c.key for c in rubric.criteria if c.breaks_ties),
        scale=(1.0, float(len(rubric.levels))),
        least=rubric.min_judged_share / 100,
    )


def words_of(rubric: Rubric) -> dict[str, Any]:
    """The names that the board shows beside its figures, as they were when it was computed."""
    return {"levels": rubric.levels, "names": {c.key: c.name for c in rubric.criteria}}


def names_of(person_ids: set[int]) -> dict[str, str]:
    """The readers' names by their numbers (as text: JSON has no other keys)."""
    query = select(Person.id, Person.name).where(Person.id.in_(person_ids))
    return {str(i): name for i, name in db.session.execute(query)}
