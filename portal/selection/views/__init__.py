"""The results board, votes, decisions, the announcement, corrections and the public winners."""

from portal.selection.views import announcing, blueprint, board, correcting, deciding, public, voting

BLUEPRINTS = (blueprint.bp, public.bp)

__all__ = ["BLUEPRINTS", "announcing", "board", "correcting", "deciding", "voting"]
