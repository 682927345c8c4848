"""Forms for tests: questions of one's own beside the product's, and a nominator who answers them."""

import io
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import db, transaction
from portal.nominations.asking import PURPOSE, form_for
from portal.programs.models import Program
from portal.questions import actions
from portal.questions.shape import Asked, Option, Question
from tests.cast import Browser, Cast, both

COLORS = (Option("red", both("Red")), Option("blue", both("Blue")), Option("green", both("Green")))


def picture(kind: str = "JPEG", **how: Any) -> bytes:
    """A small picture with a comment and a place in it."""
    from PIL import Image

    image, out = Image.new("RGB", (40, 30), "green"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Secret place"
    image.save(out, kind, **{"exif": exif.tobytes() if kind == "JPEG" else None, **how})
    return out.getvalue()


def asked(kind: str, group: str = "story", label: str = "", **how: Any) -> Question:
    """A question of one's own."""
    if kind in ("choice", "choices"):
        how.setdefault("options", COLORS)
    return Question("", group, kind, both(label or f"My {kind}"), **how)


def program(app: Flask, cast: Cast) -> Any:
    return db.session.get_one(Program, cast.program_id)


def sam(cast: Cast) -> Any:
    return db.session.get_one(Person, cast.person("sam"))


def add(cast: Cast, *questions: Question) -> list[str]:
    """Sam adds these questions; their keys."""
    person_id, keys = cast.person("sam"), []
    for question in questions:
        with cast.app.app_context(), transaction() as s:
            by, its = s.get_one(Person, person_id), s.get_one(Program, cast.program_id)
            keys.append(actions.add(by, its, PURPOSE, question))
    return keys


def act(cast: Cast, verb: Any, *given: Any, **how: Any) -> Any:
    """Sam does something else to the form."""
    person_id = cast.person("sam")
    with cast.app.app_context(), transaction() as s:
        return verb(s.get_one(Person, person_id), s.get_one(Program, cast.program_id), PURPOSE, *given, **how)


def form(cast: Cast) -> Asked:
    """The form as it stands."""
    with cast.app.app_context():
        return form_for(db.session.scalars(select(Program).where(Program.id == cast.program_id)).one())


def upload(browser: Browser, url: str, key: str, content: bytes, name: str, **fields: str) -> Any:
    """Posts a step with a file in it."""
    data = {"csrf_token": browser.token(), "go": "upload", **fields, key: (io.BytesIO(content), name)}
    return browser.client.post(url, data=data, content_type="multipart/form-data")
