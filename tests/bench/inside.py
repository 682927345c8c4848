"""The same requests inside this process: how many queries a page asks, how large it is, and where its time goes."""

import cProfile
import io
import pstats
import time

from tests.bench.actions import Action
from tests.bench.world import World
from tests.endurance.visitor import TOKEN, Answer, Visitor
from tests.statements import statements


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


def counted(world: World, action: Action) -> tuple[int, int]:
    """(queries, bytes of the answer) of one request, after one that warms up."""
    ask = action.make(world, lambda cookies: Insider(world, cookies))
    ask()
    with statements(world.app) as seen:
        answer = ask()
    if answer.status != action.status:
        raise RuntimeError(f"{action.name} was answered with {answer.status} {answer.location}")
    return len(seen), answer.size


def profile(world: World, action: Action, times: int) -> str:
    """Where the time of a request goes: functions by their own time and by all they call, per request."""
    ask = action.make(world, lambda cookies: Insider(world, cookies))
    for _warm in range(3):
        ask()
    with statements(world.app) as seen:
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
