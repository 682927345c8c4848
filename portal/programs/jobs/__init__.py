"""What the worker does for programs."""

from portal.programs.jobs import schools

__all__ = ["schools"]
