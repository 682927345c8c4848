"""Work for later: a row remembers it, the job library moves it, a sweep picks up what a killed worker left.

`@job("feature.verb")` registers a function of JSON-able arguments, safe to run twice; `later("feature.verb", ...)`
asks for it inside a transaction; `every(...)` claims one row a period, so that periodic work runs once however many
workers there are.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import Index, String, Text, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.clock import now
from portal.core.db import Base, after_commit, before_commit, breathe, db, pending, transaction
from portal.core.once import insert_all_once, insert_once

log = logging.getLogger("portal.jobs")
REGISTRY: dict[str, Callable[..., None]] = {}
PERIODIC: dict[str, timedelta] = {}
ABANDONED = timedelta(minutes=15)  # a job still "running" after this was left by a killed worker
MAX_TRIES = 5


class Job(Base):
    """One piece of work: queued, running, done, failed."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    args: Mapped[list[Any]]
    key: Mapped[str | None] = mapped_column(String(200), unique=True)  # held while queued; cleared when it starts
    state: Mapped[str] = mapped_column(String(16), default="queued")
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")


class JobPeriod(Base):
    """A claimed period of periodic work."""

    __tablename__ = "job_periods"
    __table_args__ = (UniqueConstraint("claim"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim: Mapped[str] = mapped_column(String(120))


def job(name: str, *, every: timedelta | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Registers a job; with `every` it also runs once a period, claimed by a row."""

    def wrap(function: Callable[..., None]) -> Callable[..., None]:
        REGISTRY[name] = function
        if every:
            PERIODIC[name] = every
        return function

    return wrap


def later(
    name: str, *args: Any, key: str | None = None, at: datetime | None = None, since_the_last: bool = False
) -> None:
    """Asks for a job in the open transaction; runs after the commit. A queued key is not asked twice.

    `since_the_last`: one that is queued waits until `at`, too, so that it runs once nobody has asked for a while.

    What a transaction asks for is written together at its end: whoever asks for the same key waits for the shortest
    time, and the chain of the record, which everybody waits for, is still locked after it.
    """
    if name not in REGISTRY:
        raise KeyError(f"no job is named {name!r}")
    asked = pending("jobs")
    if key is None or key not in {row["key"] for row in asked}:
        moment = now()
        row = {"name": name, "args": list(args), "key": key, "due_at": at or moment, "created_at": moment}
        asked.append({**row, "state": "queued"})
    if since_the_last:
        pending("put off").append(key)
    before_commit(_write_pending, first=True)


def _write_pending(_session: Session) -> None:
    """Writes what was asked for, in one order for everybody: two who ask for the same keys never wait for each other
    in a circle.
    """
    rows = sorted(pending("jobs"), key=lambda row: row["key"] or "")
    moment = now()
    numbers = insert_all_once(Job, ["key"], [row for row in rows if row["due_at"] <= moment])
    waiting, put_off = [row for row in rows if row["due_at"] > moment], pending("put off")
    insert_all_once(Job, ["key"], [row for row in waiting if row["key"] not in put_off])
    insert_all_once(Job, ["key"], [row for row in waiting if row["key"] in put_off], anew=("due_at",))
    if enqueue := current_app.extensions.get("portal.enqueue"):
        for number in numbers:
            after_commit(partial(enqueue, number))


def backoff(tries: int) -> datetime:
    """When to try again: 1, 4, 9, 16 minutes."""
    return now() + timedelta(minutes=tries * tries)


def run(job_id: int) -> bool:
    """Claims and runs one job; False when somebody else has it or it is not due. Errors are kept, and tried again."""
    with transaction() as session:
        claimed = session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == "queued", Job.due_at <= now())
            .values(state="running", started_at=now(), tries=Job.tries + 1, key=None)
            .returning(Job.name, Job.args, Job.tries)
        ).one_or_none()
    if claimed is None:
        return False
    name, args, tries = claimed
    try:
        REGISTRY[name](*args)
    except Exception as error:
        log.exception("job %s failed", name)
        if current_app.config["PORTAL"].testing:
            raise
        again = tries < MAX_TRIES
        _finish(
            job_id,
            state="queued" if again else "failed",
            problem=repr(error)[:2000],
            **({"due_at": backoff(tries)} if again else {}),
        )
        return True
    finally:
        db.session.rollback()
    _finish(job_id, state="done", done_at=now(), problem="")
    return True


def _finish(job_id: int, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(**values))


def due(limit: int = 100) -> list[int]:
    """The numbers of the jobs that wait and are due, oldest first."""
    query = select(Job.id).where(Job.state == "queued", Job.due_at <= now()).order_by(Job.due_at, Job.id).limit(limit)
    return list(db.session.scalars(query))


def run_due() -> int:
    """Runs everything that is due, here and now; how many jobs ran. For tests, commands and the worker's sweep."""
    count = 0
    while waiting := due():
        ran = sum(run(job_id) for job_id in waiting)
        count += ran
        if not ran:
            break
    return count


def one_by_one(some: Callable[[int], Sequence[Any]], act: Callable[[Any], object]) -> None:
    """Does the act to all things, each in a transaction of its own. `some(after)` gives the next of them, those with a
    higher `id` than that, by `id`; nothing at the end.

    One that fails holds up none of those behind it: when they are done, its error is raised, and so kept with the job.
    """
    last, failed = 0, []
    while things := some(last):
        last = things[-1].id
        for thing in things:
            try:
                with transaction():
                    act(thing)
            except Exception as error:
                log.exception("one of many failed")
                failed.append(error)
        db.session.expunge_all()  # what is done is not needed again
        breathe()
    if failed:
        raise failed[0]


def sweep() -> list[int]:
    """Puts abandoned jobs back, claims this moment's periods, returns what is due: the worker's round each minute."""
    moment = now()
    with transaction() as session:
        left = or_(Job.started_at.is_(None), Job.started_at < moment - ABANDONED)
        session.execute(update(Job).where(Job.state == "running", left).values(state="queued"))
        for name, length in sorted(PERIODIC.items()):
            period = int(moment.astimezone(UTC).timestamp() // length.total_seconds())
            if insert_once(JobPeriod, ["claim"], claim=f"{name}:{period}") is not None:
                later(name, key=f"periodic:{name}")
    return due()
