"""A program in the middle of its year: so many nominee files, thirty reviewers, three reviews a file, drafts to send.

Rows are made in bulk, not through the actions: what is measured is reading and writing among them.
"""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, select, text

from portal.accounts.models import Person, Role
from portal.app import create_app
from portal.core import janitor, settings, tokens
from portal.core.clock import now
from portal.core.db import Base, db, transaction
from portal.core.names import fold, person_key
from portal.core.settings import Settings
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.command import load
from portal.programs.models import Cycle, Program, Round, School
from portal.programs.queries import rubric_in_force
from portal.review.models import Assignment, Panel, Review, Score, Seat
from tests.endurance.scene import SECRET, cookie_of

READERS = 30
EACH = 3  # reviews a file
FRESH = 10  # files beside the judged ones that the first readers have yet to score
GIVEN = ("Ada", "Bruno", "Carmen", "Dwayne", "Elena", "Frank", "Grace", "Hiro", "Inés", "Jamal", "Keiko", "Luis")
FAMILY = ("Abara", "Bello", "Castro", "Diaz", "Evans", "Fofana", "Garcia", "Haddad", "Ito", "Jones", "Kim", "Lopez")
STORY = (
    "My son stopped reading aloud in second grade. She gave him a job instead of a warning: one question a day, "
    "written at home, asked in class. In March he read the whole page and nobody laughed. "
) * 3


@dataclass
class World:
    """One installation with its rows; the public ids that the measured pages need."""

    config: Settings
    app: Flask
    files: int
    slug: str = ""
    cycle: str = ""
    round: str = ""
    panel: str = ""
    file: str = ""
    organizer: str = ""  # cookies
    reader: str = ""
    chair: str = ""
    fresh: list[str] = field(default_factory=list)  # the reader's assignments yet to score
    criteria: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)  # nominations that only wait for being sent


def installation(folder: Path, database_url: str = "", workers: int = 1) -> Settings:
    """Settings as in earnest: braked, behind one proxy (so that every request may come from another address)."""
    folder.mkdir(parents=True, exist_ok=True)
    return settings.load(
        data=folder, secret_key=SECRET, database_url=database_url, smtp_host="127.0.0.1", base_url="http://127.0.0.1",
        trusted_proxies=1, web_workers=workers,
    )  # fmt: skip


def build(config: Settings, files: int, drafts: int, seed: int = 1) -> World:
    """Makes everything on an empty database."""
    app = create_app(config)
    world, rng = World(config, app, files), random.Random(seed)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        opens = (now() - timedelta(days=30)).date()
        load.main(["teach-on", "--opens", str(opens), "--cycle", "2027"], standalone_mode=False)
        with transaction():
            _Maker(world, rng).all(drafts)
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ANALYZE"))
        else:
            janitor.look_at_tables(db.engine.url.database or "")
        db.session.remove()
    with app.app_context():
        organizer, reader = (
            db.session.scalar(select(Person.id).where(Person.email == e)) for e in ("sam@x.org", "r0@x.org")
        )
    world.organizer, world.reader = cookie_of(app, organizer or 0), cookie_of(app, reader or 0)
    return world


def draft_cookie(world: World, public_id: str) -> str:
    """The cookie of the browser in which this draft was begun."""
    return str(URLSafeTimedSerializer(world.config.secret_key, salt="own-nominations").dumps({public_id: 0}))


class _Maker:
    """The rows, table by table."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self.world, self.rng = world, rng
        self.program = db.session.scalars(select(Program)).one()
        self.cycle = db.session.scalars(select(Cycle)).one()
        self.round = db.session.scalars(select(Round).order_by(Round.position).limit(1)).one()
        rubric = rubric_in_force(self.round)
        assert rubric is not None
        self.rubric, self.criteria = rubric, list(rubric.criteria)
        self.schools = list(db.session.scalars(select(School).order_by(School.id)))
        self.scope = {"program_id": self.program.id, "cycle_id": self.cycle.id}
        self.relations = {r["group"]: r["key"] for r in reversed(self.program.settings["relations"])}
        self.position = self.program.settings["positions"][0]["key"]

    def all(self, drafts: int) -> None:
        world = self.world
        world.slug, world.cycle, world.round = self.program.slug, self.cycle.public_id, self.round.public_id
        world.criteria = [c.key for c in self.criteria]
        people = self.people()
        files = self.files(world.files + FRESH)
        world.file = files[world.files // 2][1]
        panel = self.panel(people)
        self.voices(files)
        self.reviews(panel, people, [i for i, _public, _name in files], world.files)
        self.drafts(drafts)

    def put(self, model: Any, rows: list[dict[str, Any]]) -> list[int]:
        """Inserts the rows; their numbers in order."""
        made: list[int] = []
        for at in range(0, len(rows), 500):
            statement = insert(model).returning(model.id, sort_by_parameter_order=True)
            made += db.session.scalars(statement, rows[at : at + 500])
        return made

    def people(self) -> list[int]:
        names = [("Sam Staf", "sam@x.org"), *((f"Reader {n}", f"r{n}@x.org") for n in range(READERS))]
        ids = self.put(Person, [{"name": name, "email": address, "locale": "en"} for name, address in names])
        roles = [("organizer" if at == 0 else "reviewer", person) for at, person in enumerate(ids)]
        since = now() - timedelta(days=60)
        self.put(
            Role, [{"person_id": p, "name": r, "program_id": self.program.id, "starts_at": since} for r, p in roles]
        )
        return ids[1:]

    def files(self, count: int) -> list[tuple[int, str, str]]:
        """(number, public id, name) of each file: said yes, found eligible."""
        rows = []
        for at in range(count):
            name = f"{GIVEN[at % 12]} {FAMILY[at // 12 % 12]} {FAMILY[at // 144 % 12]}"
            school = self.schools[at % len(self.schools)]
            rows.append({
                **self.scope, "public_id": tokens.new_public_id(), "name": name, "name_key": person_key(name),
                "school_id": school.id, "school_name": school.name, "school_key": school.key,
                "district_id": school.district_id, "position": "Teacher", "position_key": self.position,
                "email": f"nominee{at}@x.org", "search": fold(f"{name} {school.name}"), "consent": "accepted",
                "asked_at": now(), "answered_at": now(), "screening": "eligible", "screened_at": now(),
            })  # fmt: skip
        ids = self.put(NomineeFile, rows)
        return [(i, row["public_id"], row["name"]) for i, row in zip(ids, rows, strict=True)]

    def voices(self, files: list[tuple[int, str, str]]) -> None:
        self.put(Nomination, [
            {
                **self.scope, "file_id": i, "state": "confirmed", "educator_name": name, "story": STORY,
                "relation": self.relations[group], "relation_group": group, "answers": {"educator": name},
                "nominator_name": "Nora Example", "nominator_email": f"{group}{i}@x.org", "sharing": "yes",
                "submitted_at": now(), "confirmed_at": now(),
            }
            for i, _public, name in files for group in ("student", "family")
        ])  # fmt: skip

    def panel(self, people: list[int]) -> int:
        row = {**self.scope, "round_id": self.round.id, "name": {"en": "Round 1"}, "state": "scoring"}
        panel = self.put(Panel, [{**row, "released_at": now(), "due_at": now() + timedelta(days=9)}])[0]
        self.world.panel = db.session.scalars(select(Panel.public_id)).one()
        at = {"state": "accepted", "confidentiality_agreed_at": now(), "conflicts_declared_at": now()}
        self.put(Seat, [
            {**self.scope, "panel_id": panel, "name": f"Reader {n}", "email": f"r{n}@x.org", "person_id": p, **at}
            for n, p in enumerate(people)
        ])  # fmt: skip
        return panel

    def reviews(self, panel: int, people: list[int], files: list[int], judged: int) -> None:
        """Three reviews a file by readers in turn; those after the first `judged` are given to the first three readers,
        and not scored yet.
        """
        scope = {**self.scope, "round_id": self.round.id, "panel_id": panel}
        given = [
            (f, (EACH * at + k) % READERS, at < judged) for at, f in enumerate(files) for k in range(EACH)
        ]
        given = [(f, reader if done else k % EACH, done) for k, (f, reader, done) in enumerate(given)]
        scored = {"state": "scored", "scored_at": now(), "opened_at": now(), "saved_at": now(), "judged": 1.0}
        fresh = {"state": "released", "scored_at": None, "opened_at": None, "saved_at": None, "judged": 0.0}
        rows: list[dict[str, Any]] = [
            {**scope, "file_id": f, "person_id": people[r], "public_id": tokens.new_public_id(), "released_at": now(),
             **(scored if done else fresh)}
            for f, r, done in given
        ]  # fmt: skip
        ids = self.put(Assignment, rows)
        mine = [row["public_id"] for row in rows if row["person_id"] == people[0] and row["state"] == "released"]
        self.world.fresh = mine
        self.scores(scope, [(i, f, r) for i, (f, r, done) in zip(ids, given, strict=True) if done])

    def scores(self, scope: dict[str, Any], judged: list[tuple[int, int, int]]) -> None:
        worth = {f: self.rng.gauss(2.7, 0.5) for _i, f, _r in judged}
        mild = [self.rng.gauss(0, 0.3) for _ in range(READERS)]
        total = sum(c.weight for c in self.criteria)
        chosen = [
            [min(4, max(1, round(worth[f] + mild[r] + self.rng.gauss(0, 0.6)))) for _c in self.criteria]
            for _i, f, r in judged
        ]
        row = {**scope, "rubric_id": self.rubric.id, "version": 1, "state": "submitted", "judged": 1.0}
        ids = self.put(Review, [
            {**row, "assignment_id": i, "submitted_at": now(), "saved_at": now(),
             "score": sum(c.weight * level for c, level in zip(self.criteria, levels, strict=True)) / total}
            for (i, _f, _r), levels in zip(judged, chosen, strict=True)
        ])  # fmt: skip
        self.put(Score, [
            {"review_id": review, "criterion_id": c.id, "level": level, "evidence": "97 of 118", "saved_at": now()}
            for review, levels in zip(ids, chosen, strict=True) for c, level in zip(self.criteria, levels, strict=True)
        ])  # fmt: skip
        self.rubric.frozen_at = now()

    def drafts(self, count: int) -> None:
        school = self.schools[0]
        answers = {
            "age": "adult", "school": school.name, "school_choice": school.public_id, "position": self.position,
            "relation": self.relations["colleague"], "known_for": "2 years", "tie": "no", "story": STORY.strip(),
            "name": "Nora Example", "sharing": "relation",
        }  # fmt: skip
        rows: list[dict[str, Any]] = [
            {**self.scope, "public_id": tokens.new_public_id(), "state": "draft", "step": "name",
             "created_at": now() - timedelta(minutes=5),
             "answers": {**answers, "educator": f"New {FAMILY[n % 12]} {FAMILY[n // 12 % 12]} {FAMILY[n // 144 % 12]}",
                         "email": f"n{n}@x.org"}}
            for n in range(count)
        ]  # fmt: skip
        self.put(Nomination, rows)
        self.world.drafts = [row["public_id"] for row in rows]
