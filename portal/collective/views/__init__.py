"""The pages of the Collective, by who reads them."""

from portal.collective.views import invited, members, organizer
from portal.collective.views.blueprint import bp

__all__ = ["BLUEPRINTS", "invited", "members", "organizer"]

BLUEPRINTS = (bp,)
