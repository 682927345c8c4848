"""The classes of winners that have been announced, newest first."""

from dataclasses import dataclass

from portal.programs.models import Program


@dataclass(frozen=True)
class Winner:
    """One person as the public reads them."""

    name: str
    about: str
    url: str | None = None


@dataclass(frozen=True)
class WinnerClass:
    """The winners of one announced cycle. `count` also counts those who do not wish to be named."""

    year: str
    count: int
    url: str | None
    winners: tuple[Winner, ...] = ()


def winner_classes(program: Program) -> list[WinnerClass]:
    return []
