"""The results board, the decisions, the announcement and the public winners."""

from portal.selection.views import announcing, board, deciding, public

BLUEPRINTS = (board.bp, public.bp)

__all__ = ["BLUEPRINTS", "announcing", "deciding"]
