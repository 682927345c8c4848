"""What there is to see of results, votes, decisions and the announcement, for whoever asks."""

from portal.selection.queries.addressed import count_letters, to_nominators, to_nominees
from portal.selection.queries.decided import (
    announcement,
    counts,
    decisions,
    held_letters,
    is_letter_of,
    open_corrections,
    proposers,
    public_winners,
    undecided,
)
from portal.selection.queries.results import (
    Board,
    Row,
    board,
    files_in_running,
    latest_run,
    line_of,
    newest_runs,
    room,
    room_of,
)
from portal.selection.queries.voting import booth

__all__ = [
    "Board",
    "Row",
    "announcement",
    "board",
    "booth",
    "count_letters",
    "counts",
    "decisions",
    "files_in_running",
    "held_letters",
    "is_letter_of",
    "latest_run",
    "line_of",
    "newest_runs",
    "open_corrections",
    "proposers",
    "public_winners",
    "room",
    "room_of",
    "to_nominators",
    "to_nominees",
    "undecided",
]
