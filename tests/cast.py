"""The same few people in every test: Nora nominates, Tariq is nominated, Priya reviews, Chen chairs, Sam is staff,
Wanda won last year, Vera is a stranger. Plus the smallest program they can live in, and a browser's ways.

Objects of the database are not handed around: tests hold ids, and open their own context to look.
"""

import re
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.models import Person, Role, SignedIn
from portal.core import tokens
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.names import school_key
from portal.programs.models import Criterion, Cycle, District, Program, Round, Rubric, School, Window

EMAILS = {
    n: f"{n}@example.org"
    for n in ("nora", "tariq", "priya", "paul", "pia", "chen", "sam", "sofia", "wanda", "vera", "ada")
}
ROLES = {
    "priya": "reviewer",
    "paul": "reviewer",
    "pia": "reviewer",
    "chen": "chair",
    "sam": "organizer",
    "sofia": "organizer",
    "wanda": "member",
    "ada": "auditor",
}
LEVELS = [
    {"en": n, "es": e}
    for n, e in (
        ("Limited", "Limitado"),
        ("Emerging", "Incipiente"),
        ("Strong", "Sólido"),
        ("Exceptional", "Excepcional"),
    )
]
CRITERIA = (
    ("learning", "Student learning", 25, True),
    ("belonging", "Student confidence and belonging", 20, True),
    ("others", "Working with others", 20, False),
    ("craft", "Teaching or leading craft", 15, False),
    ("lifting", "Lifting the profession", 10, False),
)
RELATIONS = [
    ("current_student", "student"),
    ("former_student", "student"),
    ("family_current", "family"),
    ("colleague_school", "colleague"),
    ("colleague_elsewhere", "colleague"),
    ("leader", "leader"),
    ("partner", "community"),
    ("self", "self"),
    ("family_member", "family"),
]


def both(text: str) -> dict[str, str]:
    """A public text in two languages (Spanish marked, so that a test can tell which was shown)."""
    return {"en": text, "es": f"ES {text}"}


class Cast:
    """Makes the program, two districts, four schools, one open cycle with one round, and nobody yet."""

    def __init__(self, app: Flask, slug: str = "teach-on") -> None:
        self.app = app
        with app.app_context(), transaction() as s:
            program = Program(
                slug=slug,
                name=both("The Teach On Project"),
                tagline=both("Metro Atlanta, since 2006"),
                time_zone="America/New_York",
                contact="hello@example.org",
                texts={},
                settings=program_settings(),
                colors={"accent": "#1f4a36"},
            )
            s.add(program)
            s.flush()
            self.program_id, self.slug = program.id, program.slug
            self.school_ids: dict[str, int] = {}
            for key, name, schools in (
                ("aps", "Atlanta Public Schools", ("Cascade Elementary", "Maynard High School")),
                ("cobb", "Cobb County", ("Old Mill High School", "Powder Mill Middle School")),
            ):
                district = District(program_id=program.id, key=key, name=name, aliases=[key])
                s.add(district)
                s.flush()
                for school_name in schools:
                    school = School(
                        program_id=program.id, district_id=district.id, name=school_name, key=school_key(school_name)
                    )
                    s.add(school)
                    s.flush()
                    self.school_ids[school_name] = school.id
            self._add_cycle(s, program)
        self.people: dict[str, int] = {}

    def _add_cycle(self, s: Any, program: Program) -> None:
        moment = now()
        cycle = Cycle(
            program_id=program.id,
            name=str(moment.year + 1),
            opening_day=(moment - timedelta(days=30)).date(),
            state="published",
            places=2,
        )
        s.add(cycle)
        s.flush()
        first = Round(
            program_id=program.id,
            cycle_id=cycle.id,
            position=1,
            key="application",
            kind="application",
            name=both("Round 1, applications"),
            text=both("The panel reads."),
            readers=3,
            max_load=12,
        )
        s.add(first)
        s.flush()
        rubric = Rubric(program_id=program.id, round_id=first.id, version=1, levels=LEVELS)
        s.add(rubric)
        s.flush()
        for i, (key, name, weight, student) in enumerate(CRITERIA, 1):
            s.add(
                Criterion(
                    rubric_id=rubric.id,
                    position=i,
                    key=key,
                    name=both(name),
                    weight=weight,
                    breaks_ties=student,
                    descriptors=[both(f"{name}: {level['en']}") for level in LEVELS],
                )
            )
        for key, opens, closes, round_id in (("nominations", -30, 30, None), ("application", 31, 60, first.id)):
            s.add(
                Window(
                    cycle_id=cycle.id,
                    round_id=round_id,
                    key=key,
                    name=both(key.title()),
                    text=both("What happens."),
                    opens_at=moment + timedelta(days=opens),
                    closes_at=moment + timedelta(days=closes),
                )
            )
        self.cycle_id, self.cycle, self.round_id, self.round, self.rubric_id = (
            cycle.id,
            cycle.public_id,
            first.id,
            first.public_id,
            rubric.id,
        )

    def person(self, name: str, **scope: Any) -> int:
        """Adds one of the cast with their role (once); the person's id. Keywords narrow the role's scope."""
        if name not in self.people:
            with self.app.app_context(), transaction() as s:
                person = Person(name=f"{name.title()} Example", email=EMAILS.get(name, f"{name}@example.org"))
                s.add(person)
                s.flush()
                if name in ROLES:
                    s.add(
                        Role(
                            person_id=person.id,
                            name=ROLES[name],
                            program_id=self.program_id,
                            **scope,
                            starts_at=now() - timedelta(days=400),
                        )
                    )
                self.people[name] = person.id
        return self.people[name]

    def grant(self, name: str, role: str, **scope: Any) -> None:
        """Gives one more role."""
        person_id = self.person(name)
        with self.app.app_context(), transaction() as s:
            s.add(
                Role(
                    person_id=person_id,
                    name=role,
                    program_id=self.program_id,
                    **scope,
                    starts_at=now() - timedelta(days=1),
                )
            )

    def browser(self, name: str | None = None) -> "Browser":
        """A browser signed in as one of the cast (adding them if need be), or as nobody."""
        client = self.app.test_client()
        if name:
            sign_in(self.app, client, self.person(name))
        return Browser(client)


def program_settings() -> dict[str, Any]:
    """Settings of the kind that a program's TOML holds, cut short (same shape as `definition` gives)."""
    return {
        "positions": [
            {"key": "teacher", "name": both("Teacher")},
            {"key": "assistant_principal", "name": both("Assistant principal")},
            {"key": "principal", "name": both("Principal")},
        ],
        "relations": [
            {"key": key, "group": group, "name": both(key.replace("_", " ").capitalize())} for key, group in RELATIONS
        ],
        "nomination": {"story_words": [40, 250], "self_needs_seconders": 1, "family_alone_qualifies": False},
    }


def sign_in(app: Flask, client: FlaskClient, person_id: int) -> None:
    """Signs the client in without a mail: a sign-in row and its cookie."""
    cookie = tokens.new_secret()
    with app.app_context(), transaction() as s:
        s.add(SignedIn(person_id=person_id, cookie_hash=tokens.digest(cookie), expires_at=now() + timedelta(days=30)))
    with client.session_transaction() as session:
        session["_user_id"] = cookie
        session["_fresh"] = True


class Browser:
    """A test client that carries the CSRF token as a page's form would, and asks as htmx on demand."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, url: str, *, hx: bool = False, **kwargs: Any) -> TestResponse:
        return self.client.get(url, headers={"HX-Request": "true"} if hx else {}, **kwargs)

    def token(self) -> str:
        """A CSRF token of this browser's own, taken from a page that has a form."""
        answer = self.client.get("/sign-in")
        if answer.status_code == 303:  # signed in: their own page has one
            answer = self.client.get("/account")
        page = answer.get_data(as_text=True)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found, "the sign-in page has no CSRF token"
        return found.group(1)

    def post(
        self, url: str, data: dict[str, Any] | None = None, *, hx: bool = False, follow: bool = False
    ) -> TestResponse:
        """Posts a form with a valid token; `follow` goes on to the page it leads to."""
        headers = {"HX-Request": "true"} if hx else {}
        return self.client.post(
            url, data={"csrf_token": self.token(), **(data or {})}, headers=headers, follow_redirects=follow
        )


def text_of(response: TestResponse) -> str:
    """The page's words without tags, spaces folded."""
    import html

    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.get_data(as_text=True), flags=re.S).replace("<wbr>", "")
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def letters(app: Flask, template: str | None = None) -> list[Any]:
    """The letters in the outbox (of one template), oldest first, with `.subject`, `.text`, `.html`, `.to`, `.state`."""
    from types import SimpleNamespace

    from sqlalchemy import select

    from portal.core import outbox

    with app.app_context():
        query = select(outbox.Message).order_by(outbox.Message.id)
        if template:
            query = query.where(outbox.Message.template == template)
        found = []
        for m in db.session.scalars(query):
            r = outbox.read(m)
            found.append(
                SimpleNamespace(
                    subject=r.subject, text=r.text, html=r.html, to=m.to, state=m.state, template=m.template
                )
            )
        return found


def links_in(text: str) -> list[str]:
    """The paths of the addresses in a letter, in order."""
    return re.findall(r"https?://[^/\s\"'<>]+(/[^\s\"'<>]*)", text)


def run_jobs(app: Flask) -> int:
    """Runs what is due now; how many jobs."""
    from portal.core import jobs

    with app.app_context():
        return jobs.run_due()
