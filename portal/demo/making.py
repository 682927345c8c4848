"""Makes the demo's database: two years of an award, lived through the real actions at pretended moments, in seconds."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select, update

from portal.core import audit
from portal.core.clock import now, pretend
from portal.core.db import db, transaction
from portal.core.jobs import Job
from portal.demo.acts import founding
from portal.demo.acts.last_year import LastYear
from portal.demo.acts.returning import come_back
from portal.demo.acts.this_year import ThisYear
from portal.demo.awkward import STUFFING
from portal.demo.stage import deliver, scene
from portal.demo.world import World, new_world
from portal.nominations.actions import fairplay
from portal.nominations.models import Nomination

MARKER = "demo-complete"
Tell = Callable[[str], None]


def is_complete(data: Path) -> bool:
    """Whether a demo was made here to its end."""
    return (data / MARKER).is_file()


def make(app: Flask, tell: Tell = lambda _line: None) -> None:
    """Makes everything in an empty, migrated database, and the marker last. Raises when the record does not verify."""
    # Jobs are run here, at their pretended moments; the worker that is started later finds none of them.
    enqueue = app.extensions.pop("portal.enqueue", None)
    try:
        with app.app_context(), force_locale("en"):
            live(new_world(), tell)
            count, findings = audit.verify()
            if findings:
                raise RuntimeError(f"the demo's record does not verify: {findings[:3]}")
            tell(f"The record holds {count:,} entries and verifies.")
            db.session.remove()
    finally:
        if enqueue is not None:
            app.extensions["portal.enqueue"] = enqueue
    (app.config["PORTAL"].data / MARKER).write_text("The demo in this folder is complete.\n")


def live(world: World, tell: Tell) -> None:
    """Last year, then this year so far."""
    tell("Last year: nominations, a panel, winners, a convening …")
    with scene(world.last(-25)):
        founding.found(world)
    with scene(world.last(-20)):
        LastYear(world).put_on_stage()
    world.stage.play()
    tell("This year: nominations in two languages, nominees who answer, a panel that reads …")
    with scene(world.this(-25)):
        founding.this_year(world)
    with pretend(world.this(-24)):
        ThisYear(world).put_on_stage()
    world.stage.play()
    settle(world)


def settle(world: World) -> None:
    """What the worker would have done meanwhile: the letters are out (two came back), fair play has looked, no job is
    left.

    The demo's stories are made of the same sentences, which people's are not: only the stuffed ones are compared.
    """
    stuffed = Nomination.nominator_email.endswith("@" + STUFFING)
    with transaction() as session:
        session.execute(update(Nomination).where(~stuffed).values(looked_at=now()))
        fairplay.look(list(session.scalars(select(Nomination.id).where(stuffed))))
        deliver()
        come_back(world)
        session.execute(update(Job).where(Job.state == "queued").values(state="done", done_at=Job.due_at, key=None))
