"""A nominator's way through the form, for tests: begins, fills step after step, sends, opens the letters."""

import re
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.db import db
from portal.nominations.models import Nomination, NomineeFile
from tests.cast import Browser, Cast, letters, links_in

BASE = "/awards/teach-on/nominate"
STORY = "She gave my daughter a job instead of a warning: one question a day, written at home, read in class. " * 3
STEPS: dict[str, dict[str, str]] = {
    "educator": {"educator": "Marisol Rivera", "school": "Cascade Elementary", "position": "teacher",
                 "subject": "4th grade"},
    "you": {"relation": "family_current", "known_for": "2 years", "tie": "no"},
    "story": {"story": STORY.strip()},
    "name": {"name": "Nora Example", "email": "nora@example.org", "sharing": "relation"},
}


class Walker:
    """One nominator in one browser."""

    def __init__(self, cast: Cast, browser: Browser | None = None) -> None:
        self.app: Flask = cast.app
        self.browser = browser or cast.browser()
        self.url = ""

    def begin(self, age: str = "adult", **extra: str) -> "Walker":
        page = self.browser.get(BASE)
        found = re.search(r'name="start"[^>]*value="([^"]+)"', page.get_data(as_text=True))
        assert found, "the first page holds no id for the draft"
        answer = self.browser.post(BASE, {"age": age, "start": found.group(1), **extra})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        self.url = answer.location.rsplit("/", 1)[0]
        return self

    @property
    def public_id(self) -> str:
        return self.url.rsplit("/", 1)[1]

    def get(self, page: str = "", **how: Any) -> TestResponse:
        return self.browser.get(f"{self.url}/{page}" if page else self.url, **how)

    def post(self, page: str, data: dict[str, str] | None = None, **how: Any) -> TestResponse:
        return self.browser.post(f"{self.url}/{page}", data, **how)

    def fill(self, **changes: dict[str, str]) -> "Walker":
        """Every step, one after another; keywords change a step's fields."""
        for step, fields in STEPS.items():
            answer = self.post(step, {**fields, **changes.get(step, {}), "go": "next"})
            assert answer.status_code == 303, f"{step}: {answer.get_data(as_text=True)}"
        return self

    def send(self) -> TestResponse:
        answer = self.post("send")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer

    def row(self) -> Any:
        """The nomination as it stands in the database, with its file's public id."""
        return row(self.app, self.public_id)


def row(app: Flask, public_id: str) -> Any:
    """A nomination's columns as a namespace, with `.file` (the file's columns, or None)."""
    from types import SimpleNamespace

    with app.app_context():
        found = db.session.scalar(select(Nomination).where(Nomination.public_id == public_id))
        assert found is not None
        columns = {c.key: getattr(found, c.key) for c in Nomination.__table__.columns}
        file = found.file
        its = {c.key: getattr(file, c.key) for c in NomineeFile.__table__.columns} if file else None
        return SimpleNamespace(**columns, file=SimpleNamespace(**its) if its else None)


def count(app: Flask, model: type, *conditions: Any) -> int:
    """How many rows fulfill the conditions."""
    with app.app_context():
        return len(list(db.session.scalars(select(model.id).where(*conditions))))  # type: ignore[attr-defined]


def last_letter(app: Flask, template: str) -> Any:
    return letters(app, f"nominations/{template}")[-1]


def link_of(letter: Any, kind: str) -> str:
    """The path of the letter's "confirm" or "open" link."""
    return next(url for url in links_in(letter.text) if url.startswith(f"/nominations/{kind}/"))


def nominate(cast: Cast, **changes: dict[str, str]) -> Walker:
    """A whole nomination, sent."""
    walker = Walker(cast).begin().fill(**changes)
    walker.send()
    return walker


def confirm(cast: Cast, walker: Walker) -> TestResponse:
    """Presses the button behind the newest receipt's link."""
    return walker.browser.post(link_of(last_letter(cast.app, "receipt"), "confirm"))
