"""What an assignment hands out: pairs with reasons, loads, how readers are linked; or what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from portal.review.assignment.connect import Connectivity

Pair = tuple[int, int]  # (file, reviewer), both by position


class PairReason(StrEnum):
    """Why this reviewer reads this file: the key of a phrase that the caller writes."""

    KEPT = "kept"  # was assigned before and stays
    ONLY_CHOICE = "only_choice"  # the file has no more eligible readers than it needs
    BEST_MATCH = "best_match"  # among the file's best eligible matches
    GOOD_MATCH = "good_match"  # above the middle of the file's eligible matches
    EVEN_LOAD = "even_load"  # free to read: keeps loads even and mixes readers


@dataclass(frozen=True, slots=True)
class Floor:
    """The least match any new pair has, raised before the total. None of it applies when `level` is None."""

    level: float | None  # every new pair has at least this affinity
    worst_pair: float | None  # the smallest affinity among all pairs
    worst_file: float | None  # the smallest mean affinity of a file's readers


@dataclass(slots=True)
class Assignment:
    """Who reads what. Files and reviewers are positions in the affinity matrix that came in."""

    pairs: list[Pair]  # sorted by file, then reviewer
    total: float  # sum of the affinities of the pairs
    loads: list[int]  # files per reviewer, kept pairs included
    floor: Floor
    reasons: dict[Pair, PairReason]
    components: int
    connectivity: Connectivity
    load_min: list[int] = field(default_factory=list)  # bounds in force after balancing
    load_max: list[int] = field(default_factory=list)
    gap: float = 0.0  # bound on what the linear program may lie under its optimum, as a share; 0 = proven best
    seed: int = 0

    def readers(self, file: int) -> list[int]:
        """Reviewers of one file."""
        return [reviewer for at, reviewer in self.pairs if at == file]


class Infeasible(ValueError):
    """No assignment keeps all the rules; the closest one breaks them as told here.

    `missing` maps each file to the number of readers it lacks under the present loads and conflicts; `missing_reviews`
    is their sum and `missing_readers` how many more people at the usual load would fill it. `too_few_eligible` maps
    files to how many people may read them at all, where that is fewer than needed: no load cures it. `needed_load_max`
    is the smallest maximum load at which it works (None: none does). `short_reviewers` maps reviewers to the number of
    files by which their minimum load cannot be met; `promised` is the sum of the minimums against `slots` to fill and
    `capacity`, the sum of the maximums.
    """

    def __init__(
        self,
        *,
        missing: dict[int, int],
        missing_readers: int,
        too_few_eligible: dict[int, int],
        needed_load_max: int | None,
        short_reviewers: dict[int, int],
        slots: int,
        capacity: int,
        promised: int,
    ) -> None:
        self.missing = missing
        self.missing_reviews = sum(missing.values())
        self.missing_readers = missing_readers
        self.too_few_eligible = too_few_eligible
        self.needed_load_max = needed_load_max
        self.short_reviewers = short_reviewers
        self.slots = slots
        self.capacity = capacity
        self.promised = promised
        super().__init__(
            f"No assignment keeps all rules: {self.missing_reviews} reviews have no reader, "
            f"{len(short_reviewers)} reviewers cannot reach their minimum."
        )
