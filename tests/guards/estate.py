"""One of everything: a program with files, a panel, results, decisions, members and a convening, for tests that walk
every route; and how to find the part of an address that names a thing."""

import io
import re
from datetime import timedelta
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule

from portal.accounts.models import Person, Role, RoleInvitation, SignedIn
from portal.collective.models import Invitation, Member
from portal.convenings.models import Block, Convening, Presenter, Proposal, Room, Session
from portal.core import audit, files, outbox
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.pictures import Picture
from portal.nominations.asking import PURPOSE
from portal.nominations.models import BulkAct, FileNote, FilePair, ImportRun, Nomination, NomineeFile, SavedView
from portal.programs.actions import set_logo
from portal.programs.models import Cycle, Program, Round, School, SchoolImport
from portal.questions import actions as questions
from portal.questions.models import Upload
from portal.questions.shape import Question
from portal.review.models import Assignment, AssignmentPlan, Panel, Seat
from portal.selection.models import Correction, Decision, RankingRun, TieBallot, TieVote
from tests.cast import Cast, both, run_jobs
from tests.collective import world as collective
from tests.convenings import world as convenings
from tests.nominations.consenting import add_file as add_open
from tests.selection.judged import add_files, add_panel, add_review

PEOPLE = ("sam", "sofia", "chen", "priya", "paul", "wanda", "ada", "vera", "olga", None)
PHASES = ("scoring", "decided", "announced")

# Which thing a part of an address names, by the part before it.
KINDS: dict[str, Any] = {
    "browsers": SignedIn,
    "bulk": BulkAct,
    "answer-files": Upload,
    "assignments": Assignment,
    "people/invitations": RoleInvitation,
    "collective/invitations": Invitation,
    "members": Member,
    "convenings": Convening,
    "blocks": Block,
    "rooms": Room,
    "corrections": Correction,
    "cycles": Cycle,
    "decisions": Decision,
    "files": NomineeFile,
    "join": NomineeFile,
    "likely": FilePair,
    "imports": ImportRun,
    "mail": outbox.Message,
    "mailbox": outbox.Message,
    "nominations": Nomination,
    "notes": FileNote,
    "nominate": Nomination,
    "panels": Panel,
    "plans": AssignmentPlan,
    "presenters": Presenter,
    "proposals": Proposal,
    "rounds": Round,
    "school-imports": SchoolImport,
    "schools": School,
    "seats": Seat,
    "sessions": Session,
    "views": SavedView,
    "votes": TieVote,
}
WORDS = {
    "kind": "winner", "locale": "en", "place": "files", "verb": "hold", "step": "story", "key": "learning",
    "section": "page", "letter": "receipt", "ending": "csv",
    "purpose": "nomination", "question": "subject",
}  # fmt: skip


class Estate:
    """The small world of every thing, in one of three phases; `arguments(rule)` fills in a route's address."""

    def __init__(self, app: Flask, phase: str) -> None:
        self.cast = cast = Cast(app)
        self.app, self.phase = app, phase
        self.ids: dict[Any, Any] = {}
        files = add_files(cast)
        panel = add_panel(cast, ("priya", "paul"))
        cast.grant("priya", "reviewer", panel_id=panel)
        for name, file_id in files.items():
            add_review(cast, panel, "priya", file_id, 2 + len(name) % 3)
            if phase != "scoring" or name != "Ada Best":
                add_review(cast, panel, "paul", file_id, 1 + len(name) % 4)
        if phase == "scoring":
            add_review(cast, panel, "paul", files["Ada Best"], None)
        self._decide(phase)
        self._collective()
        self._rest(panel)
        self._note()
        self._vote(phase)
        if phase == "announced":
            self._correct()
        self._questions()
        self._view()
        self._olga()
        self.logo = self._logo()

    def _decide(self, phase: str) -> None:
        sam, sofia = self.cast.browser("sam"), self.cast.browser("sofia")
        board = f"/rounds/{self.cast.round}"
        assert sam.post(f"{board}/results/compute").status_code == 303
        run_jobs(self.app)
        sam.post(f"/cycles/{self.cast.cycle}/announcement")
        with self.app.app_context():
            run = db.session.scalar(select(RankingRun.public_id))
        if phase != "scoring":
            assert sam.post(f"{board}/decisions/line", {"order": "raw", "run": run}).status_code == 303
            assert sofia.post(f"{board}/decisions/confirm").status_code == 303
        if phase == "announced":
            assert sam.post(f"/cycles/{self.cast.cycle}/announcement/announce").status_code == 303
            run_jobs(self.app)

    def _collective(self) -> None:
        cast = self.cast
        file_id = collective.add_file(cast, "Tariq Example")
        collective.invite(cast, file_id)
        convening = convenings.add_convening(cast)
        rooms, blocks = convenings.add_day(cast, convening)
        proposal = convenings.add_proposal(cast, convening, "wanda", "confirmed")
        convenings.place(cast, convening, proposal, blocks[1], rooms[0])

    def _rest(self, panel: int) -> None:
        cast = self.cast
        for name in ("chen", "ada", "vera"):
            cast.person(name)
        cast.browser("sam").post(
            f"/awards/{cast.slug}/people", {"name": "New One", "email": "new@example.org", "role": "auditor"}
        )
        rows = b"Educator,Story,Email,Relation\r\nAda,A good story,n@example.org,zookeeper\r\n"
        sam = cast.browser("sam")
        sheet = {"csrf_token": sam.token(), "sheet": (io.BytesIO(rows), "export.csv")}
        assert sam.client.post(f"/cycles/{cast.cycle}/imports", data=sheet).status_code == 303
        add_open(cast, "Opal Open", email="opal@example.org")
        assert sam.post(f"/cycles/{cast.cycle}/files/bulk", {"act": "ask", "which": "all"}).status_code == 303
        with self.app.app_context(), transaction() as s:
            scope = {"program_id": cast.program_id, "cycle_id": cast.cycle_id}
            first, second = s.scalars(select(NomineeFile.id).order_by(NomineeFile.id).limit(2))
            s.add(FilePair(**scope, first_id=first, second_id=second, score=0.9, reasons=["typo"], shape="known"))
            s.add(
                AssignmentPlan(
                    **scope, round_id=cast.round_id, panel_id=panel, seed=1, made_at=now(), state="proposed", report={}
                )
            )
            s.add(SchoolImport(program_id=cast.program_id, name="schools.csv", by_id=cast.people["sam"]))
            for message in s.scalars(select(outbox.Message)):
                message.program_id = message.program_id or cast.program_id

    def _note(self) -> None:
        """Sam asks Sofia something about the first file."""
        text = "Called the office. @Sofia, please ask again."
        answer = self.cast.browser("sam").post(f"/files/{self.thing(NomineeFile)}/notes", {"text": text})
        assert answer.status_code == 303

    def _vote(self, phase: str) -> None:
        """A vote on a tie: Priya may rank; Paul has a ballot and owes a review while the panel scores."""
        cast = self.cast
        with self.app.app_context(), transaction() as s:
            files = [f.id for f in s.scalars(select(NomineeFile).where(NomineeFile.cycle_id == cast.cycle_id).limit(2))]
            closed = None if phase == "scoring" else now()
            vote = TieVote(program_id=cast.program_id, cycle_id=cast.cycle_id, round_id=cast.round_id, band="a",
                           file_ids=files, places=1, state="closed" if closed else "open", closed_at=closed,
                           opened_by_id=cast.people["chen"], opened_at=now())  # fmt: skip
            s.add(vote)
            s.flush()
            s.add_all(TieBallot(vote_id=vote.id, person_id=cast.people[name]) for name in ("priya", "paul"))

    def _correct(self) -> None:
        """Sam proposes a correction of the first announced decision."""
        answer = self.cast.browser("sam").post(
            f"/decisions/{self.thing(Decision)}/correct", {"outcome": "finalist", "note": "It was read out wrongly."}
        )
        assert answer.status_code == 303

    def _questions(self) -> None:
        """A question of the organizers' own that asks for a file, and a nomination that answered it."""
        with self.app.app_context(), transaction() as s:
            sam, program = self.person("sam"), s.get_one(Program, self.cast.program_id)
            asked = Question("", "story", "file", both("A picture of the work"), audience="nominee")
            key = questions.add(sam, program, PURPOSE, asked)
            mine = select(Nomination).where(Nomination.program_id == program.id)
            one = s.scalars(mine.order_by(Nomination.id)).first()
            place = files.write(b"\xff\xd8\xff\xd9")
            stored = files.keep(place, name="garden.jpg", media_type="image/jpeg", program_id=program.id)
            upload = Upload(program_id=program.id, thing=audit.name_of(one), key=key, stored_file_id=stored.id)
            s.add(upload)
            s.flush()
            one.said = {key: {"v": 1, "a": upload.public_id, "n": "garden.jpg"}}

    def _view(self) -> None:
        """A view of the files that Sam shares, and one that Sam shared and deleted."""
        sam, views = self.cast.browser("sam"), f"/cycles/{self.cast.cycle}/files/views"
        for name in ("To ask", "Of old"):
            answer = sam.post(f"{views}/new?step=ask", {"name": name, "shared": "y"})
            assert answer.status_code == 303
        self.deleted_view = answer.location.partition("view=")[2]
        assert sam.post(f"{views}/{self.deleted_view}/delete").status_code == 303

    def _logo(self) -> str:
        """The program's logo; the hash that its address names."""
        drawn = io.BytesIO()
        Image.new("RGB", (3, 1), "#1f4a36").save(drawn, "PNG")
        with self.app.app_context():
            place, picture = files.write(drawn.getvalue()), Picture(drawn.getvalue(), "image/png", 3, 1)
            with transaction() as s:
                program = s.get_one(Program, self.cast.program_id)
                set_logo(program, picture, place, "operator")
            return str(program.logo["sha"])

    def _olga(self) -> None:
        """Olga organizes another program on the same installation: everything here is not there for her."""
        other = Cast(self.app, slug="other")
        person_id = self.cast.person("olga")
        with self.app.app_context(), transaction() as s:
            s.add(
                Role(
                    person_id=person_id,
                    name="organizer",
                    program_id=other.program_id,
                    starts_at=now() - timedelta(days=1),
                )
            )

    def thing(self, kind: Any) -> Any:
        """The first thing of this kind in the program (of a file and a nomination: the one that was read by Priya)."""
        if kind not in self.ids:
            with self.app.app_context():
                query = select(kind).order_by(kind.id)
                if hasattr(kind, "program_id"):
                    query = query.where(kind.program_id == self.cast.program_id)
                found = db.session.scalars(query.limit(1)).first()
                # Decisions are not there before anybody decided: then the address names nothing.
                assert found is not None or kind in (Decision, Correction), f"the estate has no {kind.__name__}"
                self.ids[kind] = found.public_id if found is not None else "nothing"
        return self.ids[kind]

    def arguments(self, rule: Rule) -> dict[str, Any]:
        """What stands for each part of the route's address."""
        made: dict[str, Any] = {}
        for name in rule.arguments:
            if name == "slug":
                made[name] = self.cast.slug
            elif name == "token":
                made[name] = "no.token"
            elif name == "sha":
                made[name] = self.logo
            elif name == "role_id":
                with self.app.app_context():
                    made[name] = db.session.scalar(select(Role.id).where(Role.name == "reviewer"))
            elif name == "file_id":
                made[name] = self.thing(NomineeFile)
            elif rule.rule.endswith("/views/<view_id>/undo") and name == "view_id":
                made[name] = self.deleted_view
            elif name in WORDS:
                made[name] = WORDS[name]
            else:
                made[name] = self.thing(self.kind(rule, name))
        return made

    @staticmethod
    def kind(rule: Rule, argument: str) -> Any:
        """The kind of thing that an argument of the address names."""
        before = re.split(rf"/<(?:[^<>:]+:)?{argument}>", rule.rule)[0].strip("/").split("/")
        for size in (2, 1):
            if "/".join(before[-size:]) in KINDS:
                return KINDS["/".join(before[-size:])]
        raise AssertionError(f"{rule.rule}: nothing is known of {argument}")

    def person(self, name: str) -> Person:
        """One of the cast with roles loaded, in the open application context."""
        person = db.session.get_one(Person, self.cast.people[name])
        assert person.roles is not None
        return person
