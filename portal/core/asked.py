"""The words of an address that asks for a list, read with care: what is not understood counts as not said. Pure."""

from collections.abc import Container, Mapping

LONGEST = 200  # characters of a search; more than any name


def text(words: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """What was typed, without the spaces around it."""
    return words.get(name, "").strip()[:longest]


def one_of(words: Mapping[str, str], name: str, known: Container[str], usual: str = "") -> str:
    """The word if it is a known one, else the usual one."""
    said = words.get(name, "")
    return said if said in known else usual


def number(words: Mapping[str, str], name: str) -> int | None:
    """A whole number that fits into a column of the database; None for anything else."""
    said = words.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 10 else None
