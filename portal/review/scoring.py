"""The arithmetic of one review: its score, how much of the weight it judged, and what it still lacks. Pure."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Judged:
    """One criterion as a reviewer left it: nothing yet (level None), a level from 1 up, or "cannot judge"."""

    key: str
    weight: float
    level: int | None = None
    cannot_judge: bool = False
    evidence: str = ""

    @property
    def answered(self) -> bool:
        """Whether a level or "cannot judge" was chosen."""
        return self.level is not None or self.cannot_judge

    def mark(self) -> str:
        """A short digest of the answer: a window that sends back what it was given changed nothing."""
        return f"{zlib.crc32(f'{self.level}|{self.cannot_judge}|{self.evidence}'.encode()):08x}"


@dataclass(frozen=True)
class Total:
    """`score`: weighted mean level of what was judged, None when nothing was. Shares of the whole weight, 0 to 1."""

    score: float | None
    judged: float
    cannot_judge: float
    to_do: float


def total(criteria: Iterable[Judged]) -> Total:
    """The weighted mean over what was judged; weights renormalize, so "cannot judge" costs nothing."""
    listed = list(criteria)
    whole = sum(c.weight for c in listed)
    if whole <= 0:
        return Total(None, 0.0, 0.0, 0.0)
    judged = sum(c.weight for c in listed if c.level is not None)
    left_out = sum(c.weight for c in listed if c.cannot_judge)
    points = sum(c.weight * c.level for c in listed if c.level is not None)
    return Total(
        score=points / judged if judged else None,
        judged=judged / whole,
        cannot_judge=left_out / whole,
        to_do=(whole - judged - left_out) / whole,
    )


@dataclass(frozen=True)
class Lacks:
    """What keeps a review from being handed in: keys of criteria without an answer, levels without a line of evidence,
    and whether too little of the weight was judged."""

    answer: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    too_little: bool = False

    def __bool__(self) -> bool:
        return bool(self.answer or self.evidence or self.too_little)


def lacks(criteria: Iterable[Judged], least_percent: float = 60) -> Lacks:
    """What is missing before submitting: every criterion answered, each level with its evidence, and at least
    `least_percent` of the weight judged (science.md, Ranking: refused below)."""
    listed = list(criteria)
    answer = tuple(c.key for c in listed if c.level is None and not c.cannot_judge)
    evidence = tuple(c.key for c in listed if c.level is not None and not c.evidence.strip())
    # A share that is 60 % on paper must not fail by a rounding in the last bit.
    too_little = not answer and total(listed).judged * 100 < least_percent - 1e-9
    return Lacks(answer, evidence, too_little)
