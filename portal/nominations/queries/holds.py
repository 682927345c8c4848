"""Which files the panel has: asked here, answered by a later package that knows (it registers itself on loading)."""

from collections.abc import Callable, Collection

Holder = Callable[[Collection[int]], set[int]]
HOLDERS: list[Holder] = []


def holder(function: Holder) -> Holder:
    """Registers a function that says which of these files reviewers have been given."""
    HOLDERS.append(function)
    return function


def with_panel(file_ids: Collection[int]) -> set[int]:
    """Those of these files that reviewers have been given."""
    return {number for held in HOLDERS for number in held(file_ids)}
