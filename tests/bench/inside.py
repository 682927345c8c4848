"""The same requests inside this process: how many queries a page asks, how large it is, and where its time goes."""

import cProfile
import io
import pstats
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from portal.core.db import db
from tests.bench.actions import Action
from tests.bench.world import World
from tests.endurance.visitor import TOKEN, Answer, Visitor

UNCOUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


class Insider(Visitor):
    """A visitor that asks the application directly."""

    def __init__(self, world: World, cookies: dict[str, str]) -> None:
        super().__init__(0, cookies)
        self.client = world.app.test_client(use_cookies=False)

    def _ask(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**self.headers, **headers, **({"Cookie": cookie} if cookie else {})}
        response = self.client.open(url, method=method, data=body, headers=sent)
        for line in response.headers.getlist("Set-Cookie"):
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        content = response.get_data()
        if found := TOKEN.search(content.decode(errors="replace")):
            self.token = found.group(1)
        return Answer(response.status_code, response.location or "", "", len(content))


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(UNCOUNTED):
            seen.append(statement)

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def counted(world: World, action: Action) -> tuple[int, int]:
    """(queries, bytes of the answer) of one request, after one that warms up."""
    ask = action.make(world, lambda cookies: Insider(world, cookies))
    ask()
    with statements(world) as seen:
        answer = ask()
    if answer.status != action.status:
        raise RuntimeError(f"{action.name} was answered with {answer.status} {answer.location}")
    return len(seen), answer.size


def profile(world: World, action: Action, times: int) -> str:
    """Where the time of a request goes: functions by their own time and by all they call, per request."""
    ask = action.make(world, lambda cookies: Insider(world, cookies))
    for _warm in range(3):
        ask()
    with statements(world) as seen:
        ask()
    profiler = cProfile.Profile(time.process_time)  # not disturbed by whatever else the machine does
    profiler.enable()
    for _time in range(times):
        ask()
    profiler.disable()
    out = io.StringIO()
    out.write(
        f"{action.name}: {len(seen)} queries\n" + "\n".join(f"  {' '.join(s.split())[:160]}" for s in seen) + "\n"
    )
    stats = pstats.Stats(profiler, stream=out)
    stats.sort_stats("cumulative").print_stats("portal|templates|<template>", 30)
    stats.sort_stats("tottime").print_stats(30)
    return out.getvalue()
