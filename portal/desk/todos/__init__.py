"""What needs somebody now: a function for each role reads the models and gives to-dos.

Ranks: 5 to 9 other people wait for this person; 10 to 19 a decision is due; 20 to 29 work that keeps the cycle going;
30 and more can wait.
"""

from portal.desk.todos.base import Todo, in_order
from portal.desk.todos.collective import member_todos, organizer_numbers_todos
from portal.desk.todos.judging import leading_todos, reading_todos
from portal.desk.todos.nominations import organizer_todos, quiet_todo

__all__ = [
    "Todo",
    "in_order",
    "leading_todos",
    "member_todos",
    "organizer_numbers_todos",
    "organizer_todos",
    "quiet_todo",
    "reading_todos",
]
