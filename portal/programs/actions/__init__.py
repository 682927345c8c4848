"""Every change to a program: load its file, change a part of it, publish a cycle, move a window."""

from portal.programs.actions.cycles import change_program, move_window, publish_cycle, touch
from portal.programs.actions.letters import send_test
from portal.programs.actions.load import change_year, load_definition
from portal.programs.actions.looks import set_logo
from portal.programs.actions.report import LoadReport
from portal.programs.actions.years import copy_year, found_program

__all__ = [
    "LoadReport",
    "change_program",
    "change_year",
    "copy_year",
    "found_program",
    "load_definition",
    "move_window",
    "publish_cycle",
    "send_test",
    "set_logo",
    "touch",
]
