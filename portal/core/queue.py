"""The job library behind `core.jobs`: a queue file (SQLite) that wakes the worker; the rows stay the truth."""

import logging
from typing import Any

from flask import Flask

from portal.core import jobs
from portal.core.db import db

log = logging.getLogger("portal.queue")


def init_app(app: Flask) -> None:
    """Lets `jobs.later` wake the worker after the commit. In tests nothing is enqueued: they run jobs by hand."""
    config = app.config["PORTAL"]
    if config.testing:
        return
    huey = make(app)
    app.extensions["portal.huey"] = huey

    def enqueue(job_id: int) -> None:
        try:
            app.extensions["portal.run"](job_id)
        except Exception:
            # The row is safe; the worker's sweep finds it within a minute.
            log.warning("the queue could not be reached for job %s", job_id, exc_info=True)

    app.extensions["portal.enqueue"] = enqueue


def make(app: Flask) -> Any:
    """The huey instance of this installation, with its two tasks: run a job, and the once-a-minute round."""
    from huey import SqliteHuey, crontab

    config = app.config["PORTAL"]
    config.data.mkdir(parents=True, exist_ok=True)
    huey = SqliteHuey("laurel", filename=str(config.data / "queue.sqlite3"), results=False, utc=True)

    @huey.task()
    def run(job_id: int) -> None:
        with app.app_context():
            jobs.run(job_id)

    @huey.periodic_task(crontab(minute="*"))
    def tick() -> None:
        with app.app_context():
            for job_id in jobs.sweep():
                jobs.run(job_id)

    app.extensions["portal.run"] = run
    return huey


def work(app: Flask) -> None:
    """Runs the one worker until it is told to stop (INT or TERM)."""
    from portal.core import janitor

    with app.app_context():
        for job_id in jobs.sweep():  # what a killed worker left
            jobs.run(job_id)
        if app.config["PORTAL"].is_sqlite:
            janitor.start(db.engine.url.database or "")
    consumer = app.extensions["portal.huey"].create_consumer(
        workers=1, worker_type="thread", initial_delay=0.05, max_delay=0.5, backoff=1.3, check_worker_health=True
    )
    consumer.run()
