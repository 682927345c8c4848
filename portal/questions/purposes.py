"""Which forms there are: the package that asks names its form here, with what the product must know of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.questions.shape import Question


@dataclass(frozen=True)
class Purpose:
    """One form: its groups of questions (the steps), the product's own questions, and what only its package knows."""

    key: str
    name: Any
    groups: Mapping[str, Any]
    plain: Callable[[Any], tuple[Question, ...]]  # of a program: the questions as the product words them
    # Conditions for the database, which answers them with whatever else it is asked (alone: `queries.holds`).
    is_open: Callable[[int], Any]  # of a program, by its number: whether people fill it in now
    answered: Callable[[int, str], Any]  # (the program's number, key): whether the question has answers
    keep: Callable[[Any, Question], None]  # (program, wanted): what its settings hold of a fixed one
    preview: str  # the endpoint of a step as people see it: (slug, group)
    fixed: tuple[Question, ...] = ()  # the product's own questions, before any program has its say
    # Words of a fixed question that a program's file tells in [nominations]: {"story": {"label": "story_question"}}.
    homes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


_PURPOSES: dict[str, Purpose] = {}


def offer(purpose: Purpose) -> Purpose:
    """Makes the form known; returns it."""
    _PURPOSES[purpose.key] = purpose
    return purpose


def every() -> list[Purpose]:
    """All forms."""
    return list(_PURPOSES.values())


def purpose_of(key: str) -> Purpose | None:
    """The form of that key."""
    return _PURPOSES.get(key)
