"""A to-do, its order, and addresses that exist."""

from dataclasses import dataclass
from datetime import UTC, datetime

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


def in_order(todos: list[Todo]) -> list[Todo]:
    """By rank; among equals what is due first. A to-do whose page does not exist is left out."""
    return sorted((t for t in todos if t.url), key=lambda t: (t.rank, t.due or LATEST))
