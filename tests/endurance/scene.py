"""What the server is killed on: a program that takes nominations, and readers with files to score."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from portal.accounts.models import SignedIn
from portal.app import create_app
from portal.core import settings, tokens
from portal.core.clock import now
from portal.core.db import Base, db, transaction
from portal.core.settings import Settings
from tests.cast import Cast
from tests.review.stage import Stage

SECRET = "endurance-secret-key-of-enough-length-0123456789"
READERS = ("priya", "paul", "pia")
FILES = 6  # that every reader scores, over and over


@dataclass
class Scene:
    """The installation, the application to look at its database with, and the readers' cookies and assignments."""

    config: Settings
    app: Flask
    slug: str
    cookies: dict[str, dict[str, str]]
    assignments: dict[str, list[str]]


def installation(folder: Path, database_url: str = "", **more: Any) -> Settings:
    """Settings of a server with two web processes; as the demo, it sends no mail and does not brake its visitors."""
    base: dict[str, Any] = {"secret_key": SECRET, "demo": True, "web_workers": 2, "web_threads": 4}
    return settings.load(data=folder, **{**base, "database_url": database_url, **more})


def prepare(config: Settings) -> Scene:
    """Makes the tables and everybody needed, on an empty database."""
    app = create_app(config)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    cast = Cast(app)
    stage = Stage(cast)
    files = [stage.file(f"Reader File {number}", groups=("student", "family")) for number in range(FILES)]
    stage.make_panel(*READERS)
    assignments = {name: [stage.assign(name, file) for file in files] for name in READERS}
    cookies = {name: {"laurel": cookie_of(app, cast.person(name))} for name in READERS}
    return Scene(config, app, cast.slug, cookies, assignments)


def cookie_of(app: Flask, person_id: int) -> str:
    """Signs somebody in without a mail; the value of the browser's cookie."""
    secret = tokens.new_secret()
    with app.app_context(), transaction() as s:
        s.add(SignedIn(person_id=person_id, cookie_hash=tokens.digest(secret), expires_at=now() + timedelta(days=30)))
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps({"_user_id": secret, "_fresh": True, "_permanent": True}))
