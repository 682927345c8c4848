"""How alike two texts are, and a small sketch by which alike ones find each other. Pure.

A text is the set of its runs of five words (shingles), folded: case, accents and signs do not count. A sketch is the
few smallest hashes of that set: of two texts that share most of their runs, the sketches share most of their numbers
(bottom-k sampling; A. Broder, "On the resemblance and containment of documents", 1997).
"""

from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b

from portal.core.names import fold

RUN = 5  # words: shorter runs ("one of the") stand in every text
KEPT = 24  # numbers of a sketch
SHARED = 3  # numbers that two sketches must share before their texts are compared
SHORTEST = 12  # words below which a text says too little to be compared


@lru_cache(maxsize=512)  # a story that many copy is compared with each of them
def shingles(text: str) -> frozenset[int]:
    """The text's runs of five words as 63-bit numbers; empty for a text of fewer than 12 words."""
    words = fold(text).split()
    if len(words) < SHORTEST:
        return frozenset()
    runs = (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    return frozenset(int.from_bytes(blake2b(run.encode(), digest_size=8).digest()) >> 1 for run in runs)


def sketch(runs: Collection[int]) -> list[int]:
    """The 24 smallest of the numbers, ascending."""
    return sorted(runs)[:KEPT]


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of the shorter text that stands in the other (0 to 1); 0 when either is too short to say."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0
