"""Computing a ranking, settling ties, deciding, and announcing."""

from portal.selection.actions.announcing import announce, correct, draft, edit_text, hold, release_letters
from portal.selection.actions.decisions import confirm, decide_by_hand, propose_at_line, reopen, withdraw
from portal.selection.actions.ranking import ask_for_ranking, compute
from portal.selection.actions.tying import decide_tie, vote

__all__ = [
    "announce",
    "ask_for_ranking",
    "compute",
    "confirm",
    "correct",
    "decide_by_hand",
    "decide_tie",
    "draft",
    "edit_text",
    "hold",
    "propose_at_line",
    "release_letters",
    "reopen",
    "vote",
    "withdraw",
]
