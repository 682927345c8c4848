"""What the clients asked for and what they were told, written down as it happened: what the check compares with."""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Sent:
    """One nomination as its nominator knows it."""

    educator: str
    address: str
    public_id: str = ""  # known once the draft has begun
    kept: dict[str, str] = field(default_factory=dict)  # the fields of the steps that were answered
    receipt: str = ""  # the code on the page after sending: from here on it is acknowledged


@dataclass
class Serial:
    """A counter that only one client raises: how far it asked, and how far it was answered."""

    asked: int = 0
    answered: int = 0


@dataclass
class Ledger:
    """Everything asked and acknowledged; several threads write."""

    nominations: list[Sent] = field(default_factory=list)
    scores: dict[tuple[str, str], Serial] = field(default_factory=lambda: defaultdict(Serial))  # assignment, criterion
    handed_in: dict[str, Serial] = field(default_factory=lambda: defaultdict(Serial))  # by assignment
    counts: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def surprise(self, sentence: str) -> None:
        """Notes an answer that nobody should get."""
        with self.lock:
            self.surprises.append(sentence)

    @property
    def acknowledged(self) -> list[Sent]:
        """The nominations whose receipt was shown."""
        with self.lock:
            return [sent for sent in self.nominations if sent.receipt]
