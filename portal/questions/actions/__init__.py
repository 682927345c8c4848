"""Every change to a form: a question added, worded anew, moved, taken out; a whole form brought by a program's file."""

from portal.questions.actions.bring import Brought, bring
from portal.questions.actions.edit import add, change, follow, move, order, remove, restore
from portal.questions.actions.files import MOST_UPLOADS, forget_files, keep_file

__all__ = [
    "MOST_UPLOADS",
    "Brought",
    "add",
    "bring",
    "change",
    "follow",
    "forget_files",
    "keep_file",
    "move",
    "order",
    "remove",
    "restore",
]
