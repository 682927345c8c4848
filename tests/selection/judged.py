"""A round that was judged: files, a panel, and reviews in, made directly as rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.names import person_key
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Criterion
from portal.review.models import Assignment, Panel, Review, Score, Seat

NAMES = ("Ada Best", "Ben Next", "Cleo Third", "Dan Fourth", "Eve Fifth", "Fay Last")


def add_files(cast: Any, names: Sequence[str] = NAMES) -> dict[str, int]:
    """Files that said yes and are eligible, each nominated once by a confirmed parent: {name: id}."""
    made = {}
    with cast.app.app_context(), transaction() as s:
        for name in names:
            file = NomineeFile(
                program_id=cast.program_id,
                cycle_id=cast.cycle_id,
                name=name,
                name_key=person_key(name),
                school_name="Cascade Elementary",
                email=f"{person_key(name).replace(' ', '.')}@school.example",
                consent="accepted",
                asked_at=now(),
                answered_at=now(),
                screening="eligible",
                screened_at=now(),
                position="Teacher",
                position_key="teacher",
            )
            s.add(file)
            s.flush()
            s.add(
                Nomination(
                    program_id=cast.program_id,
                    cycle_id=cast.cycle_id,
                    file_id=file.id,
                    state="confirmed",
                    confirmed_at=now(),
                    submitted_at=now(),
                    educator_name=name,
                    relation="family_current",
                    relation_group="family",
                    story="She stayed after school with my son all winter.",
                    nominator_name="Nora Example",
                    nominator_email=f"nora.{file.id}@example.org",
                    sharing="yes",
                )
            )
            made[name] = file.id
    return made


def add_panel(cast: Any, people: Sequence[str], chair: str = "chen") -> int:
    """A panel that is scoring, with accepted seats; its id. The chair leads without reading."""
    ids = {name: cast.person(name) for name in (*people, chair)}
    with cast.app.app_context(), transaction() as s:
        panel = Panel(
            program_id=cast.program_id,
            cycle_id=cast.cycle_id,
            round_id=cast.round_id,
            name={"en": "Panel", "es": "Panel"},
            state="scoring",
            released_at=now(),
            due_at=now(),
        )
        s.add(panel)
        s.flush()
        for name, person_id in ids.items():
            s.add(
                Seat(
                    program_id=cast.program_id,
                    cycle_id=cast.cycle_id,
                    panel_id=panel.id,
                    name=name.title(),
                    email=f"{name}@example.org",
                    person_id=person_id,
                    state="accepted",
                    reads=name != chair,
                    kind="chair" if name == chair else "reviewer",
                    confidentiality_agreed_at=now(),
                    conflicts_declared_at=now(),
                )
            )
        return panel.id


def add_review(cast: Any, panel_id: int, person: str, file_id: int, levels: Mapping[str, int] | int | None) -> int:
    """One assignment with its review in (a single level means that level throughout; None: not scored yet)."""
    person_id = cast.person(person)
    with cast.app.app_context(), transaction() as s:
        scope = {
            "program_id": cast.program_id,
            "cycle_id": cast.cycle_id,
            "round_id": cast.round_id,
            "panel_id": panel_id,
        }
        done = levels is not None
        assignment = Assignment(
            **scope,
            file_id=file_id,
            person_id=person_id,
            state="scored" if done else "released",
            released_at=now(),
            scored_at=now() if done else None,
        )
        s.add(assignment)
        s.flush()
        if levels is None:
            return assignment.id
        criteria = list(s.scalars(select(Criterion).where(Criterion.rubric_id == cast.rubric_id)))
        chosen = {c.key: levels if isinstance(levels, int) else levels.get(c.key) for c in criteria}
        score = sum(c.weight * chosen[c.key] for c in criteria) / sum(c.weight for c in criteria)
        review = Review(
            **scope,
            assignment_id=assignment.id,
            rubric_id=cast.rubric_id,
            version=1,
            state="submitted",
            submitted_at=now(),
            saved_at=now(),
            score=score,
            judged=1.0,
        )
        s.add(review)
        s.flush()
        for c in criteria:
            s.add(Score(review_id=review.id, criterion_id=c.id, level=chosen[c.key], evidence="p. 1", saved_at=now()))
        return assignment.id


def judged(
    cast: Any, levels: Sequence[int] = (4, 4, 3, 2, 2, 1), readers: Sequence[str] = ("priya", "paul", "pia")
) -> dict[str, int]:
    """Six files read by three people, who give each file its level throughout (so that the order is plain)."""
    files = add_files(cast, NAMES[: len(levels)])
    panel = add_panel(cast, readers)
    for (_name, file_id), level in zip(files.items(), levels, strict=True):
        for reader in readers:
            add_review(cast, panel, reader, file_id, level)
    return files
