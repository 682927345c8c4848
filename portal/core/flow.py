"""States and verbs as data: which verb leads from which states to which. Pure; `core.moves` is the door."""

from collections.abc import Iterable, Mapping


class Flow:
    """The states of one kind of thing and the verbs between them.

    ``Flow("nomination", initial="draft", submit=({"draft"}, "submitted"), ...)``: each keyword is a verb, its value the
    states it may start from and the state it ends in. A verb that a dash would spell is written with an underscore.
    """

    def __init__(self, name: str, /, *, initial: str, **verbs: tuple[Iterable[str], str]) -> None:
        self.name = name
        self.initial = initial
        self.verbs: Mapping[str, tuple[frozenset[str], str]] = {v: (frozenset(o), t) for v, (o, t) in verbs.items()}

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, the initial one first, then by name."""
        named = {s for origins, target in self.verbs.values() for s in (*origins, target)} - {self.initial}
        return (self.initial, *sorted(named))

    def __getitem__(self, verb: str) -> tuple[frozenset[str], str]:
        return self.verbs[verb]

    def may(self, state: str, verb: str) -> bool:
        """Whether the verb starts from this state."""
        return state in self.verbs[verb][0]

    def from_state(self, state: str) -> list[str]:
        """The verbs that start from this state, by name."""
        return sorted(v for v, (origins, _) in self.verbs.items() if state in origins)

    def check(self, column: str = "state") -> str:
        """The SQL condition that only known states fulfill, for a CHECK constraint."""
        return f"{column} IN ({', '.join(repr(s) for s in self.states)})"
