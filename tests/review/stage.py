"""Files, voices, a panel and its readers for the tests of this package; ids only, no objects."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.names import person_key, school_key
from portal.nominations.models import Nomination, NomineeFile
from portal.review.models import Assignment, Panel, Seat
from tests.cast import Cast

STORY = "She waited until I said what I noticed, and then she asked what else."
KEYS = ("learning", "belonging", "others", "craft", "lifting")


class Stage:
    """A cast with files to read and a panel."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.app = cast, cast.app
        self.files: list[int] = []
        self.panel_id = 0
        self.panel = ""

    def file(
        self, name: str, school: str = "Cascade Elementary", *, groups: tuple[str, ...] = ("student",), **values: Any
    ) -> int:
        """A file that stands: consent accepted, eligible, one confirmed voice of each group."""
        with self.app.app_context(), transaction() as s:
            file = NomineeFile(
                program_id=self.cast.program_id,
                cycle_id=self.cast.cycle_id,
                name=name,
                name_key=person_key(name),
                school_id=self.cast.school_ids.get(school),
                school_name=school,
                school_key=school_key(school),
                **{
                    "consent": "accepted",
                    "asked_at": now(),
                    "answered_at": now(),
                    "screening": "eligible",
                    "screened_at": now(),
                    **values,
                },
            )
            s.add(file)
            s.flush()
            for i, group in enumerate(groups):
                s.add(
                    Nomination(
                        program_id=self.cast.program_id,
                        cycle_id=self.cast.cycle_id,
                        file_id=file.id,
                        state="confirmed",
                        educator_name=name,
                        relation={"student": "current_student", "family": "family_current"}.get(group, group),
                        relation_group=group,
                        story=f"{STORY} ({name})",
                        nominator_name="Nora Secret",
                        nominator_email=f"nora{i}@example.org",
                        confirmed_at=now(),
                        submitted_at=now(),
                    )
                )
            self.files.append(file.id)
            return file.id

    def make_panel(self, *readers: str, chair: str | None = None, due: timedelta = timedelta(days=9)) -> int:
        """A panel with these people accepted, declared and signed up as their roles say; scoring is not open yet."""
        with self.app.app_context(), transaction() as s:
            panel = Panel(
                program_id=self.cast.program_id,
                cycle_id=self.cast.cycle_id,
                round_id=self.cast.round_id,
                name={"en": "Round 1, applications", "es": "Ronda 1"},
                due_at=now() + due,
            )
            s.add(panel)
            s.flush()
            self.panel_id, self.panel = panel.id, panel.public_id
        for name in readers:
            self.seat(name)
        if chair:
            self.seat(chair, kind="chair", reads=False)
        return self.panel_id

    def seat(self, name: str, **values: Any) -> int:
        """An accepted seat; the person reads files unless told otherwise."""
        person_id = self.cast.person(name)
        with self.app.app_context(), transaction() as s:
            seat = Seat(
                **{
                    "program_id": self.cast.program_id,
                    "cycle_id": self.cast.cycle_id,
                    "panel_id": self.panel_id,
                    "state": "accepted",
                    "name": f"{name.title()} Example",
                    "email": f"{name}@example.org",
                    "person_id": person_id,
                    "invited_at": now(),
                    "confidentiality_agreed_at": now(),
                    "conflicts_declared_at": now(),
                    **values,
                }
            )
            s.add(seat)
            s.flush()
            return seat.id

    def assign(self, name: str, file_id: int, state: str = "released", **values: Any) -> str:
        """An assignment given out; its public id. Opens the scoring."""
        with self.app.app_context(), transaction() as s:
            panel = s.get_one(Panel, self.panel_id)
            if panel.state == "forming":
                panel.state, panel.released_at = "scoring", now()
            given = Assignment(
                program_id=self.cast.program_id,
                cycle_id=self.cast.cycle_id,
                round_id=self.cast.round_id,
                panel_id=self.panel_id,
                file_id=file_id,
                person_id=self.cast.person(name),
                state=state,
                released_at=now(),
                **values,
            )
            s.add(given)
            s.flush()
            return given.public_id

    def state(self, model: Any, public_id: str, column: str = "state") -> Any:
        """One value of one row."""
        with self.app.app_context():
            return db.session.scalar(select(getattr(model, column)).where(model.public_id == public_id))

    def all(self, query: Any) -> list[Any]:
        """Every row of a query, as tuples."""
        with self.app.app_context():
            return [tuple(row) for row in db.session.execute(query)]


def full(level: int = 3, *, evidence: str = "97 of 118 finished", **other: Any) -> dict[str, str]:
    """A whole sheet as the form sends it; keywords change single criteria (level, or "0" cannot judge, or "")."""
    sent = {}
    for key in KEYS:
        sent[f"level-{key}"] = str(other.get(key, level))
        sent[f"evidence-{key}"] = evidence
        sent[f"seen-{key}"] = ""
    return sent
