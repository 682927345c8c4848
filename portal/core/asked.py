"""What an address or a form says, read with care: what is not understood counts as not said. Pure."""

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
    return whole(words.get(name, ""))


def whole(said: str) -> int | None:
    """The same of one word: not "²", which is a digit and no number, nor a number that is too long to be read."""
    return int(said) if said.isdecimal() and len(said) < 10 else None
