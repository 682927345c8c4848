"""What a plan is worked out from, as plain values; its digest tells whether anything changed since. Pure."""

import hashlib
import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class FileIn:
    """A file to read. `anchor`: read by everybody who may."""

    id: int
    district_id: int | None = None
    anchor: bool = False


@dataclass(frozen=True)
class ReaderIn:
    """Somebody who reads, at most so many files in all."""

    person_id: int
    max_load: int
    district_id: int | None = None
    past_winner: bool = False


@dataclass(frozen=True)
class HeldIn:
    """What is assigned now. `locked`: begun or scored, so it is never moved."""

    assignment_id: int
    file_id: int
    person_id: int
    locked: bool


@dataclass(frozen=True)
class PlanInput:
    """Files and readers in order of their ids; `barred` (file, person): in conflict, or had it before and left it."""

    files: list[FileIn]
    readers: list[ReaderIn]
    barred: list[tuple[int, int]] = field(default_factory=list)
    held: list[HeldIn] = field(default_factory=list)
    need: int = 3  # readers a file
    past_winners: int = 0  # of whom at least so many have won before
    usual_load: int = 12

    def digest(self) -> str:
        """Equal for equal input."""
        body = asdict(self)
        # Opening a file changes no plan, but for one that would have moved it: the release looks at that again.
        body["held"] = [[h["assignment_id"], h["file_id"], h["person_id"]] for h in body["held"]]
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
