"""Who may do what: predicates that read like sentences, composed into named permissions, answered with a reason. Pure.

A feature's `rules.py` declares::

    @predicate(_l("You are not assigned to this file."))
    def is_assigned(person, assignment): ...

    SCORE = permission("review.score", is_assigned & has_not_recused & scoring_is_open)

Views, actions and templates ask by the same name: `may(person, "review.score", assignment)`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.core.errors import Refused

Reason = Any  # a str or a lazily translated string


@dataclass(frozen=True)
class Answer:
    """Yes, or no with its reason. Truth value: allowed or not."""

    allowed: bool
    reason: Reason = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Answer(True)


class Rule:
    """One condition on a person and a thing; `&` and `|` compose. Asking returns an `Answer`."""

    def __init__(self, name: str, ask: Callable[[Any, Any], Answer]) -> None:
        self.name = name
        self._ask = ask

    def __call__(self, person: Any, thing: Any = None) -> Answer:
        return self._ask(person, thing)

    def __and__(self, other: "Rule") -> "Rule":
        return Rule(f"({self.name} & {other.name})", lambda p, t: self(p, t) and other(p, t))

    def __or__(self, other: "Rule") -> "Rule":
        def ask(person: Any, thing: Any) -> Answer:
            mine = self(person, thing)
            # The first refusal is the one worth telling: alternatives are written most usual first.
            return mine if mine else (YES if other(person, thing) else mine)

        return Rule(f"({self.name} | {other.name})", ask)

    def but(self, reason: Reason) -> "Rule":
        """The same condition, refused in other words."""
        return Rule(self.name, lambda p, t: YES if self(p, t) else Answer(False, reason))


def predicate(reason: Reason) -> Callable[[Callable[[Any, Any], bool]], Rule]:
    """Makes a function `(person, thing) -> bool` a rule that is refused with this sentence. Person may be None."""

    def wrap(function: Callable[[Any, Any], bool]) -> Rule:
        return Rule(function.__name__, lambda p, t: YES if function(p, t) else Answer(False, reason))

    return wrap


anyone = Rule("anyone", lambda _person, _thing: YES)

PERMISSIONS: dict[str, Rule] = {}


def permission(name: str, rule: Rule) -> str:
    """Declares a permission once; the name is "package.verb". Returns the name."""
    if name in PERMISSIONS:
        raise ValueError(f"permission {name!r} is declared twice")
    PERMISSIONS[name] = rule
    return name


def may(person: Any, name: str, thing: Any = None) -> Answer:
    """Asks a declared permission; an unknown name is a programming error (KeyError), never a yes."""
    return PERMISSIONS[name](person, thing)


def demand(person: Any, name: str, thing: Any = None) -> None:
    """Raises `Refused` with the reason unless the person may."""
    answer = may(person, name, thing)
    if not answer:
        raise Refused(answer.reason)
