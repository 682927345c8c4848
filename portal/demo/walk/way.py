"""The way and who walks it: the steps in order, each with the figures that it came to."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.core import jobs, outbox
from portal.core.db import db
from portal.core.outbox import Message
from portal.demo.walk.browser import Browser, Unexpected

Figures = dict[str, Any]


@dataclass
class Way:
    """One walk through an installation. `most_yes`: so many nominees say yes at most (None: as it comes)."""

    app: Flask
    export: Path
    slug: str
    cycle_name: str
    organizer: str  # the first organizer's address
    most_yes: int | None = None
    rng: Random = field(default_factory=lambda: Random(3))
    browsers: dict[str, Browser] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)  # addresses of pages met on the way
    readers: dict[str, str] = field(default_factory=dict)  # address -> name
    honored: list[tuple[str, str]] = field(default_factory=list)  # winners: name, address

    def browser(self, who: str) -> Browser:
        """The browser of one person, kept from step to step."""
        return self.browsers.setdefault(who, Browser(self.app))

    def letters(self, template: str, *, to: str = "") -> list["Mailed"]:
        """The letters of this kind (to one address), oldest first, as their readers get them."""
        with self.app.app_context():
            query = select(Message).where(Message.template == template).order_by(Message.id)
            if to:
                query = query.where(Message.to == to)
            return [Mailed(m.to, *_of(outbox.read(m))) for m in db.session.scalars(query)]

    def letter(self, template: str, to: str) -> "Mailed":
        """The newest letter of this kind to an address."""
        found = self.letters(template, to=to)
        if not found:
            raise Unexpected(f"no letter {template} to {to}")
        return found[-1]

    def work(self) -> int:
        """Has the jobs done that wait, as the worker would; how many."""
        with self.app.app_context():
            done = jobs.run_due()
            db.session.remove()
            return done


@dataclass(frozen=True)
class Mailed:
    """A letter in somebody's hands."""

    to: str
    subject: str
    text: str

    def link(self, part: str) -> str:
        """The first link with this in its address."""
        found = re.findall(r"https?://[^\s\"'<>]+", self.text)
        for link in found:
            if part in link:
                return str(link)
        raise Unexpected(f"the letter “{self.subject}” has no link with {part!r}")


def _of(rendered: outbox.Rendered) -> tuple[str, str]:
    return rendered.subject, rendered.text


@dataclass(frozen=True)
class Step:
    """A step of the way: what it is called, what it does, and how its figures are told."""

    name: str
    take: Callable[[Way], Figures]
    tell: str  # "{entered} entered, {refused} refused"


def walk(way: Way, steps: list[Step]) -> Iterator[tuple[Step, Figures, str]]:
    """Takes the steps one after the other; each with its figures and the sentence that tells them."""
    for step in steps:
        figures = step.take(way)
        yield step, figures, step.tell.format(**figures)
