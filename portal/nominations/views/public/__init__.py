"""The public pages of nominating: beginning, the steps, and what the nominator sees of what was sent."""

from portal.nominations.views.public import begin, filing, second, sent, steps
from portal.nominations.views.public.base import bp

__all__ = ["begin", "bp", "filing", "second", "sent", "steps"]
