"""A to-do, its order, and addresses that exist."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, url_for

LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Todo:
    """One thing to do, with one button. Sorted by `rank`, then by when it is due."""

    title: str
    url: str
    action: str
    text: str = ""
    rank: int = 50
    due: datetime | None = None
    post: bool = False
    primary: bool = False


def known(endpoint: str, **values: object) -> str:
    """The address of an endpoint, or "" while no package offers it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""  # type: ignore[arg-type]


def in_order(todos: list[Todo]) -> list[Todo]:
    """By rank; among equals what is due first. A to-do whose page does not exist is left out."""
    return sorted((t for t in todos if t.url), key=lambda t: (t.rank, t.due or LATEST))
