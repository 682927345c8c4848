"""Every change to a program: load its file, publish a cycle, move a window."""

from portal.programs.actions.cycles import move_window, publish_cycle, touch
from portal.programs.actions.load import load_definition
from portal.programs.actions.report import LoadReport

__all__ = ["LoadReport", "load_definition", "move_window", "publish_cycle", "touch"]
