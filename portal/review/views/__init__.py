"""Pages of the panel for its chair, and of the files for who reads them."""

from portal.review.views import files, invited, panel, plan, queue, seats, sheet
from portal.review.views.blueprint import bp

__all__ = ["files", "invited", "panel", "plan", "queue", "seats", "sheet"]
BLUEPRINTS = (bp,)
