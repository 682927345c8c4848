"""Plays what happened in the order of its moments: each act is a verb of the product, done at a pretended time."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from portal.core import jobs
from portal.core.clock import pretend
from portal.core.db import db, sweep, transaction
from portal.core.outbox import Message

TOGETHER = 250  # acts that share one transaction: the demo's making waits for no disk between two visitors


class Act(NamedTuple):
    """Something that happens at a moment; `alone` opens its own transactions (a job, an import)."""

    at: datetime
    order: int
    what: Callable[..., None]
    given: tuple[Any, ...]
    alone: bool


class Stage:
    """The acts that are still to come. An act may put further ones on the stage, later than itself."""

    def __init__(self, ends: datetime, zone: ZoneInfo) -> None:
        self.ends, self.zone = ends, zone
        self._acts: list[Act] = []
        self._order = count()

    def moment(self, day: date, hour: float) -> datetime:
        """An hour of a day on the program's wall, never later than the present."""
        spoken = datetime.combine(day, time(), self.zone) + timedelta(hours=hour)
        return min(spoken.astimezone(UTC), self.ends)

    def at(self, moment: datetime, what: Callable[..., None], *given: Any) -> None:
        """Has this happen then, inside a transaction; what would lie in the future does not happen."""
        if moment <= self.ends:
            heapq.heappush(self._acts, Act(moment, next(self._order), what, given, False))

    def alone(self, moment: datetime, what: Callable[..., None], *given: Any) -> None:
        """Has this happen then, outside a transaction."""
        if moment <= self.ends:
            heapq.heappush(self._acts, Act(moment, next(self._order), what, given, True))

    def play(self) -> int:
        """Everything in order; how many acts there were."""
        played = 0
        while self._acts:
            if self._acts[0].alone:
                act = heapq.heappop(self._acts)
                with pretend(act.at):
                    act.what(*act.given)
                played += 1
                continue
            with transaction():
                for act in self._next_together():
                    with pretend(act.at):
                        act.what(*act.given)
                    played += 1
        return played

    def _next_together(self) -> Iterator[Act]:
        for _each in range(TOGETHER):
            if not self._acts or self._acts[0].alone:
                return
            yield heapq.heappop(self._acts)


@contextmanager
def scene(moment: datetime) -> Iterator[None]:
    """One transaction at a pretended moment."""
    with pretend(moment), transaction():
        yield


def work(*names: str) -> None:
    """Runs the waiting jobs of these names now, as the worker would; outside a transaction."""
    waiting = select(jobs.Job.id).where(jobs.Job.state == "queued", jobs.Job.name.in_(names)).order_by(jobs.Job.id)
    for job_id in list(db.session.scalars(waiting)):
        jobs.run(job_id)


def deliver() -> None:
    """The letters written so far have gone out, each when it was written; inside a transaction.

    Put plainly into the rows: rendering a thousand letters that go nowhere would only make people wait.
    """
    left = update(Message).where(Message.state == "queued")
    sweep(left.values(state="sent", sent_at=Message.created_at, tries=1))
