"""Computing a ranking, settling ties, deciding, announcing, and correcting."""

from portal.selection.actions.announcing import announce, draft, edit_text, hold, release_letters
from portal.selection.actions.computing import compute
from portal.selection.actions.correcting import confirm_correction, propose_correction, withdraw_correction
from portal.selection.actions.decisions import confirm, decide_by_hand, propose_at_line, reopen, withdraw
from portal.selection.actions.ranking import ask_for_ranking
from portal.selection.actions.tying import cast_ballot, close_vote, decide_tie, open_vote, tell_voters

__all__ = [
    "announce",
    "ask_for_ranking",
    "cast_ballot",
    "close_vote",
    "compute",
    "confirm",
    "confirm_correction",
    "decide_by_hand",
    "decide_tie",
    "draft",
    "edit_text",
    "hold",
    "open_vote",
    "propose_at_line",
    "propose_correction",
    "release_letters",
    "reopen",
    "tell_voters",
    "withdraw",
    "withdraw_correction",
]
