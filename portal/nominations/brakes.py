"""How fast nominations may be sent: whoever is too fast waits a little and then sends; nothing is dropped. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

LONGEST = 300  # seconds that anybody is asked to wait
UNPROVEN = 60  # seconds for a browser that could not calculate its proof


@dataclass(frozen=True)
class Wait:
    """How many seconds to wait, and why: "soon", "network", "address" or "proof"."""

    seconds: int
    why: str


def wait(
    begun: datetime, at: datetime, by_network: int, by_address: int, *,
    least_seconds: int, network_an_hour: int, address_an_hour: int, proof_is_missing: bool = False,
) -> Wait | None:  # fmt: skip
    """What whoever sends now is asked to wait for; None when they may send.

    `by_network`, `by_address`: nominations sent within the last hour. Past a limit each further one waits longer:
    five seconds more in a network, twenty by an address, five minutes at the most.
    """
    left = least_seconds - int((at - begun).total_seconds())
    found = [
        Wait(left, "soon"),
        Wait(_beyond(by_network, network_an_hour, 5), "network"),
        Wait(_beyond(by_address, address_an_hour, 20), "address"),
        Wait(UNPROVEN if proof_is_missing else 0, "proof"),
    ]
    longest = max(found, key=lambda each: each.seconds)
    return longest if longest.seconds > 0 else None


def _beyond(count: int, limit: int, step: int) -> int:
    return min(LONGEST, step * (count - limit + 1)) if count >= limit else 0


def until(at: datetime, asked: Wait) -> datetime:
    """The moment from which the nomination may be sent."""
    return at + timedelta(seconds=asked.seconds)


def proves(challenge: str, answer: str, bits: int) -> bool:
    """Whether SHA-256 over challenge and answer begins with so many zero bits (Hashcash; A. Back, 2002)."""
    if not answer.isalnum() or len(answer) > 20:
        return False
    digest = int.from_bytes(sha256(f"{challenge}:{answer}".encode()).digest())
    return digest >> (256 - bits) == 0
